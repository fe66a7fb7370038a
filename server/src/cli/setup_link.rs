//! `webxenadmin setup-link`: the link that makes the first administrator.
use secrecy::ExposeSecret;
use wxa_core::Core;

use super::{open, serve, serve::say, settings::SettingsArgs};

/// `webxenadmin setup-link`.
///
/// # Errors
/// When there is an account already, or the data cannot be opened.
pub(super) async fn run(args: &SettingsArgs) -> anyhow::Result<()> {
    let config = args.read()?;
    open::maintaining(&config.data_dir, async |core| {
        if !core.setup_needed().await? {
            anyhow::bail!(
                "there is an account already: `webxenadmin user link NAME` prints a link that signs in"
            );
        }
        print(core, &serve::address(&config, config.listen)).await
    })
    .await
}

/// Prints a new link; those before it are void.
///
/// # Errors
/// When it cannot be kept.
pub(super) async fn print(core: &Core, url: &str) -> anyhow::Result<()> {
    let token = core.setup_token_create().await?;
    say(&format!(
        "There is no administrator yet. Make one here (once, within 24 hours):\n  {url}/setup?token={}",
        token.expose_secret()
    ));
    Ok(())
}
