//! The viewer's side: the handshake with it, of which we are the server, and its messages one by one.
use super::{NONE, Unusable, VERSION, number};
use bytes::{Bytes, BytesMut};

/// Encodings that a viewer may name; noVNC names about thirty.
const ENCODINGS: u32 = 1024;
/// The longest text that goes to a guest's clipboard at once.
const TEXT: u32 = 1 << 20;
/// The longest answer to a fence (its specification).
const FENCE: u32 = 64;

/// What a viewer may do with the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Keys, pointer and clipboard reach the guest.
    Free,
    /// Looks only: of what it sends, only what asks for pictures goes on.
    Tied,
}

/// A viewer's bytes, taken apart into messages. Only whole messages of kinds that are known go on, so that what a tied hand sends cannot
/// be taken for something else by the screen.
#[derive(Debug)]
pub struct Client {
    hand: Hand,
    state: State,
    /// The screen's ServerInit, for the moment in which the viewer is let in.
    init: Bytes,
    held: BytesMut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Version,
    Security,
    Init,
    Messages,
    /// So many bytes of a message are still to come.
    Body {
        left: usize,
        passes: bool,
    },
}

/// What became of a viewer's bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// For the screen.
    pub to_screen: Vec<u8>,
    /// For the viewer.
    pub to_viewer: Vec<u8>,
}

/// A message by its first bytes.
struct Shape {
    /// Its length without what its own head counts.
    head: usize,
    /// What it takes to let it pass.
    needs: Hand,
}

impl Client {
    /// A viewer of a screen with that ServerInit, and what greets it.
    pub fn greet(hand: Hand, init: Bytes) -> (Self, &'static [u8]) {
        let client = Self {
            hand,
            state: State::Version,
            init,
            held: BytesMut::new(),
        };
        (client, VERSION)
    }

    /// Whether the handshake is over: pictures may follow.
    pub fn is_in(&self) -> bool {
        matches!(self.state, State::Messages | State::Body { .. })
    }

    /// Takes what the viewer sent.
    ///
    /// # Errors
    /// When it is not RFB, or more than a viewer may send.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Fed, Unusable> {
        self.held.extend_from_slice(bytes);
        let mut fed = Fed::default();
        while self.step(&mut fed)? {}
        Ok(fed)
    }

    fn step(&mut self, fed: &mut Fed) -> Result<bool, Unusable> {
        match self.state {
            State::Version => {
                let Some(said) = self.take(VERSION.len()) else {
                    return Ok(false);
                };
                if said[..] != VERSION[..] {
                    return Err(Unusable::new("A viewer must speak RFB 3.8."));
                }
                // One way in, which asks for nothing: the session of the socket is the key.
                fed.to_viewer.extend_from_slice(&[1, NONE]);
                self.state = State::Security;
            }
            State::Security => {
                let Some(kind) = self.take(1) else {
                    return Ok(false);
                };
                if kind[..] != [NONE] {
                    return Err(Unusable::new("This security type was not offered."));
                }
                fed.to_viewer.extend_from_slice(&[0; 4]);
                self.state = State::Init;
            }
            State::Init => {
                // Whether it would share makes no difference: it does.
                if self.take(1).is_none() {
                    return Ok(false);
                }
                fed.to_viewer.extend_from_slice(&std::mem::take(&mut self.init));
                self.state = State::Messages;
            }
            State::Messages => return self.message(fed),
            State::Body { left, passes } => {
                let piece = self.held.split_to(left.min(self.held.len()));
                if passes {
                    fed.to_screen.extend_from_slice(&piece);
                }
                let left = left - piece.len();
                self.state = match left {
                    0 => State::Messages,
                    left => State::Body { left, passes },
                };
                return Ok(left == 0);
            }
        }
        Ok(true)
    }

    fn message(&mut self, fed: &mut Fed) -> Result<bool, Unusable> {
        let Some(shape) = shape(&self.held)? else {
            return Ok(false);
        };
        if self.held.len() < shape.head {
            return Ok(false);
        }
        let left = body(&self.held)?;
        let head = self.held.split_to(shape.head);
        let passes = shape.needs == Hand::Tied || self.hand == Hand::Free;
        if passes {
            fed.to_screen.extend_from_slice(&head);
        }
        self.state = State::Body { left, passes };
        Ok(true)
    }

    fn take(&mut self, count: usize) -> Option<Bytes> {
        (self.held.len() >= count).then(|| self.held.split_to(count).freeze())
    }
}

/// What kind of message begins here; none when its first bytes do not tell yet.
fn shape(held: &[u8]) -> Result<Option<Shape>, Unusable> {
    let looks = |head| {
        Ok(Some(Shape {
            head,
            needs: Hand::Tied,
        }))
    };
    let acts = |head| {
        Ok(Some(Shape {
            head,
            needs: Hand::Free,
        }))
    };
    match held {
        // SetPixelFormat, SetEncodings, FramebufferUpdateRequest.
        [0, ..] => looks(20),
        [2, ..] => looks(4),
        [3, ..] => looks(10),
        // EnableContinuousUpdates and ClientFence pace pictures.
        [150, ..] => looks(10),
        [248, ..] => looks(9),
        // KeyEvent; PointerEvent, longer where it is about more than seven buttons; ClientCutText.
        [4, ..] => acts(8),
        [5, buttons, ..] if *buttons & 0x80 != 0 => acts(7),
        [5, _, ..] => acts(6),
        [6, ..] => acts(8),
        // xvp (switches the machine off), SetDesktopSize, QEMU's extended key event.
        [250, ..] => acts(4),
        [251, ..] => acts(8),
        [255, 0, ..] => acts(12),
        [] | [5 | 255] => Ok(None),
        [kind, ..] => Err(Unusable::new(format!("A viewer sends no message {kind}."))),
    }
}

/// How much follows the head of a message.
fn body(head: &[u8]) -> Result<usize, Unusable> {
    let (len, most) = match head {
        [2, ..] => (number(head, 2, 2), ENCODINGS),
        // A negative length is that of an extended clipboard's message.
        [6, ..] => (number(head, 4, 4).cast_signed().unsigned_abs(), TEXT),
        [248, ..] => (number(head, 8, 1), FENCE),
        [251, ..] => (number(head, 6, 1), u32::MAX),
        _ => (0, 0),
    };
    if len > most {
        return Err(Unusable::new(format!(
            "A viewer's message counts {len}, more than {most}."
        )));
    }
    let each = match head {
        [2, ..] => 4,
        [251, ..] => 16,
        _ => 1,
    };
    Ok(usize::try_from(len).unwrap_or(usize::MAX).saturating_mul(each))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HANDSHAKE: &[u8] = b"RFB 003.008\n\x01\x00";
    const INIT: &[u8] = b"the screen's ServerInit";
    const KEY: &[u8] = &[4, 1, 0, 0, 0, 0, 0, 0x61];
    const QEMU_KEY: &[u8] = &[255, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 0x1e];
    const POINTER: &[u8] = &[5, 1, 0, 3, 0, 4];
    const BUTTONS: &[u8] = &[5, 0x80, 0, 3, 0, 4, 1];
    const TEXT: &[u8] = &[6, 0, 0, 0, 0, 0, 0, 3, b'a', b'b', b'c'];
    const CLIPBOARD: &[u8] = &[6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 2, 0, 0, 0];
    const OFF: &[u8] = &[250, 0, 1, 2];
    const SIZE: &[u8] = &[
        251, 0, 2, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0,
    ];
    const REQUEST: &[u8] = &[3, 1, 0, 0, 0, 0, 2, 0x80, 1, 0x90];
    const ENCODINGS: &[u8] = &[2, 0, 0, 2, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0x21];
    const FENCE: &[u8] = &[248, 0, 0, 0, 0x80, 0, 0, 0, 2, 9, 9];
    const FLOWS: &[u8] = &[150, 1, 0, 0, 0, 0, 2, 0x80, 1, 0x90];

    fn client(hand: Hand) -> Client {
        let (mut client, greeting) = Client::greet(hand, Bytes::from_static(INIT));
        assert_eq!(greeting, b"RFB 003.008\n");
        assert!(!client.is_in());
        let fed = client.feed(HANDSHAKE).unwrap();
        assert_eq!(fed.to_viewer, [&b"\x01\x01\0\0\0\0"[..], INIT].concat());
        assert!(fed.to_screen.is_empty() && client.is_in());
        client
    }

    fn everything() -> Vec<u8> {
        let pixels = [&[0; 4][..], &[9; 16]].concat();
        [
            KEY, REQUEST, QEMU_KEY, &pixels, POINTER, BUTTONS, ENCODINGS, TEXT, FLOWS, CLIPBOARD, OFF, FENCE,
            SIZE, REQUEST,
        ]
        .concat()
    }

    #[test]
    fn who_may_only_look_cannot_type_point_or_paste_and_sees_the_picture() {
        let fed = client(Hand::Tied).feed(&everything()).unwrap();
        let pixels = [&[0; 4][..], &[9; 16]].concat();
        let wanted = [REQUEST, &pixels, ENCODINGS, FLOWS, FENCE, REQUEST].concat();
        assert_eq!(fed.to_screen, wanted);
    }

    #[test]
    fn a_free_hands_messages_arrive_as_they_were_sent() {
        let fed = client(Hand::Free).feed(&everything()).unwrap();
        assert_eq!(fed.to_screen, everything());
    }

    #[test]
    fn a_key_inside_of_something_harmless_does_not_get_through() {
        // A fence whose payload looks like a key goes on as a fence, whole; a text whose payload does is dropped, whole.
        let fence = [&[248, 0, 0, 0, 0, 0, 0, 0, 8][..], KEY].concat();
        let text = [&[6, 0, 0, 0, 0, 0, 0, 8][..], KEY].concat();
        let fed = client(Hand::Tied)
            .feed(&[&text[..], &fence, KEY].concat())
            .unwrap();
        assert_eq!(fed.to_screen, fence);
    }

    #[test]
    fn what_no_viewer_sends_ends_the_session() {
        let refused = |bytes: &[u8]| client(Hand::Free).feed(bytes).unwrap_err().to_string();
        assert_eq!(refused(&[7]), "A viewer sends no message 7.");
        assert_eq!(refused(&[255, 1, 0, 0]), "A viewer sends no message 255.");
        assert_eq!(
            refused(&[6, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]),
            "A viewer's message counts 2147483647, more than 1048576."
        );
        assert!(refused(&[2, 0, 0xff, 0xff]).contains("65535"));
        let (mut client, _) = Client::greet(Hand::Free, Bytes::new());
        assert!(client.feed(b"RFB 003.003\n").is_err());
    }

    proptest! {
        #[test]
        fn it_is_the_same_however_the_bytes_are_cut(cuts in proptest::collection::vec(1_usize..40, 0..12), tied: bool) {
            let hand = if tied { Hand::Tied } else { Hand::Free };
            let whole = client(hand).feed(&everything()).unwrap().to_screen;
            let (mut client, all) = (client(hand), everything());
            let (mut rest, mut got) = (&all[..], Vec::new());
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                got.extend(client.feed(piece).unwrap().to_screen);
                rest = after;
            }
            got.extend(client.feed(rest).unwrap().to_screen);
            prop_assert_eq!(got, whole);
        }

        #[test]
        fn whatever_a_tied_hand_sends_only_messages_that_look_get_through(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0_u8..7], 0..400)) {
            let Ok(fed) = client(Hand::Tied).feed(&bytes) else { return Ok(()) };
            let mut rest = &fed.to_screen[..];
            while let [kind, ..] = rest {
                prop_assert!([0, 2, 3, 150, 248].contains(kind));
                let head = shape(rest).unwrap().unwrap().head;
                if rest.len() < head { break }
                let whole = head + body(rest).unwrap();
                rest = rest.get(whole..).unwrap_or_default();
            }
        }
    }
}
