//! The handshake with a screen, of which we are the client: versions, security, sizes. Always shared, so that nobody else is thrown out.
use super::{NONE, Unusable, VERSION, number};
use bytes::{Bytes, BytesMut};

/// The longest reason that a screen may give for letting nobody in.
const REASON: usize = 4 << 10;
/// The longest name of a screen.
const NAME: usize = 64 << 10;
/// ServerInit before the name: width, height, how pixels are, the name's length.
const INIT: usize = 24;

/// A handshake under way. Whatever it asks to be said is said before more is fed.
#[derive(Debug)]
pub struct Opening {
    state: State,
    held: BytesMut,
}

/// An open screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its ServerInit.
    pub init: Bytes,
    /// What it sent after that.
    pub rest: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Version,
    /// RFB 3.3: the screen decides.
    Decided,
    Offered {
        has_result: bool,
    },
    Result,
    Reason,
    Init,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            state: State::Version,
            held: BytesMut::new(),
        }
    }
}

impl Opening {
    /// Takes what the screen sent, and returns what to say to it.
    ///
    /// # Errors
    /// When it is no screen, asks for a password, or lets nobody in.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
        self.held.extend_from_slice(bytes);
        let mut say = Vec::new();
        while self.step(&mut say)? {}
        Ok(say)
    }

    /// The open screen, once it is open.
    pub fn opened(&mut self) -> Option<Opened> {
        if self.state != State::Init || self.held.len() < INIT {
            return None;
        }
        let whole = INIT + usize::try_from(number(&self.held, 20, 4)).ok()?;
        if self.held.len() < whole {
            return None;
        }
        let init = self.held.split_to(whole).freeze();
        let rest = self.held.split().freeze();
        Some(Opened { init, rest })
    }

    /// One step; whether there may be another.
    fn step(&mut self, say: &mut Vec<u8>) -> Result<bool, Unusable> {
        match self.state {
            State::Version => {
                let Some(said) = self.take(12) else {
                    return Ok(false);
                };
                self.state = version(&said, say)?;
            }
            State::Decided => {
                let Some(kind) = self.take(4) else {
                    return Ok(false);
                };
                match number(&kind, 0, 4) {
                    0 => self.state = State::Reason,
                    1 => self.greeted(say),
                    other => return Err(locked(&[u8::try_from(other).unwrap_or(u8::MAX)])),
                }
            }
            State::Offered { has_result } => {
                let Some(count) = self.held.first().map(|count| usize::from(*count)) else {
                    return Ok(false);
                };
                let Some(kinds) = self.take(1 + count) else {
                    return Ok(false);
                };
                match kinds.get(1..).unwrap_or_default() {
                    [] => self.state = State::Reason,
                    kinds if kinds.contains(&NONE) => {
                        say.push(NONE);
                        match has_result {
                            true => self.state = State::Result,
                            false => self.greeted(say),
                        }
                    }
                    kinds => return Err(locked(kinds)),
                }
            }
            State::Result => {
                let Some(result) = self.take(4) else {
                    return Ok(false);
                };
                match number(&result, 0, 4) {
                    0 => self.greeted(say),
                    _ => self.state = State::Reason,
                }
            }
            State::Reason => {
                if self.held.len() < 4 {
                    return Ok(false);
                }
                let len = usize::try_from(number(&self.held, 0, 4)).unwrap_or(usize::MAX);
                if self.held.len() < 4 + len.min(REASON) {
                    return Ok(false);
                }
                let said = self.held.get(4..4 + len.min(REASON)).map(String::from_utf8_lossy);
                return Err(Unusable::new(format!(
                    "The screen lets nobody in: {}",
                    plain(&said.unwrap_or_default())
                )));
            }
            State::Init => {
                let name = usize::try_from(number(&self.held, 20, 4)).unwrap_or(usize::MAX);
                return match self.held.len() >= INIT && name > NAME {
                    true => Err(Unusable::new(format!("The screen's name has {name} bytes."))),
                    false => Ok(false),
                };
            }
        }
        Ok(true)
    }

    /// We were let in: ClientInit, shared.
    fn greeted(&mut self, say: &mut Vec<u8>) {
        say.push(1);
        self.state = State::Init;
    }

    fn take(&mut self, count: usize) -> Option<Bytes> {
        (self.held.len() >= count).then(|| self.held.split_to(count).freeze())
    }
}

/// Agrees on a version: ours, or an older one of theirs.
fn version(said: &[u8], say: &mut Vec<u8>) -> Result<State, Unusable> {
    let digits = |from, to| {
        let text = said
            .get(from..to)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        text.and_then(|text| text.parse::<u16>().ok())
    };
    let shaped = said.starts_with(b"RFB ") && said.get(7) == Some(&b'.') && said.ends_with(b"\n");
    let (Some(major), Some(minor), true) = (digits(4, 7), digits(8, 11), shaped) else {
        return Err(Unusable::new(
            "What the host sends is no screen: it does not begin as RFB does.",
        ));
    };
    let (version, next): (&[u8; 12], _) = match (major, minor) {
        (..3, _) => return Err(Unusable::new(format!("The screen speaks RFB {major}.{minor}."))),
        (3, ..7) => (b"RFB 003.003\n", State::Decided),
        (3, 7) => (b"RFB 003.007\n", State::Offered { has_result: false }),
        _ => (VERSION, State::Offered { has_result: true }),
    };
    say.extend_from_slice(version);
    Ok(next)
}

fn locked(kinds: &[u8]) -> Unusable {
    let kinds: Vec<String> = kinds.iter().take(8).map(u8::to_string).collect();
    Unusable::new(format!(
        "The screen asks for a password that is not known here (security type {}).",
        kinds.join(", ")
    ))
}

/// Words of a host for people: one line, not long.
fn plain(said: &str) -> String {
    let shown = said.chars().map(|c| if c.is_control() { ' ' } else { c });
    let shown: String = shown.take(300).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INIT: &[u8] = b"\x02\x80\x01\x90\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x03web";

    fn fed(pieces: &[&[u8]]) -> Result<(Vec<u8>, Option<Opened>), Unusable> {
        let mut opening = Opening::default();
        let mut said = Vec::new();
        for piece in pieces {
            said.extend(opening.feed(piece)?);
        }
        let opened = opening.opened();
        Ok((said, opened))
    }

    #[test]
    fn each_version_of_a_screen_is_opened_and_shared() {
        let init = || {
            Some(Opened {
                init: Bytes::from_static(INIT),
                rest: Bytes::from_static(b"\0\0"),
            })
        };
        let rest = [INIT, b"\0\0"].concat();
        let newest = fed(&[b"RFB 003.008\n", b"\x02\x02\x01", b"\0\0\0\0", &rest]).unwrap();
        assert_eq!(newest, (b"RFB 003.008\n\x01\x01".to_vec(), init()));
        let older = fed(&[b"RFB 003.007\n", b"\x01\x01", &rest]).unwrap();
        assert_eq!(older, (b"RFB 003.007\n\x01\x01".to_vec(), init()));
        let oldest = fed(&[b"RFB 003.003\n", b"\0\0\0\x01", &rest]).unwrap();
        assert_eq!(oldest, (b"RFB 003.003\n\x01".to_vec(), init()));
        let newer = fed(&[b"RFB 004.001\n", b"\x01\x01", b"\0\0\0\0", &rest]).unwrap();
        assert_eq!(newer.1, init());
    }

    #[test]
    fn whoever_is_no_screen_or_lets_nobody_in_is_told_in_words() {
        let why = |pieces: &[&[u8]]| fed(pieces).unwrap_err().to_string();
        assert_eq!(
            why(&[b"HTTP/1.1 200"]),
            "What the host sends is no screen: it does not begin as RFB does."
        );
        assert_eq!(
            why(&[b"RFB 003.008\n", b"\x02\x02\x13"]),
            "The screen asks for a password that is not known here (security type 2, 19)."
        );
        assert_eq!(
            why(&[b"RFB 003.008\n", b"\0", b"\0\0\0\x09too\nmany!"]),
            "The screen lets nobody in: too many!"
        );
        assert_eq!(
            why(&[b"RFB 003.003\n", b"\0\0\0\0", b"\0\0\0\x02no"]),
            "The screen lets nobody in: no"
        );
        let mut lie = INIT.to_vec();
        lie[20] = 0xff;
        assert_eq!(
            why(&[b"RFB 003.008\n\x01\x01\0\0\0\0", &lie]),
            "The screen's name has 4278190083 bytes."
        );
    }

    proptest! {
        #[test]
        fn it_is_the_same_however_the_bytes_are_cut(at in 0_usize..52) {
            let all = [&b"RFB 003.008\n\x01\x01\0\0\0\0"[..], INIT, b"\0\0"].concat();
            let (first, second) = all.split_at(at.min(all.len()));
            prop_assert_eq!(fed(&[first, second]), fed(&[&all]));
        }

        #[test]
        fn whatever_comes_it_holds_no_more_than_a_screen_may_say(pieces in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 0..300), 0..9)) {
            let mut opening = Opening::default();
            for piece in &pieces {
                if opening.feed(piece).is_err() {
                    return Ok(());
                }
            }
        }
    }
}
