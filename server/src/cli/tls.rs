//! `webxenadmin tls`: the certificate that the server would show, and what is wrong with it.
use anyhow::bail;

use super::{serve::say, settings::SettingsArgs};
use crate::tls::Source;

pub(super) fn run(args: &SettingsArgs) -> anyhow::Result<()> {
    let config = args.read()?;
    let Some(source) = Source::from_config(&config) else {
        bail!("TLS is off: set tls_cert and tls_key, or tls = \"self-signed\"");
    };
    let pair = source.look()?;
    say(&format!(
        "SHA-256 fingerprint  {}\nfor                  {}\nends                 {}",
        pair.fingerprint,
        pair.names.join(", "),
        pair.ends
    ));
    for warning in &pair.warnings {
        say(&format!("warning: {warning}"));
    }
    Ok(())
}
