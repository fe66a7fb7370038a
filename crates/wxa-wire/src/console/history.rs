//! What a console printed, as it is kept: where it can be read, searched and taken away.
use serde::{Deserialize, Serialize};
use wxa_model::{ConsoleKind, UnixMillis, console::GuestEvent};

/// Which console of the VM; its first text console when absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleMarksQuery {
    /// Which console.
    pub kind: Option<ConsoleKind>,
}

/// What is kept of a console, and what happened in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleMarksView {
    /// Names the history: offsets of two epochs cannot be compared.
    pub epoch: u64,
    /// Parts that are kept, oldest first: between two of them a gap. The last one ends where the guest prints next.
    pub kept: Vec<ConsoleSpan>,
    /// Boots, oldest first.
    pub boots: Vec<ConsoleBoot>,
    /// What was understood of the output, oldest first; at most 1,000, the latest ones.
    pub marks: Vec<ConsoleMark>,
    /// Whether output is being kept, and if not, why: a sentence.
    pub not_recorded: Option<String>,
}

/// Bytes `from..to` of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleSpan {
    /// Offset of the first byte.
    pub from: u64,
    /// Offset after the last byte.
    pub to: u64,
}

/// One run of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleBoot {
    /// Offset of its first byte.
    pub offset: u64,
    /// When it began.
    pub at: UnixMillis,
    /// Milliseconds from then to the login prompt; none where there was none (yet).
    pub login_ms: Option<u64>,
}

/// Something that happened in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleMark {
    /// Offset of the line that told it.
    pub offset: u64,
    /// When it was printed.
    pub at: UnixMillis,
    /// What.
    pub what: GuestEvent,
}

/// A stretch of a console's history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleHistoryQuery {
    /// Which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// Offset to begin at; the oldest that is kept when absent or older.
    pub from: Option<u64>,
    /// At most so many bytes; 256 KiB when absent, never more than 1 MiB.
    pub most: Option<u32>,
}

/// What was printed there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleHistoryView {
    /// Names the history.
    pub epoch: u64,
    /// The bytes in order, as they came. Between two pieces that do not meet there is a gap.
    pub pieces: Vec<ConsolePiece>,
    /// Offset to go on at; none when this was the end.
    pub next: Option<u64>,
}

/// Bytes that were printed together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsolePiece {
    /// Offset of the first byte.
    pub offset: u64,
    /// When they were printed.
    pub at: UnixMillis,
    /// The bytes, in base64 (RFC 4648, with padding).
    pub base64: String,
}

/// Searching a console's history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleSearchQuery {
    /// Which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// What to look for: text as it is shown, without escape sequences, whatever its case. 1 to 200 characters.
    pub q: String,
    /// Only before this offset: where an earlier answer left off.
    pub before: Option<u64>,
}

/// Where it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleSearchView {
    /// Newest first; at most 100.
    pub hits: Vec<ConsoleHit>,
    /// To go on with; none when all that is kept was searched.
    pub before: Option<u64>,
}

/// A line that has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleHit {
    /// Offset of the line's first byte.
    pub offset: u64,
    /// When it was printed.
    pub at: UnixMillis,
    /// The line as it is shown, without escape sequences, at most 300 characters of it.
    pub line: String,
    /// Where in `line` it was found: characters, not bytes.
    pub begin: u32,
    /// How many characters.
    pub len: u32,
}

/// Taking a console's history away as a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleDownloadQuery {
    /// Which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// As what.
    pub format: ConsoleFormat,
    /// Offset to begin at; the oldest that is kept when absent.
    pub from: Option<u64>,
    /// Offset to end before; the newest when absent.
    pub to: Option<u64>,
}

/// What kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleFormat {
    /// Text without escape sequences.
    #[default]
    Text,
    /// The bytes as the guest printed them.
    Raw,
    /// asciicast v2: with the time of each piece, for players.
    Asciicast,
}
