//! A body in chunks (RFC 9112, 7.1), as it comes. Pure.

/// The longest line between chunks.
const LONGEST_LINE: usize = 256;

/// Where in the body it is.
#[derive(Debug)]
pub(super) enum Chunks {
    /// In the line with a chunk's length: what came of it.
    Line(Vec<u8>),
    /// In a chunk: what is left of it.
    Data(u64),
    /// Before the end of the line after a chunk.
    Gap,
    /// After the last chunk.
    Ended,
}

/// It is not written as the standard says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Chunks {
    /// Before everything.
    pub fn new() -> Self {
        Self::Line(Vec::new())
    }

    /// Takes bytes as they came, and adds what they hold to `body`.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn take(&mut self, mut bytes: &[u8], body: &mut Vec<u8>) -> Result<(), Broken> {
        while let Some((byte, rest)) = bytes.split_first() {
            match self {
                Self::Ended => return Ok(()),
                Self::Data(left) => {
                    let here = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    let (data, rest) = bytes.split_at(here);
                    body.extend_from_slice(data);
                    bytes = rest;
                    *left -= here as u64;
                    if *left == 0 {
                        *self = Self::Gap;
                    }
                    continue;
                }
                Self::Gap => match byte {
                    b'\r' => {}
                    b'\n' => *self = Self::new(),
                    _ => return Err(Broken),
                },
                Self::Line(line) => match byte {
                    b'\n' => {
                        *self = match length(line)? {
                            0 => Self::Ended,
                            length => Self::Data(length),
                        }
                    }
                    _ if line.len() == LONGEST_LINE => return Err(Broken),
                    byte => line.push(*byte),
                },
            }
            bytes = rest;
        }
        Ok(())
    }

    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Ended)
    }
}

/// The number before the extensions.
fn length(line: &[u8]) -> Result<u64, Broken> {
    let text = str::from_utf8(line).map_err(|_| Broken)?;
    let digits = text.split(';').next().unwrap_or_default().trim();
    if digits.starts_with(['+', '-']) {
        return Err(Broken);
    }
    u64::from_str_radix(digits, 16).map_err(|_| Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(pieces: &[&[u8]]) -> Result<(String, bool), Broken> {
        let (mut chunks, mut body) = (Chunks::new(), Vec::new());
        for piece in pieces {
            chunks.take(piece, &mut body)?;
        }
        let ended = chunks.has_ended();
        Ok((String::from_utf8_lossy(&body).into_owned(), ended))
    }

    #[test]
    fn chunks_are_put_together_however_they_are_cut() {
        let whole: &[u8] = b"3\r\nabc\r\n00A;x=y\r\ndefghijklm\r\n0\r\nTrailer: x\r\n\r\n";
        let text = ("abcdefghijklm".to_owned(), true);
        assert_eq!(all(&[whole]), Ok(text.clone()));
        let single: Vec<&[u8]> = whole.chunks(1).collect();
        assert_eq!(all(&single), Ok(text));
        assert_eq!(all(&[b"5\r\nab"]), Ok(("ab".to_owned(), false)));
    }

    #[test]
    fn what_is_no_length_is_broken() {
        for text in [
            "zz\r\n",
            "-1\r\n",
            "+1\r\n",
            "\r\n",
            "3\r\nabcX",
            "11111111111111111\r\n",
        ] {
            assert_eq!(all(&[text.as_bytes()]), Err(Broken), "{text:?}");
        }
        assert_eq!(all(&[&[b'0'; 400]]), Err(Broken));
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_without_harm(bytes: Vec<u8>) {
            let mut body = Vec::new();
            let _ = Chunks::new().take(&bytes, &mut body);
            prop_assert!(body.len() <= bytes.len());
        }
    }
}
