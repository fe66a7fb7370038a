//! How far a viewer has come in a console's history, and what each frame of the server means for the screen.
use super::people::People;
use wxa_wire::{ConsoleFrame, ConsoleQuery, ConsoleStatus};

/// What to do with the screen after a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing on the screen.
    Nothing,
    /// The history is another one: begin with an empty screen.
    Clear,
    /// Say that this many bytes are missing here.
    Gap(u64),
    /// Show how the connection stands.
    Status(ConsoleStatus),
    /// Show who has the console open and who of them types.
    People(People),
}

/// The viewer's place in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    epoch: u64,
    offset: u64,
    live_at: u64,
}

impl Progress {
    /// What to ask for when (re)connecting: everything after what is on the screen.
    pub fn query(&self) -> ConsoleQuery {
        ConsoleQuery {
            kind: None,
            epoch: self.place.as_ref().map(|place| place.epoch),
            from: self.place.as_ref().map(|place| place.offset),
            at: None,
        }
    }

    /// Takes a control frame.
    pub fn on_frame(&mut self, frame: ConsoleFrame) -> Effect {
        match frame {
            ConsoleFrame::Begin {
                epoch,
                offset,
                live_at,
            } => {
                let before = self.place.replace(Place {
                    epoch,
                    offset,
                    live_at,
                });
                match before {
                    Some(before) if before.epoch != epoch => Effect::Clear,
                    Some(_) | None => Effect::Nothing,
                }
            }
            ConsoleFrame::Skipped { bytes } => Effect::Gap(bytes),
            ConsoleFrame::Status { status } => Effect::Status(status),
            ConsoleFrame::Viewers { you, viewers } => Effect::People(People { you, viewers }),
        }
    }

    /// Takes `len` bytes of the guest.
    pub fn on_bytes(&mut self, len: u64) {
        if let Some(place) = &mut self.place {
            place.offset = place.offset.saturating_add(len);
        }
    }

    /// The offset after the last byte that arrived.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "for links to here"))]
    pub fn offset(&self) -> u64 {
        self.place.as_ref().map_or(0, |place| place.offset)
    }

    /// Whether what arrives now was printed before this viewer came.
    pub fn is_replaying(&self) -> bool {
        self.place
            .as_ref()
            .is_some_and(|place| place.offset < place.live_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(epoch: u64, offset: u64, live_at: u64) -> ConsoleFrame {
        ConsoleFrame::Begin {
            epoch,
            offset,
            live_at,
        }
    }

    #[test]
    fn a_reconnect_asks_for_what_is_missing() {
        let mut progress = Progress::default();
        assert_eq!(progress.query(), ConsoleQuery::default());
        progress.on_frame(begin(7, 100, 150));
        progress.on_bytes(60);
        assert_eq!(
            progress.query(),
            ConsoleQuery {
                kind: None,
                epoch: Some(7),
                from: Some(160),
                at: None,
            }
        );
    }

    #[test]
    fn another_history_clears_the_screen_and_the_same_one_does_not() {
        let mut progress = Progress::default();
        assert_eq!(progress.on_frame(begin(7, 0, 0)), Effect::Nothing);
        assert_eq!(progress.on_frame(begin(7, 10, 10)), Effect::Nothing);
        assert_eq!(progress.on_frame(begin(8, 0, 0)), Effect::Clear);
    }

    #[test]
    fn replay_ends_where_live_begins() {
        let mut progress = Progress::default();
        progress.on_frame(begin(7, 0, 5));
        assert!(progress.is_replaying());
        progress.on_bytes(5);
        assert!(!progress.is_replaying());
    }
}
