//! A GET: whether it is answered as expected. Little of an answer is read, and for a short time only.
use super::{
    Answer,
    chunks::Chunks,
    dial::{Inside, dial},
    tls::Tls,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use url::Url;

/// The longest head of an answer, with those that came before it.
const LONGEST_HEAD: usize = 64 << 10;
/// So much of a body is looked through.
const LONGEST_BODY: usize = 64 << 10;
/// How much is read at once.
const PIECE: usize = 16 << 10;
const MOST_HEADERS: usize = 128;
/// Heads that announce another one.
const MOST_INTERIM: usize = 8;
/// Redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// What is expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    /// The status; none for any of 200 to 399.
    pub status: Option<u16>,
    /// Text that must be in the body's beginning.
    pub text: Option<&'a str>,
}

/// Asks for an address, and follows where it leads. What an administrator allowed holds for the host that was named only.
pub(super) async fn get(url: &str, expected: Expected<'_>, inside: Inside, tls: Option<&Tls>) -> Answer {
    let Ok(first) = Url::parse(url) else {
        return Answer::unknown("The address of this check makes no sense.");
    };
    let mut at = first.clone();
    for _ in 0..=MOST_REDIRECTS {
        let inside = match at.host() == first.host() {
            true => inside,
            false => Inside::Refused,
        };
        match one(&at, expected, inside, tls).await {
            Ok(Got::Answer(answer)) | Err(answer) => return answer,
            Ok(Got::Redirect(next)) => at = next,
        }
    }
    Answer::down(format!("It redirects more than {MOST_REDIRECTS} times."))
}

enum Got {
    Answer(Answer),
    Redirect(Url),
}

async fn one(url: &Url, expected: Expected<'_>, inside: Inside, tls: Option<&Tls>) -> Result<Got, Answer> {
    let unusable = || {
        Answer::unknown(format!(
            "{} cannot be asked: it is no http or https address.",
            short(url)
        ))
    };
    let host = url.host_str().ok_or_else(unusable)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().ok_or_else(unusable)?;
    match url.scheme() {
        "http" => exchange(dial(host, port, inside).await?, url, expected).await,
        "https" => {
            let tls = tls.ok_or_else(|| {
                Answer::unknown(
                    "This machine has no list of authorities that it trusts: install ca-certificates.",
                )
            })?;
            let stream = dial(host, port, inside).await?;
            exchange(tls.begin(host, stream).await?, url, expected).await
        }
        _ => Err(unusable()),
    }
}

/// An address for people: what follows a question mark may be a secret, and what stands before the host is one.
fn short(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

fn request(url: &Url) -> String {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port());
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!(
        "GET {}{query} HTTP/1.1\r\nHost: {host}{port}\r\nUser-Agent: WebXenAdmin/{}\r\nAccept: */*\r\n\
         Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
        url.path(),
        env!("CARGO_PKG_VERSION")
    )
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    url: &Url,
    expected: Expected<'_>,
) -> Result<Got, Answer> {
    let hung_up = |_| Answer::down(format!("{} hung up.", short(url)));
    stream.write_all(request(url).as_bytes()).await.map_err(hung_up)?;
    stream.flush().await.map_err(hung_up)?;
    let (head, buffer) = head(&mut stream, url).await?;
    if let Some(next) = head.leads_to(url, expected)? {
        return Ok(Got::Redirect(next));
    }
    let status = head.status;
    let is_expected = expected
        .status
        .map_or((200..400).contains(&status), |expected| expected == status);
    let answer = match (is_expected, expected.text) {
        (false, _) => Answer::down(format!("{} answers with status {status}.", short(url))),
        (true, None) => Answer::up(format!("It answers with status {status}.")),
        (true, Some(text)) => match has_text(stream, head, buffer, text).await {
            true => Answer::up(format!("It answers with status {status} and the text.")),
            false => Answer::down(format!(
                "{} answers with status {status}, without the text that is expected.",
                short(url)
            )),
        },
    };
    Ok(Got::Answer(answer))
}

/// The head of the answer, with what was read of its body.
async fn head(stream: &mut (impl AsyncRead + Unpin), url: &Url) -> Result<(Head, Vec<u8>), Answer> {
    let mut buffer = Vec::new();
    let (mut new, mut interim) = (0, 0);
    // One that drips is not read anew at each drop.
    let mut next = 0;
    loop {
        if buffer.len() >= next || ends_a_head(&buffer, new) {
            match Head::read(&buffer).ok_or_else(|| no_http(url))? {
                Some(head) => {
                    buffer.drain(..head.length);
                    if !head.is_interim() {
                        return Ok((head, buffer));
                    }
                    (new, next, interim) = (0, 0, interim + 1);
                    if interim > MOST_INTERIM {
                        return Err(no_http(url));
                    }
                    continue;
                }
                None if buffer.len() > LONGEST_HEAD => return Err(no_http(url)),
                None => next = buffer.len() * 2,
            }
        }
        new = more(stream, &mut buffer).await;
        if new == 0 {
            return Err(Answer::down(format!(
                "{} hung up before it answered.",
                short(url)
            )));
        }
    }
}

/// Whether there may be the end of a head in the `new` last bytes.
fn ends_a_head(buffer: &[u8], new: usize) -> bool {
    let latest = buffer.get(buffer.len().saturating_sub(new + 2)..);
    latest.is_some_and(|latest| contains(latest, b"\n\r\n") || contains(latest, b"\n\n"))
}

/// Whether the body's beginning has a text. It is looked for in what came, not waited for when it is there.
async fn has_text(mut stream: impl AsyncRead + Unpin, head: Head, first: Vec<u8>, text: &str) -> bool {
    let mut chunks = head.is_chunked.then(Chunks::new);
    let length = head.body_length.unwrap_or(u64::MAX);
    let most = usize::try_from(length).unwrap_or(usize::MAX).min(LONGEST_BODY);
    let (mut body, mut piece) = (Vec::new(), first);
    loop {
        let seen = body.len().saturating_sub(text.len());
        let taken = match &mut chunks {
            Some(chunks) => chunks.take(&piece, &mut body).is_ok(),
            None => {
                body.extend_from_slice(&piece);
                true
            }
        };
        body.truncate(most);
        if body.get(seen..).is_some_and(|new| contains(new, text.as_bytes())) {
            return true;
        }
        let has_ended = chunks.as_ref().is_some_and(Chunks::has_ended);
        piece.clear();
        if !taken || has_ended || body.len() >= most || more(&mut stream, &mut piece).await == 0 {
            return false;
        }
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    text.is_empty() || bytes.windows(text.len()).any(|window| window == text)
}

/// Reads what is there; 0 at the end, however it came about: what was read before counts.
async fn more(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> usize {
    buffer.reserve(PIECE);
    stream.take(PIECE as u64).read_buf(buffer).await.unwrap_or(0)
}

fn no_http(url: &Url) -> Answer {
    Answer::down(format!("{} answers with something that is no HTTP.", short(url)))
}

/// The head of an answer.
struct Head {
    status: u16,
    length: usize,
    is_chunked: bool,
    body_length: Option<u64>,
    location: Option<String>,
}

impl Head {
    /// Reads a head; an inner none while it is not whole, an outer one when it is none.
    fn read(bytes: &[u8]) -> Option<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(bytes).ok()? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => return Some(None),
        };
        let header = |name: &str| {
            let header = response
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case(name));
            header.map(|header| String::from_utf8_lossy(header.value).trim().to_owned())
        };
        let coding = header("transfer-encoding")
            .unwrap_or_default()
            .to_ascii_lowercase();
        Some(Some(Self {
            status: response.code?,
            length,
            is_chunked: coding.ends_with("chunked"),
            body_length: header("content-length").and_then(|length| length.parse().ok()),
            location: header("location"),
        }))
    }

    /// Another one follows.
    fn is_interim(&self) -> bool {
        (100..200).contains(&self.status)
    }

    /// Where it leads; none where it is the answer itself.
    fn leads_to(&self, from: &Url, expected: Expected<'_>) -> Result<Option<Url>, Answer> {
        let is_redirect = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        match &self.location {
            Some(location) if is_redirect && expected.status != Some(self.status) => {
                let next = from.join(location);
                let next =
                    next.map_err(|_| Answer::down(format!("{} redirects to nowhere.", short(from))))?;
                Ok(Some(next))
            }
            _ => Ok(None),
        }
    }
}
