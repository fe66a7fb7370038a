//! Somebody in front of a screen: as much of an RFB client as it takes to see that it lives. Raw rectangles only.
use crate::{
    ConsoleIo,
    conformance::{Broken, terminal::End},
};
use bytes::{Buf, Bytes, BytesMut};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The security type without a password.
const NONE: u8 = 1;
const RAW: i32 = 0;
/// The longest text that is taken: a name, a reason, a clipboard.
const LONGEST: usize = 1 << 20;
/// The most pixels that are kept.
const MOST_PIXELS: usize = 1 << 24;

/// An attached screen and the picture so far.
#[derive(Debug)]
pub struct Screen {
    io: ConsoleIo,
    /// What came and was not looked at yet.
    ahead: BytesMut,
    width: u16,
    height: u16,
    /// Of each pixel.
    bytes: usize,
    picture: Vec<u8>,
}

impl Screen {
    /// Shakes hands: versions, security, sizes.
    ///
    /// # Errors
    /// What is not RFB, or asks for a password.
    pub async fn begin(io: ConsoleIo, within: Duration) -> Result<Self, Broken> {
        let until = Instant::now() + within;
        let mut screen = Self {
            io,
            ahead: BytesMut::new(),
            width: 0,
            height: 0,
            bytes: 0,
            picture: Vec::new(),
        };
        let greeting = screen.take(12, until).await?;
        let version = match &greeting[..] {
            b"RFB 003.003\n" => 3,
            b"RFB 003.007\n" => 7,
            b"RFB 003.008\n" => 8,
            _ => return Err(Broken(format!("it greets with {greeting:?}"))),
        };
        screen.write(greeting).await?;
        screen.pass_security(version, until).await?;
        // Others may look too.
        screen.write(&[1][..]).await?;
        let mut init = screen.take(24, until).await?;
        (screen.width, screen.height) = (init.get_u16(), init.get_u16());
        let bits = init.get_u8();
        if !matches!(bits, 8 | 16 | 32) {
            return Err(Broken(format!("pixels of {bits} bits")));
        }
        screen.bytes = usize::from(bits / 8);
        init.advance(15);
        screen.text(init.get_u32(), until).await?;
        let pixels = usize::from(screen.width) * usize::from(screen.height);
        if pixels > MOST_PIXELS {
            return Err(Broken(format!("{pixels} pixels")));
        }
        screen.picture = vec![0; pixels * screen.bytes];
        // SetEncodings: raw alone.
        screen.write(&[2, 0, 0, 1, 0, 0, 0, 0][..]).await?;
        Ok(screen)
    }

    async fn pass_security(&mut self, version: u8, until: Instant) -> Result<(), Broken> {
        if version == 3 {
            return match self.take(4, until).await?.get_u32() {
                1 => Ok(()),
                0 => Err(self.reason(until).await),
                other => Err(Broken(format!("it wants security {other}"))),
            };
        }
        let count = self.take(1, until).await?.get_u8();
        if count == 0 {
            return Err(self.reason(until).await);
        }
        let types = self.take(usize::from(count), until).await?;
        if !types.contains(&NONE) {
            return Err(Broken(format!("it wants security {types:?}")));
        }
        self.write(&[NONE][..]).await?;
        if version == 8 && self.take(4, until).await?.get_u32() != 0 {
            return Err(self.reason(until).await);
        }
        Ok(())
    }

    /// Why it lets nobody in.
    async fn reason(&mut self, until: Instant) -> Broken {
        let said = async {
            let length = self.take(4, until).await?.get_u32();
            self.text(length, until).await
        };
        match said.await {
            Ok(why) => Broken(format!("it lets nobody in: {}", String::from_utf8_lossy(&why))),
            Err(broken) => broken,
        }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// The pixels as they came, row by row.
    pub fn picture(&self) -> &[u8] {
        &self.picture
    }

    /// Asks for the whole picture.
    ///
    /// # Errors
    /// When the screen has ended.
    pub async fn ask_for_all(&self) -> Result<(), Broken> {
        self.request(0).await
    }

    /// Asks for what will have changed.
    ///
    /// # Errors
    /// When the screen has ended.
    pub async fn ask_for_changes(&self) -> Result<(), Broken> {
        self.request(1).await
    }

    async fn request(&self, incremental: u8) -> Result<(), Broken> {
        let [w0, w1] = self.width.to_be_bytes();
        let [h0, h1] = self.height.to_be_bytes();
        let request = [3, incremental, 0, 0, 0, 0, w0, w1, h0, h1];
        self.write(Bytes::copy_from_slice(&request)).await
    }

    /// Waits for the next update and draws it.
    ///
    /// # Errors
    /// When none comes, or what comes is none.
    pub async fn update(&mut self, within: Duration) -> Result<(), Broken> {
        let until = Instant::now() + within;
        loop {
            match self.take(1, until).await?.get_u8() {
                0 => break,
                // A table of colours, a bell, a clipboard.
                1 => {
                    let mut head = self.take(5, until).await?;
                    head.advance(3);
                    self.take(6 * usize::from(head.get_u16()), until).await?;
                }
                2 => {}
                3 => {
                    let mut head = self.take(7, until).await?;
                    head.advance(3);
                    self.text(head.get_u32(), until).await?;
                }
                other => return Err(Broken(format!("there is no message {other} in RFB"))),
            }
        }
        let mut head = self.take(3, until).await?;
        head.advance(1);
        for _ in 0..head.get_u16() {
            self.rectangle(until).await?;
        }
        Ok(())
    }

    async fn rectangle(&mut self, until: Instant) -> Result<(), Broken> {
        let mut head = self.take(12, until).await?;
        let [x, y, width, height] = [head.get_u16(), head.get_u16(), head.get_u16(), head.get_u16()];
        let encoding = head.get_i32();
        if encoding != RAW {
            return Err(Broken(format!(
                "a rectangle in encoding {encoding}, not asked for"
            )));
        }
        let fits = |at: u16, size: u16, all: u16| at.checked_add(size).is_some_and(|end| end <= all);
        if !fits(x, width, self.width) || !fits(y, height, self.height) {
            return Err(Broken(format!(
                "{width} × {height} at {x}, {y} is beside the screen"
            )));
        }
        let row = usize::from(width) * self.bytes;
        for line in 0..height {
            let pixels = self.take(row, until).await?;
            let start = (usize::from(y + line) * usize::from(self.width) + usize::from(x)) * self.bytes;
            if let Some(shown) = self.picture.get_mut(start..start + row) {
                shown.copy_from_slice(&pixels);
            }
        }
        Ok(())
    }

    /// Waits for the stream to end, whatever it shows until then.
    ///
    /// # Errors
    /// When it does not.
    pub async fn end(mut self, within: Duration) -> Result<End, Broken> {
        let until = Instant::now() + within;
        loop {
            match timeout_at(until, self.io.output.recv()).await {
                Ok(Some(Ok(_))) => {}
                Ok(None) => return Ok(End::Clean),
                Ok(Some(Err(error))) => return Ok(End::Error(error)),
                Err(_) => return Err(Broken(format!("it did not end within {within:?}"))),
            }
        }
    }

    async fn text(&mut self, length: u32, until: Instant) -> Result<Bytes, Broken> {
        match usize::try_from(length) {
            Ok(length) if length <= LONGEST => self.take(length, until).await,
            _ => Err(Broken(format!("a text of {length} bytes"))),
        }
    }

    /// The next so many bytes.
    async fn take(&mut self, count: usize, until: Instant) -> Result<Bytes, Broken> {
        while self.ahead.len() < count {
            match timeout_at(until, self.io.output.recv()).await {
                Ok(Some(Ok(bytes))) => self.ahead.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => {
                    return Err(Broken(format!(
                        "the screen ended: {:?}: {}",
                        error.kind, error.message
                    )));
                }
                Ok(None) => return Err(Broken("the screen ended".to_owned())),
                Err(_) => return Err(Broken(format!("{count} bytes more did not come"))),
            }
        }
        Ok(self.ahead.split_to(count).freeze())
    }

    async fn write(&self, bytes: impl Into<Bytes>) -> Result<(), Broken> {
        let sent = self.io.input.send(bytes.into()).await;
        sent.map_err(|_| Broken("the screen takes no input any more".to_owned()))
    }
}
