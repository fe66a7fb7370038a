//! The host's own delay: from a change in the pool to the answer of `event.from`, without any product in between. A pool gathers
//! events for a while before it answers; that is nobody's fault but its own.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::http::Http;
use crate::pool::{MARKED, PASSWORD, Pool, USER};
use crate::stats::Spread;

/// How long an answer may take.
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Events {
    token: String,
}

/// Changes the pool `each` times in each of `rounds` rounds.
///
/// # Errors
/// When the pool refuses, or a change isn't told.
pub async fn measure(pool: &Pool, rounds: usize, each: usize) -> Result<Spread> {
    let mut http = Http::connect(pool.http_address()?, "").await?;
    let session = call(&mut http, "session.login_with_password", &json!([USER, PASSWORD])).await?;
    let session: String = serde_json::from_str(&session)?;
    let mut token = String::new();
    // Everything there is comes first.
    let mut all = Vec::new();
    for round in 0..rounds {
        let mut of_round = Vec::new();
        for n in 0..each {
            next(&mut http, &session, &mut token, 0.0).await?;
            let name = format!("{MARKED}alone-{round}-{n}");
            // Changed while the pool is being asked, as it is when somebody follows it.
            let changing = async {
                sleep(Duration::from_millis(37 + (n as u64 * 61) % 97)).await;
                pool.change(&name)
            };
            let hearing = async {
                loop {
                    let told = next(&mut http, &session, &mut token, 10.0).await?;
                    if told.contains(&name) {
                        return anyhow::Ok(Instant::now());
                    }
                }
            };
            let (changed, heard) = tokio::join!(changing, timeout(LONGEST, hearing));
            let heard = heard.with_context(|| format!("the pool did not tell of {name}"))??;
            of_round.push(heard - changed);
        }
        all.push(of_round);
    }
    Ok(Spread::of(&all))
}

async fn next(http: &mut Http, session: &str, token: &mut String, patience: f64) -> Result<String> {
    let told = call(
        http,
        "event.from",
        &json!([session, ["vm"], token.as_str(), patience]),
    )
    .await?;
    let events: Events = serde_json::from_str(&told).context("an answer of event.from")?;
    *token = events.token;
    Ok(told)
}

async fn call(http: &mut Http, method: &str, params: &Value) -> Result<String> {
    let asked = json!({ "jsonrpc": "2.0", "method": method, "params": params, "id": 1 });
    let reply = http.post("/jsonrpc", &asked.to_string()).await?;
    ensure!(reply.status == 200, "{method}: {}", reply.status);
    let answer: Answer<'_> = serde_json::from_slice(&reply.body)?;
    let result = answer
        .result
        .with_context(|| format!("{method}: {}", String::from_utf8_lossy(&reply.body)))?;
    Ok(result.get().to_owned())
}
