//! Where the body of an answer ends.
use super::head::{Head, nonsense};
use bytes::{Buf, Bytes, BytesMut};
use wxa_driver::Error;

/// The line before a chunk is not longer than this.
const LONGEST_LINE: usize = 256;

/// What is still to come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// So many bytes.
    Left(u64),
    /// Chunks: so many bytes of this one.
    Chunk(u64),
    /// Chunks: a line with the next one's length, after the line's end that closes the last one.
    Line,
    /// Until the connection ends.
    Rest,
    Ended,
}

impl Body {
    /// What follows a head.
    ///
    /// # Errors
    /// `Malformed` for a length that is none.
    pub(super) fn of(method: &str, head: &Head) -> Result<Self, Error> {
        if method == "CONNECT" && head.status == 200 || matches!(head.status, 204 | 304) {
            return Ok(Self::Ended);
        }
        let chunked = head.header("transfer-encoding");
        if chunked.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return Ok(Self::Line);
        }
        match head.header("content-length") {
            Some("0") => Ok(Self::Ended),
            Some(length) => length.parse().map(Self::Left).map_err(|_| nonsense()),
            None => Ok(Self::Rest),
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        *self == Self::Ended
    }

    /// The connection has ended: tells whether that is the body's end.
    pub(super) fn closed(&mut self) -> bool {
        let whole = matches!(self, Self::Rest | Self::Ended);
        *self = Self::Ended;
        whole
    }

    /// A piece of the body from what was read; none where more must be read first, or nothing follows.
    ///
    /// # Errors
    /// `Malformed` for chunks that are none.
    pub(super) fn take(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, Error> {
        loop {
            match self {
                Self::Ended => return Ok(None),
                _ if buffer.is_empty() => return Ok(None),
                Self::Rest => return Ok(Some(buffer.split().freeze())),
                Self::Left(left) | Self::Chunk(left) => {
                    let take = buffer.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= take as u64;
                    match self {
                        Self::Left(0) => *self = Self::Ended,
                        Self::Chunk(0) => *self = Self::Line,
                        _ => {}
                    }
                    return Ok(Some(buffer.split_to(take).freeze()));
                }
                Self::Line if buffer.as_ref() == b"\r" => return Ok(None),
                Self::Line => {
                    let ending = if buffer.starts_with(b"\r\n") { 2 } else { 0 };
                    let line = buffer.get(ending..).unwrap_or_default();
                    match httparse::parse_chunk_size(line).map_err(|_| nonsense())? {
                        httparse::Status::Complete((length, chunk)) => {
                            buffer.advance(length + ending);
                            *self = if chunk == 0 {
                                Self::Ended
                            } else {
                                Self::Chunk(chunk)
                            };
                            if chunk == 0 {
                                // What may follow the last chunk is not read: the connection is not used again.
                                return Ok(None);
                            }
                        }
                        httparse::Status::Partial if line.len() > LONGEST_LINE => return Err(nonsense()),
                        httparse::Status::Partial => return Ok(None),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut body: Body, pieces: &[&[u8]]) -> Result<(Vec<u8>, bool), Error> {
        let (mut buffer, mut whole) = (BytesMut::new(), Vec::new());
        for piece in pieces {
            buffer.extend_from_slice(piece);
            while let Some(piece) = body.take(&mut buffer)? {
                whole.extend_from_slice(&piece);
            }
        }
        Ok((whole, body.has_ended()))
    }

    #[test]
    fn a_body_ends_where_it_says() -> Result<(), Error> {
        assert_eq!(all(Body::Left(5), &[b"ab", b"cdefg"])?, (b"abcde".to_vec(), true));
        assert_eq!(all(Body::Rest, &[b"ab", b"c"])?, (b"abc".to_vec(), false));
        let chunks: &[&[u8]] = &[b"3\r\nab", b"c\r", b"\n2;x=y\r\nde\r\n0\r\n\r\n"];
        assert_eq!(all(Body::Line, chunks)?, (b"abcde".to_vec(), true));
        assert!(all(Body::Line, &[b"zz\r\n"]).is_err());
        Ok(())
    }
}
