//! Until when TLS certificates are good: our own, and those of pools.
use super::Finding;
use std::time::{Duration, SystemTime};
use wxa_model::UnixMillis;

use crate::{Config, tls::Source};

/// An end that is nearer than this is told.
const SOON: Duration = Duration::from_secs(30 * 24 * 3600);

/// The certificate that our own server shows; nothing where TLS is off, or its certificate was not made yet.
pub(super) fn examine(config: &Config) -> Option<Finding> {
    const ABOUT: &str = "certificate";
    let source = Source::from_config(config)?;
    match source.look() {
        Ok(pair) => {
            let ends_at = UnixMillis(u64::try_from(pair.ends_at_s).unwrap_or(0).saturating_mul(1000));
            let advice = match source.is_self_signed() {
                true => {
                    "`systemctl restart webxenadmin`: a new one is made, and browsers must be told its fingerprint"
                }
                false => "renew it; the server takes the new files by itself",
            };
            Some(end(ABOUT, Some(ends_at), now(), advice))
        }
        Err(_) if source.is_self_signed() => None,
        Err(problems) => Some(Finding::bad(ABOUT, problems.to_string(), "put a good one there")),
    }
}

/// By the machine's clock.
pub(super) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixMillis(since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)))
}

/// How it stands with a certificate that ends then.
pub(super) fn end(about: &str, ends_at: Option<UnixMillis>, now: UnixMillis, advice: &str) -> Finding {
    let Some(ends_at) = ends_at else {
        return Finding::note(about, "its certificate does not say until when it is good", "");
    };
    let left = Duration::from_millis(ends_at.since(now));
    let days = left.as_secs() / (24 * 3600);
    match () {
        () if left.is_zero() => Finding::bad(about, "its certificate has ended", advice),
        () if left < SOON => Finding::note(
            about,
            format!(
                "its certificate ends in {days} {}",
                if days == 1 { "day" } else { "days" }
            ),
            advice,
        ),
        () => Finding::good(about, format!("its certificate is good for {days} days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Grade;

    #[test]
    fn a_certificate_that_ends_within_a_month_is_told() {
        const DAY: u64 = 24 * 3600 * 1000;
        let now = UnixMillis(100 * DAY);
        let found = |days: u64| end("pool lab", Some(UnixMillis(days * DAY)), now, "renew it");
        assert_eq!(found(131).grade, Grade::Good);
        let soon = found(129);
        assert_eq!(
            (soon.grade, soon.says.as_str()),
            (Grade::Note, "its certificate ends in 29 days")
        );
        assert_eq!(soon.advice, "renew it");
        assert_eq!(found(100).grade, Grade::Bad);
        assert_eq!(end("pool lab", None, now, "").grade, Grade::Note);
    }
}
