//! A console that somebody else holds: `xl console` says so instead of attaching.
use crate::{
    parse::stderr::tidy,
    transport::{Connection, Limits},
};
use bytes::{Bytes, BytesMut};
use wxa_driver::{Error, ErrorKind};

/// How it begins when the lock is taken, and when the domain is not there (any more).
const BEGINNINGS: [&[u8]; 3] = [b"xenconsole: ", b"Could not lock", b"libxl: "];
/// More than this is no complaint of a tool.
const LONGEST: usize = 600;

/// Keeps back the first words while they may be the tool's own rather than the guest's.
#[derive(Debug, Default)]
pub struct Refusal {
    kept: BytesMut,
    decided: bool,
}

impl Refusal {
    /// What may be passed on now.
    pub fn pass(&mut self, data: Bytes) -> Option<Bytes> {
        if self.decided {
            return Some(data);
        }
        self.kept.extend_from_slice(&data);
        let kept = &self.kept[..];
        let may_be = kept.len() < LONGEST
            && BEGINNINGS
                .iter()
                .any(|words| words.starts_with(kept) || kept.starts_with(words));
        if may_be {
            return None;
        }
        self.decided = true;
        Some(self.kept.split().freeze())
    }

    /// At the end: bytes of the guest that were kept back, or the tool's words. A guest cannot make the tool fail with
    /// an exit status, so words alone are not believed.
    pub fn end(&mut self, status: Option<u32>) -> (Option<Bytes>, Option<String>) {
        let kept = self.kept.split().freeze();
        if kept.is_empty() {
            return (None, None);
        }
        match status {
            Some(0) | None => (Some(kept), None),
            Some(_) => (None, Some(tidy(&String::from_utf8_lossy(&kept)))),
        }
    }
}

/// Whether the console is only not there yet: `xl console` began before the host had made it.
pub(super) fn comes_soon(words: &str) -> bool {
    words.contains("Could not read tty from store")
}

/// Says who holds it, where the host can tell.
pub(super) async fn to_error(connection: &Connection, domid: u32, words: &str) -> Error {
    if !words.contains("Could not lock") {
        return Error::new(
            ErrorKind::Refused {
                code: "console".to_owned(),
            },
            format!("The host opens no console: {words}"),
        );
    }
    let lock = format!("/var/lock/xenconsole.{domid}");
    let holder = connection
        .run(&["fuser", &lock], Limits::read(4096))
        .await
        .ok()
        .filter(|output| output.status == Some(0))
        .map(|output| output.text())
        .and_then(|text| text.split_whitespace().next_back().map(str::to_owned))
        .filter(|pid| !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()));
    let mut message = "Somebody else is attached to this console on the host".to_owned();
    if let Some(pid) = holder {
        message.push_str(&format!(" (process {pid})"));
    }
    message.push_str(": only one can be at a time.");
    Error::new(ErrorKind::Busy, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_byte_of_a_guest_is_lost_or_changed(
            chunks in proptest::collection::vec("(xenconsole: |Could not|libxl: |\\PC){0,9}", 0..9),
        ) {
            let mut refusal = Refusal::default();
            let mut passed = Vec::new();
            for chunk in &chunks {
                passed.extend(refusal.pass(Bytes::from(chunk.clone())).unwrap_or_default());
                prop_assert!(refusal.kept.len() <= LONGEST, "more is kept back than a complaint is long");
            }
            passed.extend(refusal.end(Some(0)).0.unwrap_or_default());
            prop_assert_eq!(passed, chunks.concat().into_bytes());
        }
    }

    #[test]
    fn a_guests_output_is_passed_at_once() {
        let mut refusal = Refusal::default();
        assert_eq!(
            refusal.pass(Bytes::from_static(b"[    0.0] Linux")),
            Some(Bytes::from_static(b"[    0.0] Linux"))
        );
        assert_eq!(
            refusal.pass(Bytes::from_static(b"xenconsole: x")),
            Some(Bytes::from_static(b"xenconsole: x"))
        );
    }

    #[test]
    fn a_tools_words_are_kept_until_its_end() {
        let mut refusal = Refusal::default();
        assert_eq!(refusal.pass(Bytes::from_static(b"xen")), None);
        assert_eq!(
            refusal.pass(Bytes::from_static(b"console: Could not lock /x\r\n")),
            None
        );
        assert_eq!(
            refusal.end(Some(11)).1.as_deref(),
            Some("xenconsole: Could not lock /x")
        );
    }

    #[test]
    fn a_guest_that_pretends_gets_its_words_back() {
        let mut refusal = Refusal::default();
        assert_eq!(
            refusal.pass(Bytes::from_static(b"xenconsole: Could not lock")),
            None
        );
        assert_eq!(
            refusal.end(Some(0)).0.as_deref(),
            Some(&b"xenconsole: Could not lock"[..])
        );
    }
}
