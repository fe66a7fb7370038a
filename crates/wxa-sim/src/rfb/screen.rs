//! What the simulated screen shows, and how its pixels are written.

pub(super) const WIDTH: u16 = 640;
pub(super) const HEIGHT: u16 = 400;
/// Where the bar moves.
pub(super) const BAR_TOP: u16 = 330;
pub(super) const BAR_HEIGHT: u16 = 24;
const BAR_WIDTH: u16 = 80;
/// Letters are so many pixels for each of their dots.
const NAME_SCALE: u16 = 6;
const TEXT_SCALE: u16 = 3;
/// How much of what was typed is shown.
const TYPED: usize = 32;

const BACKGROUND: [u8; 3] = [0x12, 0x1a, 0x24];
const INK: [u8; 3] = [0xe6, 0xed, 0xf3];
const ACCENT: [u8; 3] = [0x3f, 0xb9, 0x50];

/// How a client wants its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PixelFormat {
    bits: u8,
    big_endian: bool,
    max: [u16; 3],
    shift: [u8; 3],
}

impl Default for PixelFormat {
    fn default() -> Self {
        Self {
            bits: 32,
            big_endian: false,
            max: [255; 3],
            shift: [16, 8, 0],
        }
    }
}

impl PixelFormat {
    /// As ServerInit writes it.
    pub(super) fn bytes(self) -> [u8; 16] {
        let [red, green, blue] = self.max.map(u16::to_be_bytes);
        let [r, g, b] = self.shift;
        [
            self.bits,
            24,
            u8::from(self.big_endian),
            1,
            red[0],
            red[1],
            green[0],
            green[1],
            blue[0],
            blue[1],
            r,
            g,
            b,
            0,
            0,
            0,
        ]
    }

    /// Reads SetPixelFormat, three bytes of padding first; none for what is not true colour.
    pub(super) fn read(message: &[u8; 19]) -> Option<Self> {
        let [
            _,
            _,
            _,
            bits,
            _,
            big,
            true_colour,
            r0,
            r1,
            g0,
            g1,
            b0,
            b1,
            rs,
            gs,
            bs,
            ..,
        ] = *message;
        let fits =
            matches!(bits, 8 | 16 | 32) && true_colour != 0 && [rs, gs, bs].iter().all(|shift| *shift < 32);
        fits.then_some(Self {
            bits,
            big_endian: big != 0,
            max: [[r0, r1], [g0, g1], [b0, b1]].map(u16::from_be_bytes),
            shift: [rs, gs, bs],
        })
    }

    fn write(&self, colour: [u8; 3], out: &mut Vec<u8>) {
        let parts = colour.iter().zip(self.max).zip(self.shift);
        let pixel = parts.fold(0_u32, |pixel, ((part, max), shift)| {
            pixel | (u32::from(*part) * u32::from(max) / 255).wrapping_shl(u32::from(shift))
        });
        let bytes = if self.big_endian {
            pixel.to_be_bytes()
        } else {
            pixel.to_le_bytes()
        };
        let count = usize::from(self.bits / 8);
        let part = if self.big_endian {
            bytes.get(4 - count..)
        } else {
            bytes.get(..count)
        };
        out.extend_from_slice(part.unwrap_or_default());
    }
}

/// The screen of one client.
#[derive(Debug)]
pub(super) struct Screen {
    name: String,
    typed: String,
    ticks: u16,
    pointer: (u16, u16),
}

impl Screen {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            typed: String::new(),
            ticks: 0,
            pointer: (WIDTH, HEIGHT),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The bar moves on.
    pub(super) fn tick(&mut self) {
        self.ticks = (self.ticks + 16) % (WIDTH - BAR_WIDTH);
    }

    /// A key was pressed: X's keysym.
    pub(super) fn key(&mut self, keysym: u32) {
        match keysym {
            0xff0d => self.typed.clear(),
            0xff08 => {
                self.typed.pop();
            }
            0x20..=0x7e => self.typed.extend(char::from_u32(keysym)),
            _ => {}
        }
        if self.typed.len() > TYPED {
            self.typed.remove(0);
        }
    }

    pub(super) fn point(&mut self, x: u16, y: u16) {
        self.pointer = (x, y);
    }

    /// FramebufferUpdate with one raw rectangle over the whole width.
    pub(super) fn update(&self, top: u16, height: u16, format: &PixelFormat) -> Vec<u8> {
        let size = usize::from(WIDTH) * usize::from(height) * usize::from(format.bits / 8);
        let mut out = Vec::with_capacity(size + 16);
        out.extend_from_slice(&[0, 0, 0, 1]);
        for number in [0, top, WIDTH, height] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        out.extend_from_slice(&0_i32.to_be_bytes());
        for y in top..top + height {
            for x in 0..WIDTH {
                format.write(self.colour(x, y), &mut out);
            }
        }
        out
    }

    fn colour(&self, x: u16, y: u16) -> [u8; 3] {
        let (px, py) = self.pointer;
        let is_pointer = x.abs_diff(px) < 3 && y.abs_diff(py) < 3;
        let on_bar =
            (BAR_TOP..BAR_TOP + BAR_HEIGHT).contains(&y) && (self.ticks..self.ticks + BAR_WIDTH).contains(&x);
        let typed = format!("> {}_", self.typed);
        if is_pointer || on_bar {
            ACCENT
        } else if written(&self.name, 24, 80, NAME_SCALE, x, y) || written(&typed, 24, 200, TEXT_SCALE, x, y)
        {
            INK
        } else {
            BACKGROUND
        }
    }
}

/// Whether a text that begins at a place covers a pixel.
fn written(text: &str, left: u16, top: u16, scale: u16, x: u16, y: u16) -> bool {
    let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else {
        return false;
    };
    let (column, row) = (x / scale, usize::from(y / scale));
    let letter = text.chars().nth(usize::from(column / 6));
    let line = letter.and_then(|letter| glyph(letter).get(row).copied());
    line.is_some_and(|line| column % 6 < 5 && line >> (4 - column % 6) & 1 == 1)
}

/// Five dots in seven lines.
fn glyph(letter: char) -> [u8; 7] {
    match letter.to_ascii_uppercase() {
        'A' => [14, 17, 17, 31, 17, 17, 17],
        'B' => [30, 17, 17, 30, 17, 17, 30],
        'C' => [14, 17, 16, 16, 16, 17, 14],
        'D' => [30, 17, 17, 17, 17, 17, 30],
        'E' => [31, 16, 16, 30, 16, 16, 31],
        'F' => [31, 16, 16, 30, 16, 16, 16],
        'G' => [14, 17, 16, 23, 17, 17, 15],
        'H' => [17, 17, 17, 31, 17, 17, 17],
        'I' => [14, 4, 4, 4, 4, 4, 14],
        'J' => [7, 2, 2, 2, 2, 18, 12],
        'K' => [17, 18, 20, 24, 20, 18, 17],
        'L' => [16, 16, 16, 16, 16, 16, 31],
        'M' => [17, 27, 21, 21, 17, 17, 17],
        'N' => [17, 25, 21, 19, 17, 17, 17],
        'O' => [14, 17, 17, 17, 17, 17, 14],
        'P' => [30, 17, 17, 30, 16, 16, 16],
        'Q' => [14, 17, 17, 17, 21, 18, 13],
        'R' => [30, 17, 17, 30, 20, 18, 17],
        'S' => [15, 16, 16, 14, 1, 1, 30],
        'T' => [31, 4, 4, 4, 4, 4, 4],
        'U' => [17, 17, 17, 17, 17, 17, 14],
        'V' => [17, 17, 17, 17, 17, 10, 4],
        'W' => [17, 17, 17, 21, 21, 27, 17],
        'X' => [17, 17, 10, 4, 10, 17, 17],
        'Y' => [17, 17, 10, 4, 4, 4, 4],
        'Z' => [31, 1, 2, 4, 8, 16, 31],
        '0' => [14, 17, 19, 21, 25, 17, 14],
        '1' => [4, 12, 4, 4, 4, 4, 14],
        '2' => [14, 17, 1, 6, 8, 16, 31],
        '3' => [30, 1, 1, 14, 1, 1, 30],
        '4' => [2, 6, 10, 18, 31, 2, 2],
        '5' => [31, 16, 30, 1, 1, 17, 14],
        '6' => [6, 8, 16, 30, 17, 17, 14],
        '7' => [31, 1, 2, 4, 8, 8, 8],
        '8' => [14, 17, 17, 14, 17, 17, 14],
        '9' => [14, 17, 17, 15, 1, 2, 12],
        '-' => [0, 0, 0, 31, 0, 0, 0],
        '_' => [0, 0, 0, 0, 0, 0, 31],
        '.' => [0, 0, 0, 0, 0, 12, 12],
        '>' => [8, 4, 2, 1, 2, 4, 8],
        ' ' => [0; 7],
        _ => [31, 17, 17, 17, 17, 17, 31],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_moves_and_what_is_typed_shows() {
        let mut screen = Screen::new("web-01");
        let format = PixelFormat::default();
        let before = screen.update(BAR_TOP, BAR_HEIGHT, &format);
        assert_eq!(before.len(), 16 + 640 * 24 * 4);
        screen.tick();
        assert_ne!(before, screen.update(BAR_TOP, BAR_HEIGHT, &format));
        let blank = screen.update(0, HEIGHT, &format);
        screen.key(u32::from('x'));
        assert_ne!(blank, screen.update(0, HEIGHT, &format));
    }

    #[test]
    fn pixels_come_as_the_client_wants_them() {
        let mut message = [0; 19];
        message[3..].copy_from_slice(&[16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]);
        let format = PixelFormat::read(&message).expect("a format");
        let mut out = Vec::new();
        format.write([255, 0, 0], &mut out);
        assert_eq!(out, [0x00, 0xf8]);
        message[3] = 24;
        assert_eq!(PixelFormat::read(&message), None);
    }
}
