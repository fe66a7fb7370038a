//! What is asked of a host about its guests' logs, and what its answers mean.
//!
//! Each question is one `find` with a fixed number of arguments. Its answer is cut by a random number that no guest knows: what a
//! guest prints can neither end its own part nor begin another's.
use uuid::Uuid;

/// Arguments of each question: `xargs -n` counts them.
pub(super) const ARGUMENTS: usize = 128;
/// Files that one question reads at most: as many as its arguments have room for.
pub(super) const FILES: usize = 8;
/// Bytes of each that it reads at most.
pub(super) const PIECE: u64 = 128 << 10;
/// The longest answer: a list of some ten thousand files, or all pieces.
pub(super) const LONGEST: usize = 4 << 20;

/// What cuts the answers of one session.
#[derive(Clone, Debug)]
pub(super) struct Mark(String);

/// A log as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Names it whatever it is called.
    pub(super) file: u64,
    /// The same for `find -inum`.
    pub(super) inode: u64,
    /// Bytes.
    pub(super) size: u64,
    /// When it was last written, in milliseconds.
    pub(super) written: u64,
    /// Its name in the folder.
    pub(super) name: String,
}

/// A piece of a log to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Want {
    /// Which.
    pub(super) file: u64,
    /// The same for `find -inum`.
    pub(super) inode: u64,
    /// Offset of the first byte.
    pub(super) from: u64,
    /// At most so many.
    pub(super) count: u64,
}

/// Which logs are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// Those that something happened to in the last seconds.
    Recent,
}

impl Mark {
    pub(super) fn new() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    /// The last bytes of each answer.
    pub(super) fn end(&self) -> String {
        format!("{}.", self.0)
    }

    /// Asks which logs there are.
    pub(super) fn list(&self, folder: &str, scope: Scope) -> Vec<String> {
        let mut words = self.begin(folder);
        words.extend(["-type", "f", "-name", "guest-*.log*"].map(str::to_owned));
        if scope == Scope::Recent {
            // A tenth of a minute, by the host's own clock.
            words.extend(["-cmin", "-0.1"].map(str::to_owned));
        }
        words.extend(["-printf", r"%D:%i:%B@ %i %s %T@ %f\0"].map(str::to_owned));
        filled(words, "-true")
    }

    /// Asks for pieces, at most [`FILES`] of them. A log is found by its number, so that it may be renamed meanwhile.
    pub(super) fn read(&self, folder: &str, wants: &[Want]) -> Vec<String> {
        let mut words = self.begin(folder);
        for (index, want) in wants.iter().take(FILES).enumerate() {
            words.extend(["-inum".to_owned(), want.inode.to_string()]);
            words.extend(["-printf".to_owned(), format!("{}{index}\\n", self.0)]);
            words.extend(
                [
                    "-exec",
                    "dd",
                    "if={}",
                    "bs=64k",
                    "iflag=skip_bytes,count_bytes",
                    "status=none",
                ]
                .map(str::to_owned),
            );
            words.extend([
                format!("skip={}", want.from),
                format!("count={}", want.count),
                ";".to_owned(),
                "-o".to_owned(),
            ]);
        }
        filled(words, "-false")
    }

    /// The folder, and last the root of the file system, where the end is printed.
    fn begin(&self, folder: &str) -> Vec<String> {
        let end = self.end();
        ["-H", folder, "/", "-maxdepth", "1", "-path", "/", "-prune"]
            .into_iter()
            .chain(["-printf", &end, "-o"])
            .map(str::to_owned)
            .collect()
    }

    /// What was listed. What makes no sense is left out.
    pub(super) fn listed(&self, answer: &[u8]) -> Vec<Listed> {
        let end = self.end();
        let lines = answer.strip_suffix(end.as_bytes()).unwrap_or(answer);
        lines.split(|byte| *byte == 0).filter_map(log).collect()
    }

    /// The pieces that came, by their place in the question.
    pub(super) fn pieces<'a>(&self, answer: &'a [u8]) -> Vec<(usize, &'a [u8])> {
        let mark = self.0.as_bytes();
        let mut pieces = Vec::new();
        let mut rest = after(answer, mark).unwrap_or_default();
        while let Some((head, tail)) = rest.split_first() {
            let next = after(tail, mark);
            let length = next.map_or(tail.len(), |next| tail.len() - next.len() - mark.len());
            let piece = tail.get(..length).and_then(|piece| piece.strip_prefix(b"\n"));
            if let Some(piece) = piece
                && head.is_ascii_digit()
            {
                pieces.push((usize::from(head - b'0'), piece));
            }
            rest = next.unwrap_or_default();
        }
        pieces
    }
}

/// What an answer is taken for, as a list and as pieces.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Names of logs.
    pub names: Vec<String>,
    /// Pieces, by their place in the question.
    pub pieces: Vec<(usize, Vec<u8>)>,
}

/// What an answer is taken for that is cut by this mark.
pub fn answered(mark: &str, answer: &[u8]) -> Answered {
    let mark = Mark(mark.to_owned());
    let pieces = mark.pieces(answer).into_iter();
    Answered {
        names: mark.listed(answer).into_iter().map(|log| log.name).collect(),
        pieces: pieces.map(|(place, piece)| (place, piece.to_vec())).collect(),
    }
}

/// One line of a list: device, inode and birth; inode; size; last write; name.
fn log(line: &[u8]) -> Option<Listed> {
    let line = String::from_utf8_lossy(line);
    let mut words = line.splitn(5, ' ');
    let identity = words.next().filter(|identity| identity.contains(':'))?;
    let inode = words.next()?.parse().ok()?;
    let size = words.next()?.parse().ok()?;
    let seconds: f64 = words.next()?.parse().ok()?;
    let name = words.next().filter(|name| name.starts_with("guest-"))?;
    Some(Listed {
        file: number(identity),
        inode,
        size,
        // A float becomes the nearest number that there is.
        written: (seconds * 1000.0) as u64,
        name: name.to_owned(),
    })
}

/// A number for what names a file on its host, the same for ever: FNV-1a of 64 bits.
fn number(identity: &str) -> u64 {
    identity.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    bytes.get(at + mark.len()..)
}

fn filled(mut words: Vec<String>, with: &str) -> Vec<String> {
    words.resize(ARGUMENTS.max(words.len()), with.to_owned());
    words
}

#[cfg(test)]
mod tests;
