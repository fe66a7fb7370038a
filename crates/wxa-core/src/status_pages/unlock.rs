//! What a reader's browser keeps after a link's password: signed, so that nothing has to be kept here.
use crate::Core;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wxa_model::UnixMillis;
use wxa_store::StatusLinkRecord;

/// For so long.
const HOURS_12_MS: u64 = 12 * 60 * 60 * 1000;
/// No value of ours is longer.
const CHARS_MOST: usize = 80;

impl Core {
    /// A value for this link with this secret and this password.
    pub(super) fn status_unlocked(&self, link: &StatusLinkRecord, now: UnixMillis) -> String {
        let until = UnixMillis(now.0.saturating_add(HOURS_12_MS));
        let mac = self.unlock_mac(link, until).finalize().into_bytes();
        format!("{}.{}", until.0, URL_SAFE_NO_PAD.encode(mac))
    }

    /// Whether a value was given for this link with this secret and this password, and its time is not over.
    pub(super) fn status_is_unlocked(&self, link: &StatusLinkRecord, value: &str, now: UnixMillis) -> bool {
        if value.len() > CHARS_MOST {
            return false;
        }
        let parts = value.split_once('.');
        let Some((until, mac)) = parts.and_then(|(until, mac)| {
            Some((UnixMillis(until.parse().ok()?), URL_SAFE_NO_PAD.decode(mac).ok()?))
        }) else {
            return false;
        };
        // The comparison takes the same time wherever they differ.
        self.unlock_mac(link, until).verify_slice(&mac).is_ok() && now < until
    }

    fn unlock_mac(&self, link: &StatusLinkRecord, until: UnixMillis) -> Hmac<Sha256> {
        let key = self.inner.sealing_key.derive("status link unlocked v1");
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(key) {
            *to = from;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(link.id.0.as_bytes());
        mac.update(&link.hash);
        mac.update(&until.0.to_be_bytes());
        mac.update(link.password_hash.as_deref().unwrap_or_default().as_bytes());
        mac
    }
}
