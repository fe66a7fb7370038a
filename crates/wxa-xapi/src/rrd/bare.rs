//! What JSON does not have: old members write bare `NaN` and `Infinity`, and the names of an object's members without
//! quotation marks.
use std::io::{self, Read};

/// What becomes null.
const WORDS: [&[u8]; 8] = [
    b"NaN",
    b"-NaN",
    b"-nan",
    b"nan",
    b"Infinity",
    b"-Infinity",
    b"inf",
    b"-inf",
];
/// Words of JSON itself. Like the numbers they are never a member's name.
const OF_JSON: [&[u8]; 3] = [b"true", b"false", b"null"];
/// No word is longer.
const LONGEST: usize = 16;
const PIECE: usize = 8 << 10;

/// JSON while it is read, with nulls for the numbers and quotation marks around the names.
pub(super) struct WithoutBareWords<R> {
    from: R,
    clean: Vec<u8>,
    /// How much of it was read.
    read: usize,
    /// The letters at the end of what came, outside of texts.
    word: Vec<u8>,
    /// Whether blanks came after the word: what comes then tells what it is.
    is_blank: bool,
    in_text: bool,
    piece: Box<[u8]>,
}

impl<R: Read> WithoutBareWords<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            clean: Vec::with_capacity(PIECE),
            read: 0,
            word: Vec::new(),
            is_blank: false,
            in_text: false,
            piece: vec![0; PIECE].into(),
        }
    }

    /// Makes more of it. False at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.clean.clear();
        self.read = 0;
        let count = self.from.read(&mut self.piece)?;
        let piece = std::mem::take(&mut self.piece);
        for byte in piece.get(..count).unwrap_or_default() {
            self.take(*byte);
        }
        self.piece = piece;
        if count == 0 {
            self.end_word(false);
        }
        Ok(count > 0 || !self.clean.is_empty())
    }

    fn take(&mut self, byte: u8) {
        let is_blank = !self.in_text && byte.is_ascii_whitespace();
        if is_blank && !self.word.is_empty() {
            self.is_blank = true;
            return;
        }
        let is_of_word = !self.in_text && (byte.is_ascii_alphabetic() || byte == b'-');
        if is_of_word && !self.is_blank && self.word.len() < LONGEST {
            self.word.push(byte);
            return;
        }
        self.end_word(byte == b':');
        if is_of_word {
            self.word.push(byte);
            return;
        }
        // No legend has an escaped quotation mark.
        self.in_text ^= byte == b'"';
        self.clean.push(byte);
    }

    fn end_word(&mut self, is_name: bool) {
        let word = self.word.as_slice();
        if WORDS.contains(&word) {
            self.clean.extend_from_slice(b"null");
        } else if is_name && !word.is_empty() && !OF_JSON.contains(&word) {
            self.clean.push(b'"');
            self.clean.extend_from_slice(word);
            self.clean.push(b'"');
        } else {
            self.clean.extend_from_slice(word);
        }
        if self.is_blank {
            // However many there were.
            self.clean.push(b' ');
        }
        self.word.clear();
        self.is_blank = false;
    }
}

impl<R: Read> Read for WithoutBareWords<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read == self.clean.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let rest = self.clean.get(self.read..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(rest);
        }
        self.read += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(to)) = (self.0.split_first(), into.first_mut()) else {
                return Ok(0);
            };
            (*to, self.0) = (*first, rest);
            Ok(1)
        }
    }

    /// Whatever the pieces are that it comes in.
    fn becomes(text: &str, expected: &str) -> io::Result<()> {
        let (mut whole, mut drops) = (String::new(), String::new());
        WithoutBareWords::new(text.as_bytes()).read_to_string(&mut whole)?;
        WithoutBareWords::new(Drops(text.as_bytes())).read_to_string(&mut drops)?;
        assert_eq!((whole.as_str(), drops.as_str()), (expected, expected));
        Ok(())
    }

    #[test]
    fn bare_words_become_null_wherever_pieces_end() -> io::Result<()> {
        becomes(
            r#"{"NaN":[NaN,-Infinity,"-nan",-1e-5,2E+3,true,null,inf]}"#,
            r#"{"NaN":[null,null,"-nan",-1e-5,2E+3,true,null,null]}"#,
        )
    }

    #[test]
    fn bare_names_get_their_quotation_marks() -> io::Result<()> {
        becomes(
            "{meta: {start:1,legend :[\"AVERAGE:vm:v:cpu0\"]}, data \n\t : [{t:5,values:[nan , 1e5, -2]}]}",
            "{\"meta\": {\"start\":1,\"legend\" :[\"AVERAGE:vm:v:cpu0\"]}, \"data\" : [{\"t\":5,\"values\":[null , 1e5, -2]}]}",
        )?;
        // What makes no sense stays so.
        becomes("{null:1,NaN :2,a b:3, }", "{null:1,null :2,a \"b\":3, }")
    }
}
