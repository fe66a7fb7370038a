//! Starts a simulated pool to be tried with any XAPI client, says where it is as one line of JSON, and ends with Control-C
//! or SIGTERM.
#![allow(clippy::print_stdout)]

use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use wxa_sim::sentinels;
use wxa_sim::xapi::{Life, PoolConfig, SimPool};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut config = PoolConfig::new("lab", 7);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|text| text.parse().ok());
        match (word.as_str(), number) {
            ("--hosts", Some(hosts)) => config.hosts = hosts,
            ("--vms", Some(vms)) => config.vms = vms,
            ("--seed", Some(seed)) => config.seed = seed as u64,
            ("--busy", _) => config.life = Life::Busy,
            _ => {
                return Err(std::io::Error::other(
                    "usage: pool [--hosts N] [--vms N] [--seed N] [--busy 1]",
                ));
            }
        }
    }
    config.named_vms = vec![
        sentinels::REFUSES_START.to_owned(),
        sentinels::SLOW_START.to_owned(),
    ];
    let pool = SimPool::start(config).await?;
    let said = json!({
        "https": pool.tls_address(0).map(|address| format!("https://{address}")),
        "http": pool.http_address(0).map(|address| format!("http://{address}")),
        "user": "root",
        "password": "xen",
        "fingerprint": pool.fingerprint(),
    });
    println!("{said}");
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        stop = tokio::signal::ctrl_c() => stop?,
    }
    pool.stop().await;
    Ok(())
}
