//! A small RFB server: a screen with the VM's name and a bar that moves; what is typed appears on it. Raw rectangles only.

mod screen;

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use super::Stream;
use crate::xapi::pool::PoolHandle;
use crate::xapi::value::Ref;
use screen::{HEIGHT, PixelFormat, Screen, WIDTH};

/// How often the screen moves.
const FRAME: Duration = Duration::from_millis(200);
/// What clients may paste or ask for at most.
const TEXT_LIMIT: u32 = 1 << 20;
const ENCODINGS_LIMIT: u16 = 1024;

/// Serves one client. `early` is what it has sent already.
pub(super) async fn serve(stream: impl Stream, early: &[u8], pool: &PoolHandle, vm: Ref) {
    let name = pool.with(|world| world.db.text("VM", vm, "name_label").to_owned());
    // The client's end closing is no error.
    let _ = session(stream, early, Screen::new(&name)).await;
}

async fn session(stream: impl Stream, early: &[u8], mut screen: Screen) -> std::io::Result<()> {
    let (reader, mut writer) = tokio::io::split(stream);
    let mut reader = std::io::Cursor::new(early.to_vec()).chain(reader);
    writer.write_all(b"RFB 003.008\n").await?;
    let mut version = [0; 12];
    reader.read_exact(&mut version).await?;
    if &version == b"RFB 003.003\n" {
        // Security: none, decided by the server.
        writer.write_all(&1_u32.to_be_bytes()).await?;
    } else {
        writer.write_all(&[1, 1]).await?;
        reader.read_u8().await?;
        if version != *b"RFB 003.007\n" {
            writer.write_all(&0_u32.to_be_bytes()).await?;
        }
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
                        _ => Wanted::WhatMoves,
                    });
                }
                4 => {
                    let down = reader.read_u8().await? != 0;
                    reader.read_u16().await?;
                    let key = reader.read_u32().await?;
                    if down {
                        screen.key(key);
                        wanted = wanted.map(|_| Wanted::Everything);
                    }
                }
                5 => {
                    reader.read_u8().await?;
                    let (x, y) = (reader.read_u16().await?, reader.read_u16().await?);
                    screen.point(x, y);
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
                    Some(Wanted::Everything) => screen.update(0, HEIGHT, &format),
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
