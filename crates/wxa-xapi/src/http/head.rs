//! The head of an answer.
use wxa_driver::{Error, ErrorKind};

const MOST_HEADERS: usize = 64;

/// Status and headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    is_1_1: bool,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Reads a head and how long it was; none while it is not whole.
    ///
    /// # Errors
    /// `Malformed`.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(bytes).map_err(|_| nonsense())? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => return Ok(None),
        };
        let head = Self {
            status: response.code.ok_or_else(nonsense)?,
            is_1_1: response.version == Some(1),
            headers: response
                .headers
                .iter()
                .map(|header| {
                    let value = String::from_utf8_lossy(header.value).trim().to_owned();
                    (header.name.to_ascii_lowercase(), value)
                })
                .collect(),
        };
        Ok(Some((head, length)))
    }

    /// A header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn keeps_alive(&self) -> bool {
        match self.header("connection").map(str::to_ascii_lowercase).as_deref() {
            Some("close") => false,
            Some("keep-alive") => true,
            _ => self.is_1_1,
        }
    }
}

pub(super) fn nonsense() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "The host answers with something that is no HTTP.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() -> Result<(), Error> {
        assert_eq!(Head::read(b"HTTP/1.1 200 OK\r\nConte")?, None);
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length:  3 \r\nConnection: close\r\n\r\nabc";
        let (head, length) = Head::read(whole)?.ok_or_else(nonsense)?;
        assert_eq!((head.status, length), (200, whole.len() - 3));
        assert_eq!(head.header("content-length"), Some("3"));
        assert!(!head.keeps_alive());
        assert!(Head::read(b"SSH-2.0-OpenSSH_9.2\r\n").is_err());
        Ok(())
    }
}
