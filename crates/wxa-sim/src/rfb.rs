//! A small RFB server, as a guest's emulator runs one: a screen with the VM's name and a bar that moves; what is typed appears on it.
//! Raw rectangles only.

mod password;
mod screen;

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use screen::{HEIGHT, PixelFormat, Screen, WIDTH};

/// How often the screen moves.
const FRAME: Duration = Duration::from_millis(200);
/// What clients may paste or ask for at most.
const TEXT_LIMIT: u32 = 1 << 20;
const ENCODINGS_LIMIT: u16 = 1024;

/// Serves one client of the screen of a VM of that name. `early` is what it has sent already; without a password it is empty.
pub(crate) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    early: &[u8],
    name: &str,
    password: &str,
) {
    // The client's end closing is no error.
    let _ = session(stream, early, Screen::new(name), password).await;
}

async fn session(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    early: &[u8],
    mut screen: Screen,
    password: &str,
) -> std::io::Result<()> {
    let (reader, mut writer) = tokio::io::split(stream);
    let mut reader = std::io::Cursor::new(early.to_vec()).chain(reader);
    writer.write_all(b"RFB 003.008\n").await?;
    let mut version = [0; 12];
    reader.read_exact(&mut version).await?;
    let kind = if password.is_empty() { 1 } else { 2 };
    let is_oldest = &version == b"RFB 003.003\n";
    if is_oldest {
        // Decided by the server.
        writer.write_all(&u32::from(kind).to_be_bytes()).await?;
    } else {
        writer.write_all(&[1, kind]).await?;
        reader.read_u8().await?;
    }
    let lets_in = match kind {
        1 => true,
        _ => {
            let challenge = password::challenge();
            writer.write_all(&challenge).await?;
            let mut answer = [0; 16];
            reader.read_exact(&mut answer).await?;
            answer == password::answer(&challenge, password)
        }
    };
    if !lets_in {
        writer.write_all(&1_u32.to_be_bytes()).await?;
        if version == *b"RFB 003.008\n" {
            let why = b"Authentication failed";
            writer.write_all(&21_u32.to_be_bytes()).await?;
            writer.write_all(why).await?;
        }
        return writer.flush().await;
    }
    if kind == 2 || version == *b"RFB 003.008\n" {
        writer.write_all(&0_u32.to_be_bytes()).await?;
    }
    reader.read_u8().await?;
    let mut init = Vec::new();
    init.extend_from_slice(&WIDTH.to_be_bytes());
    init.extend_from_slice(&HEIGHT.to_be_bytes());
    init.extend_from_slice(&PixelFormat::default().bytes());
    init.extend_from_slice(&u32::try_from(screen.name().len()).unwrap_or(0).to_be_bytes());
    init.extend_from_slice(screen.name().as_bytes());
    writer.write_all(&init).await?;
    writer.flush().await?;

    let mut format = PixelFormat::default();
    let mut wanted: Option<Wanted> = None;
    // Something was typed or pointed at that no picture shows yet.
    let mut touched = false;
    let mut next_frame = Instant::now();
    loop {
        tokio::select! {
            kind = reader.read_u8() => match kind? {
                0 => {
                    let mut message = [0; 19];
                    reader.read_exact(&mut message).await?;
                    format = PixelFormat::read(&message).ok_or(std::io::ErrorKind::InvalidData)?;
                }
                2 => {
                    reader.read_u8().await?;
                    let count = reader.read_u16().await?;
                    if count > ENCODINGS_LIMIT {
                        return Err(std::io::ErrorKind::InvalidData.into());
                    }
                    for _ in 0..count {
                        reader.read_i32().await?;
                    }
                }
                3 => {
                    let incremental = reader.read_u8().await? != 0;
                    let mut area = [0; 8];
                    reader.read_exact(&mut area).await?;
                    wanted = Some(match (incremental, wanted) {
                        (true, Some(Wanted::Everything)) | (false, _) => Wanted::Everything,
                        _ if touched => Wanted::Everything,
                        _ => Wanted::WhatMoves,
                    });
                }
                4 => {
                    let down = reader.read_u8().await? != 0;
                    reader.read_u16().await?;
                    let key = reader.read_u32().await?;
                    if down {
                        screen.key(key);
                        touched = true;
                        wanted = wanted.map(|_| Wanted::Everything);
                    }
                }
                5 => {
                    reader.read_u8().await?;
                    let (x, y) = (reader.read_u16().await?, reader.read_u16().await?);
                    screen.point(x, y);
                    touched = true;
                    wanted = wanted.map(|_| Wanted::Everything);
                }
                6 => {
                    let mut padding = [0; 3];
                    reader.read_exact(&mut padding).await?;
                    let length = reader.read_u32().await?;
                    if length > TEXT_LIMIT {
                        return Err(std::io::ErrorKind::InvalidData.into());
                    }
                    tokio::io::copy(&mut (&mut reader).take(u64::from(length)), &mut tokio::io::sink()).await?;
                }
                _ => return Err(std::io::ErrorKind::InvalidData.into()),
            },
            () = sleep_until(next_frame), if wanted.is_some() => {
                screen.tick();
                let update = match wanted.take() {
                    Some(Wanted::Everything) => {
                        touched = false;
                        screen.update(0, HEIGHT, &format)
                    }
                    _ => screen.update(screen::BAR_TOP, screen::BAR_HEIGHT, &format),
                };
                writer.write_all(&update).await?;
                writer.flush().await?;
                next_frame = Instant::now() + FRAME;
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Everything,
    WhatMoves,
}
