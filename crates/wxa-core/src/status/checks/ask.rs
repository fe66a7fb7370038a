//! Does what a check says.
use super::{
    Answer, Ask, Asked,
    dial::{Inside, dial},
    http::{self, Expected},
    login,
    tls::{self, Tls},
};
use crate::{Clock, inventory::Inventory};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use wxa_model::status::{CheckKind, Standing};

/// How long a check may take, all redirects included.
const TIMEOUT: Duration = Duration::from_secs(10);
const DAY_MS: u64 = 86_400_000;

/// Asks over the network, and the inventory.
pub(super) struct Asker {
    clock: Arc<dyn Clock>,
    inventory: Inventory,
    tls: Option<Tls>,
    timeout: Duration,
}

impl Asker {
    /// With the authorities that this machine trusts.
    pub fn new(clock: Arc<dyn Clock>, inventory: Inventory) -> Self {
        Self {
            clock,
            inventory,
            tls: Tls::system(),
            timeout: TIMEOUT,
        }
    }

    async fn certificate(&self, host: &str, port: u16, days: u16, inside: Inside) -> Result<Answer, Answer> {
        let tls = self.tls.as_ref().ok_or_else(|| {
            Answer::unknown(
                "This machine has no list of authorities that it trusts: install ca-certificates.",
            )
        })?;
        let stream = tls.begin(host, dial(host, port, inside).await?).await?;
        let until = tls::valid_until(&stream)
            .ok_or_else(|| Answer::down(format!("The certificate of {host} cannot be read.")))?;
        let left = until.since(self.clock.now()) / DAY_MS;
        let why = match left {
            0 => "Its certificate ends within a day.".to_owned(),
            1 => "Its certificate is valid for one more day.".to_owned(),
            _ => format!("Its certificate is valid for {left} more days."),
        };
        let standing = match left < u64::from(days) {
            true => Standing::Degraded,
            false => Standing::Up,
        };
        Ok(Answer::new(standing, why))
    }
}

#[async_trait]
impl Ask for Asker {
    async fn ask(&self, Asked { check, vms, .. }: &Asked) -> Answer {
        let inside = match check.may_go_inside {
            true => Inside::Allowed,
            false => Inside::Refused,
        };
        let asking = async {
            match &check.kind {
                CheckKind::Tcp { host, port } => match dial(host, *port, inside).await {
                    Ok(_) => Answer::up(format!("It accepts connections to port {port}.")),
                    Err(answer) => answer,
                },
                CheckKind::Http { url, status, text } => {
                    let (status, text) = (*status, text.as_deref());
                    http::get(url, Expected { status, text }, inside, self.tls.as_ref()).await
                }
                CheckKind::Certificate { host, port, days } => self
                    .certificate(host, *port, *days, inside)
                    .await
                    .unwrap_or_else(|answer| answer),
                CheckKind::Login => login::answer(&self.inventory.now(), vms),
            }
        };
        // Who does not even take the connection is given up sooner.
        timeout(self.timeout, asking).await.unwrap_or_else(|_| {
            Answer::down(format!("It does not answer within {} s.", self.timeout.as_secs()))
        })
    }
}

#[cfg(test)]
mod tests;
