//! What hosts recorded of themselves.
use wxa_model::SampleBatch;

/// A record of measurements, by how far it goes back and how fine it is. XAPI keeps these beside one of 5 s for ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archive {
    /// Minutes, for two hours.
    Minutes,
    /// Hours, for a week.
    Hours,
    /// Days, for a year.
    Days,
}

impl Archive {
    /// The finest first.
    pub const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    /// Milliseconds from one to the next.
    pub const fn step_ms(self) -> u64 {
        match self {
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
            Self::Days => 86_400_000,
        }
    }

    /// How many there are at most.
    pub const fn rows(self) -> u64 {
        match self {
            Self::Minutes => 120,
            Self::Hours => 168,
            Self::Days => 366,
        }
    }
}

/// Means over an archive's steps, oldest first; each batch's time is the end of its step, by our clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// One for each step of which anything is known.
    pub batches: Vec<SampleBatch>,
}
