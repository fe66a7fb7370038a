//! A stretch of what a console printed, and playing it: what is shown when.
use crate::base64;
use std::collections::VecDeque;
use wxa_model::UnixMillis;
use wxa_wire::ConsoleHistoryView;

/// Bytes that are held at most: who plays on lets go of what was before.
const MOST: usize = 2 << 20;
/// Silence is played for at most so many milliseconds of the guest's time at normal speed.
const SILENCE_MS: u64 = 2000;

/// Bytes that were printed together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    offset: u64,
    at: UnixMillis,
    bytes: Vec<u8>,
}

impl Piece {
    fn end(&self) -> u64 {
        self.offset.saturating_add(self.bytes.len() as u64)
    }
}

/// The stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reel {
    pieces: VecDeque<Piece>,
    /// Where more of it begins; none where it is all there.
    pub next: Option<u64>,
}

/// Something to be put on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shot {
    /// What the guest printed.
    Bytes(Vec<u8>),
    /// So many bytes are not kept here.
    Gap(u64),
}

impl Reel {
    /// From what the server has of it.
    pub fn new(view: ConsoleHistoryView) -> Self {
        let mut reel = Self::default();
        reel.add(view);
        reel
    }

    /// Goes on with what comes after it. What cannot be read, or is there already, is left out.
    pub fn add(&mut self, view: ConsoleHistoryView) {
        for piece in view.pieces {
            let Some(bytes) = base64::decode(&piece.base64).filter(|bytes| !bytes.is_empty()) else {
                continue;
            };
            if self.end().is_none_or(|end| piece.offset >= end) {
                self.pieces.push_back(Piece {
                    offset: piece.offset,
                    at: piece.at,
                    bytes,
                });
            }
        }
        // Whoever says that more comes where nothing came would be asked for ever.
        self.next = view
            .next
            .filter(|next| self.end().is_some_and(|end| *next >= end));
        while self.len() > MOST && self.pieces.len() > 1 {
            self.pieces.pop_front();
        }
    }

    fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.bytes.len()).sum()
    }

    /// Offset of the first byte; none where there is none.
    pub fn begin(&self) -> Option<u64> {
        self.pieces.front().map(|piece| piece.offset)
    }

    /// Offset after the last byte.
    pub fn end(&self) -> Option<u64> {
        self.pieces.back().map(Piece::end)
    }

    /// When what is at `offset`, or comes next after it, was printed.
    pub fn at(&self, offset: u64) -> Option<UnixMillis> {
        let piece = self.pieces.iter().find(|piece| piece.end() > offset);
        piece.or(self.pieces.back()).map(|piece| piece.at)
    }

    /// What is between two offsets, with the gaps in it.
    pub fn between(&self, from: u64, to: u64) -> Vec<Shot> {
        let mut shots = Vec::new();
        let mut at = self.begin().unwrap_or(from).max(from);
        for piece in self.pieces.iter().filter(|piece| piece.end() > from) {
            if piece.offset >= to {
                break;
            }
            if piece.offset > at {
                shots.push(Shot::Gap(piece.offset - at));
            }
            let begin = usize::try_from(from.saturating_sub(piece.offset)).unwrap_or(usize::MAX);
            let end = usize::try_from(to - piece.offset).unwrap_or(usize::MAX);
            let end = end.min(piece.bytes.len());
            if let Some(bytes) = piece.bytes.get(begin..end) {
                shots.push(Shot::Bytes(bytes.to_vec()));
            }
            at = piece.end();
        }
        shots
    }
}

/// Where playing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Player {
    /// Offset of the next byte to show.
    pub offset: u64,
    /// The guest's time.
    now: UnixMillis,
}

impl Player {
    /// At `offset` of a reel; none where it has nothing there.
    pub fn new(reel: &Reel, offset: u64) -> Option<Self> {
        let offset = offset.max(reel.begin()?);
        Some(Self {
            offset,
            now: reel.at(offset)?,
        })
    }

    /// Goes on by `elapsed_ms` of the viewer's time at `speed`; what is to be shown then. Longer silences are cut short.
    pub fn step(&mut self, reel: &Reel, elapsed_ms: u64, speed: u32) -> Vec<Shot> {
        let mut now = self.now.0.saturating_add(elapsed_ms.saturating_mul(speed.into()));
        let mut to = self.offset;
        for piece in reel.pieces.iter().filter(|piece| piece.end() > self.offset) {
            if piece.at.0 <= now {
                to = piece.end();
                continue;
            }
            let longest = SILENCE_MS.saturating_mul(speed.into());
            now = now.max(piece.at.0.saturating_sub(longest));
            break;
        }
        self.now = UnixMillis(now);
        let shots = reel.between(self.offset, to);
        self.offset = to;
        shots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_wire::ConsolePiece;

    fn view(pieces: &[(u64, u64, &str)], next: Option<u64>) -> ConsoleHistoryView {
        let piece = |(offset, at, base64): &(u64, u64, &str)| ConsolePiece {
            offset: *offset,
            at: UnixMillis(*at),
            base64: (*base64).into(),
        };
        ConsoleHistoryView {
            epoch: 1,
            pieces: pieces.iter().map(piece).collect(),
            next,
        }
    }

    fn reel() -> Reel {
        // "abc", "def", a gap of four bytes, "ghi".
        Reel::new(view(
            &[(0, 1000, "YWJj"), (3, 1500, "ZGVm"), (10, 61_500, "Z2hp")],
            Some(13),
        ))
    }

    fn bytes(text: &str) -> Shot {
        Shot::Bytes(text.as_bytes().to_vec())
    }

    #[test]
    fn what_is_between_two_offsets_has_its_gaps() {
        let reel = reel();
        assert_eq!(
            reel.between(1, 12),
            [bytes("bc"), bytes("def"), Shot::Gap(4), bytes("gh")]
        );
        assert_eq!(reel.between(8, 100), [Shot::Gap(2), bytes("ghi")]);
        assert_eq!(reel.between(20, 30), []);
    }

    #[test]
    fn it_is_played_as_fast_as_asked_and_silence_is_cut_short() {
        let reel = reel();
        let mut player = Player::new(&reel, 0).expect("there is something");
        assert_eq!(player.step(&reel, 0, 1), [bytes("abc")]);
        assert_eq!(player.step(&reel, 400, 1), []);
        assert_eq!(player.step(&reel, 100, 1), [bytes("def")]);
        // A minute of silence takes two seconds, at twice the speed no less than those.
        assert_eq!(player.step(&reel, 1, 1), []);
        assert_eq!(player.step(&reel, 1998, 1), []);
        assert_eq!(player.step(&reel, 1, 1), [Shot::Gap(4), bytes("ghi")]);
        assert_eq!(player.offset, 13);
    }

    #[test]
    fn what_cannot_be_read_or_never_ends_is_left() {
        let mut reel = reel();
        reel.add(view(
            &[(10, 1, "Z2hp"), (13, 61_600, "!"), (13, 61_700, "amts")],
            Some(5),
        ));
        assert_eq!(reel.end(), Some(16));
        assert_eq!(reel.next, None);
        assert_eq!(Player::new(&Reel::default(), 0), None);
    }

    #[test]
    fn who_plays_on_lets_go_of_what_was_before() {
        let long = "A".repeat(1 << 20);
        let mut reel = Reel::default();
        for n in 0..8 {
            let offset = n * (3 << 18);
            reel.add(view(&[(offset, n, long.as_str())], None));
        }
        assert!(reel.len() <= MOST && reel.begin() > Some(0));
    }
}
