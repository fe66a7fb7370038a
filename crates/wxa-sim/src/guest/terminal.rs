//! The guest's console line: echo, editing, login and control keys.

use std::time::Duration;

use super::{GuestOs, Mode, Step};

/// Longest line that is kept; the rest is answered with a bell, as a tty does it.
const LINE_MAX: usize = 4095;

/// Where in an escape sequence the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    None,
    Begun,
    Sequence,
}

impl GuestOs {
    /// Takes typed bytes; the answer begins with their echo.
    pub(crate) fn input(&mut self, bytes: &[u8], now: Duration) -> Step {
        let mut step = Step::default();
        for byte in bytes {
            self.key(*byte, now, &mut step);
        }
        step
    }

    /// The prompt of the shell.
    pub(crate) fn prompt(&self) -> String {
        let sign = if self.user == "root" { '#' } else { '$' };
        format!("{}@{}:~{sign} ", self.user, self.facts.name)
    }

    fn key(&mut self, byte: u8, now: Duration, step: &mut Step) {
        if self.escape != Escape::None {
            self.escaped(byte, step);
            return;
        }
        match self.mode {
            Mode::Booting | Mode::Stopping | Mode::Dead => return,
            Mode::Flooding(_) => {
                if byte == 0x03 {
                    step.output.extend_from_slice(b"^C\r\n");
                    self.open_shell(step);
                }
                return;
            }
            Mode::Login | Mode::Password | Mode::Shell => {}
        }
        let echoes = self.mode != Mode::Password;
        match byte {
            b'\r' | b'\n' => {
                step.output.extend_from_slice(b"\r\n");
                // Typed bytes are kept one per character: put them together again.
                let typed: Vec<u8> = std::mem::take(&mut self.line)
                    .chars()
                    .filter_map(|c| u8::try_from(c).ok())
                    .collect();
                let line = String::from_utf8_lossy(&typed);
                self.recalled = None;
                self.entered(&line, now, step);
            }
            0x7f | 0x08 => {
                if self.line.pop().is_some() && echoes {
                    step.output.extend_from_slice(b"\x08 \x08");
                }
            }
            0x03 => {
                self.line.clear();
                step.output.extend_from_slice(b"^C\r\n");
                self.again(step);
            }
            0x04 if self.line.is_empty() && self.mode == Mode::Shell => {
                step.output.extend_from_slice(b"logout\r\n");
                self.log_out(step);
            }
            0x0c if self.mode == Mode::Shell => {
                step.output.extend_from_slice(b"\x1b[H\x1b[2J");
                step.output.extend_from_slice(self.prompt().as_bytes());
                step.output.extend_from_slice(self.line.as_bytes());
            }
            0x15 => self.replace_line(String::new(), step),
            0x17 => {
                let kept = self.line.trim_end().rfind(' ').map_or(0, |at| at + 1);
                let kept = self.line.get(..kept).unwrap_or("").to_owned();
                self.replace_line(kept, step);
            }
            0x1b => self.escape = Escape::Begun,
            0x00..=0x1f => {}
            byte if self.line.len() < LINE_MAX => {
                // A byte of a longer UTF-8 character is echoed as it comes and kept as it is.
                self.line.push(char::from(byte));
                if echoes {
                    step.output.push(byte);
                }
            }
            _ => step.output.push(0x07),
        }
    }

    fn escaped(&mut self, byte: u8, step: &mut Step) {
        self.escape = match (self.escape, byte) {
            (Escape::Begun, b'[' | b'O') => Escape::Sequence,
            (Escape::Sequence, 0x20..=0x3f) => Escape::Sequence,
            (Escape::Sequence, b'A') => self.recall(Recall::Older, step),
            (Escape::Sequence, b'B') => self.recall(Recall::Newer, step),
            _ => Escape::None,
        };
    }

    fn recall(&mut self, direction: Recall, step: &mut Step) -> Escape {
        if self.mode == Mode::Shell {
            let at = match (direction, self.recalled) {
                (Recall::Older, None) => self.history.len().checked_sub(1),
                (Recall::Older, Some(at)) => Some(at.saturating_sub(1)),
                (Recall::Newer, at) => at.map(|at| at + 1).filter(|at| *at < self.history.len()),
            };
            self.recalled = at;
            let line = at
                .and_then(|at| self.history.get(at).cloned())
                .unwrap_or_default();
            self.replace_line(line, step);
        }
        Escape::None
    }

    fn replace_line(&mut self, line: String, step: &mut Step) {
        if self.mode != Mode::Password {
            step.output
                .extend_from_slice("\x08 \x08".repeat(self.line.chars().count()).as_bytes());
            step.output.extend_from_slice(line.as_bytes());
        }
        self.line = line;
    }

    fn entered(&mut self, line: &str, now: Duration, step: &mut Step) {
        match self.mode {
            Mode::Login if line.trim().is_empty() => self.again(step),
            Mode::Login => {
                self.user = line.trim().to_owned();
                self.mode = Mode::Password;
                step.output.extend_from_slice(b"Password: ");
            }
            Mode::Password => {
                let name = &self.facts.name;
                let banner = format!(
                    "Linux {name} {} #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 x86_64\r\n",
                    super::boot::KERNEL
                );
                step.output.extend_from_slice(banner.as_bytes());
                self.open_shell(step);
            }
            Mode::Shell => {
                if !line.trim().is_empty() {
                    self.history.push(line.to_owned());
                    let extra = self.history.len().saturating_sub(100);
                    self.history.drain(..extra);
                }
                let answer = self.run(line.trim(), now);
                step.output
                    .extend_from_slice(answer.replace('\n', "\r\n").as_bytes());
                if self.mode == Mode::Shell {
                    self.again(step);
                }
            }
            _ => {}
        }
    }

    fn open_shell(&mut self, step: &mut Step) {
        self.mode = Mode::Shell;
        if self.user.is_empty() {
            self.user = "root".into();
        }
        self.again(step);
    }

    /// Back to the login prompt.
    pub(crate) fn log_out(&mut self, step: &mut Step) {
        self.mode = Mode::Login;
        self.user.clear();
        let issue = format!(
            "\r\nDebian GNU/Linux 12 {} {}\r\n\r\n",
            self.facts.name,
            self.facts.tty()
        );
        step.output.extend_from_slice(issue.as_bytes());
        self.again(step);
    }

    fn again(&mut self, step: &mut Step) {
        let prompt = match self.mode {
            Mode::Shell => self.prompt(),
            _ => {
                self.mode = Mode::Login;
                format!("{} login: ", self.facts.name)
            }
        };
        step.output.extend_from_slice(prompt.as_bytes());
    }
}

#[derive(Clone, Copy)]
enum Recall {
    Older,
    Newer,
}
