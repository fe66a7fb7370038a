//! Getting in at a guest's RFB server, with its password where it asks for one: browsers never see it. Whoever looks through us finds
//! an open door (see [`super::pump`]).
use crate::{parse::printable, transport::Tunnel};
use des::{
    Des,
    cipher::{Array, BlockCipherEncrypt, KeyInit},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use wxa_driver::{Error, ErrorKind};
use zeroize::Zeroize;

/// Security types (RFC 6143, 7.1.2).
const NONE: u8 = 1;
const VNC: u8 = 2;
/// The longest reason that is read.
const REASON: u32 = 4 << 10;

/// Agrees on a version and lets itself in. Next is ClientInit, which is whoever looks' to send; nothing of what follows was read.
///
/// # Errors
/// `Malformed`, `Unreachable`; `PermissionDenied` when it does not let us in.
pub(super) async fn enter(
    stream: &mut Tunnel,
    password: impl Future<Output = Result<SecretString, Error>>,
) -> Result<(), Error> {
    let mut greeting = [0; 12];
    read(stream, &mut greeting).await?;
    let minor = match &greeting {
        b"RFB 003.003\n" => 3,
        b"RFB 003.007\n" => 7,
        said if said.starts_with(b"RFB 00") => 8,
        _ => {
            return Err(malformed(
                "What answers where the screen should be does not begin as RFB does.",
            ));
        }
    };
    write(stream, format!("RFB 003.00{minor}\n").as_bytes()).await?;
    let kind = if minor == 3 {
        let mut kind = [0; 4];
        read(stream, &mut kind).await?;
        match u32::from_be_bytes(kind) {
            0 => return Err(reason(stream).await),
            kind => u8::try_from(kind).unwrap_or(u8::MAX),
        }
    } else {
        choose(stream).await?
    };
    match kind {
        NONE if minor < 8 => return Ok(()),
        NONE => {}
        VNC => {
            let mut challenge = [0; 16];
            read(stream, &mut challenge).await?;
            let answer = answer(challenge, &password.await?);
            write(stream, &answer).await?;
        }
        other => {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                format!(
                    "The display asks for a way to sign in that is not known here (security type {other})."
                ),
            ));
        }
    }
    let mut result = [0; 4];
    read(stream, &mut result).await?;
    match (result, kind) {
        ([0, 0, 0, 0], _) => Ok(()),
        (_, VNC) => Err(Error::new(
            ErrorKind::PermissionDenied,
            "The display does not take the password that the host knows of it: it was changed since the guest was started.",
        )),
        _ => Err(reason(stream).await),
    }
}

/// Takes the offered way that asks for least.
async fn choose(stream: &mut Tunnel) -> Result<u8, Error> {
    let mut count = [0];
    read(stream, &mut count).await?;
    let mut kinds = vec![0; usize::from(count[0])];
    read(stream, &mut kinds).await?;
    let kind = match kinds.as_slice() {
        [] => return Err(reason(stream).await),
        kinds if kinds.contains(&NONE) => NONE,
        kinds if kinds.contains(&VNC) => VNC,
        [other, ..] => *other,
    };
    if matches!(kind, NONE | VNC) {
        write(stream, &[kind]).await?;
    }
    Ok(kind)
}

/// VNC authentication (RFC 6143, 7.2.2): the challenge encrypted by DES, whose key is at most eight characters of the password with
/// each byte's bits the other way round.
fn answer(mut challenge: [u8; 16], password: &SecretString) -> [u8; 16] {
    let mut key = [0_u8; 8];
    for (byte, given) in key.iter_mut().zip(password.expose_secret().bytes()) {
        *byte = given.reverse_bits();
    }
    let cipher = Des::new(&Array::from(key));
    key.zeroize();
    for half in challenge.chunks_exact_mut(8) {
        let mut block = Array::from([0; 8]);
        block.copy_from_slice(half);
        cipher.encrypt_block(&mut block);
        half.copy_from_slice(&block);
    }
    challenge
}

/// Why it lets nobody in, in its own words.
async fn reason(stream: &mut Tunnel) -> Error {
    let said = async {
        let mut length = [0; 4];
        read(stream, &mut length).await?;
        let length = u32::from_be_bytes(length).min(REASON);
        let mut words = vec![0; usize::try_from(length).unwrap_or_default()];
        read(stream, &mut words).await?;
        Ok::<_, Error>(printable(&String::from_utf8_lossy(&words)))
    };
    match said.await {
        Ok(words) => Error::new(
            ErrorKind::Refused {
                code: "screen".to_owned(),
            },
            format!("The screen lets nobody in: {words}"),
        ),
        Err(error) => error,
    }
}

async fn read(stream: &mut Tunnel, into: &mut [u8]) -> Result<(), Error> {
    match stream.read_exact(into).await {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::new(
            ErrorKind::Busy,
            "The screen closed at once: the guest is stopping or moving.",
        )),
    }
}

async fn write(stream: &mut Tunnel, bytes: &[u8]) -> Result<(), Error> {
    let written = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    written.await.map_err(|error: std::io::Error| {
        Error::new(
            ErrorKind::Unreachable,
            format!("The screen was lost while it opened: {error}."),
        )
    })
}

/// What is said to a server that says all this, at most 64 KiB, and nothing more, and whether it lets us in; none when that is still
/// waited for.
pub fn played(server: &[u8]) -> Option<(Vec<u8>, Result<(), Error>)> {
    const MOST: usize = 64 << 10;
    let (ours, mut theirs) = duplex(MOST);
    let server = server.get(..MOST).unwrap_or(server);
    let playing = async {
        theirs.write_all(server).await.ok()?;
        theirs.shutdown().await.ok()?;
        let mut stream: Tunnel = Box::new(ours);
        let entered = enter(&mut stream, async { Ok(SecretString::from("sesame")) }).await;
        drop(stream);
        let mut said = Vec::new();
        theirs.read_to_end(&mut said).await.ok()?;
        Some((said, entered))
    };
    // Nothing in it waits for anything outside.
    match pin!(playing).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(played) => played,
        Poll::Pending => None,
    }
}

fn malformed(sentence: &str) -> Error {
    Error::new(ErrorKind::Malformed, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;
    use tokio::time::timeout;

    /// Plays a server that has sent all this and listens no more; what was said to it, and how it ended.
    async fn played(server: &[u8], password: &str) -> (Vec<u8>, Result<(), Error>) {
        let (ours, mut theirs) = duplex(4096);
        theirs.write_all(server).await.unwrap();
        let mut stream: Tunnel = Box::new(ours);
        let known = SecretString::from(password.to_owned());
        let entering = enter(&mut stream, async { Ok(known) });
        let entered = match timeout(Duration::from_secs(1), entering).await {
            Ok(entered) => entered,
            Err(_) => Err(malformed("it waits")),
        };
        drop(stream);
        let mut said = Vec::new();
        theirs.read_to_end(&mut said).await.unwrap();
        (said, entered)
    }

    #[tokio::test(start_paused = true)]
    async fn an_open_display_is_entered_in_each_version() {
        let (sent, entered) = played(b"RFB 003.008\n\x01\x01\0\0\0\0", "").await;
        assert!(entered.is_ok());
        assert_eq!(sent, b"RFB 003.008\n\x01");
        let (sent, entered) = played(b"RFB 003.003\n\0\0\0\x01", "").await;
        assert!(entered.is_ok());
        assert_eq!(sent, b"RFB 003.003\n");
    }

    #[tokio::test(start_paused = true)]
    async fn a_password_is_answered_for_and_a_wrong_one_is_told() {
        let challenge: [u8; 16] = core::array::from_fn(|n| n as u8);
        let server = [&b"RFB 003.008\n\x01\x02"[..], &challenge, &[0; 4]].concat();
        let (sent, entered) = played(&server, "sesame").await;
        assert!(entered.is_ok());
        let secret = SecretString::from("sesame".to_owned());
        assert_eq!(
            sent,
            [&b"RFB 003.008\n\x02"[..], &answer(challenge, &secret)].concat()
        );
        let server = [&b"RFB 003.008\n\x01\x02"[..], &challenge, &[0, 0, 0, 1]].concat();
        let error = played(&server, "sesame").await.1.unwrap_err();
        assert_eq!(error.kind, ErrorKind::PermissionDenied);
        assert!(!error.message.contains("sesame"));
    }

    #[test]
    fn the_answer_is_that_of_other_clients() {
        // By OpenSSL: DES-ECB of sixteen zeroes under the key that "password" gives with its bits turned.
        let secret = SecretString::from("password and more".to_owned());
        let eight = SecretString::from("password".to_owned());
        assert_eq!(answer([0; 16], &secret), answer([0; 16], &eight));
        assert_eq!(answer([0; 16], &eight), OPENSSL);
    }

    const OPENSSL: [u8; 16] = [
        0xff, 0x97, 0x50, 0x2e, 0x94, 0x22, 0xf0, 0x89, 0xff, 0x97, 0x50, 0x2e, 0x94, 0x22, 0xf0, 0x89,
    ];

    proptest! {
        #[test]
        fn no_server_makes_it_panic(server in proptest::collection::vec(any::<u8>(), 0..200), known: bool) {
            let begin: &[u8] = if known { b"RFB 003.008\n" } else { b"" };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            drop(runtime.block_on(played(&[begin, &server].concat(), "x")));
        }
    }
}
