//! A child process: its streams, its end, and how it is ended when nobody listens any more.
use super::failure;
use crate::transport::{Closed, Said};
use bytes::{Bytes, BytesMut};
use pty_process::{OwnedReadPty, OwnedWritePty};
use rustix::{
    process::{Pid, Signal, kill_process_group},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};
use std::{collections::VecDeque, ffi::OsStr, future::pending, io, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    process::ChildStderr,
    time::{Instant, sleep_until, timeout},
};

/// The most that is read at once.
const PIECE: usize = 16 << 10;
/// What a process's children may still print after its end.
const DRAIN: Duration = Duration::from_millis(500);
/// Between asking a process group to end and killing it.
const GRACE: Duration = Duration::from_secs(2);

/// A child process. Dropping it ends its process group.
#[derive(Debug)]
pub(crate) struct Child {
    output: Output,
    input: Input,
}

/// What it says.
pub(crate) struct Output {
    out: Option<Box<dyn AsyncRead + Send + Unpin>>,
    err: Option<ChildStderr>,
    process: Option<tokio::process::Child>,
    group: Option<Pid>,
    /// Its exit status, and until when its streams are still read.
    ended: Option<(Option<u32>, Instant)>,
    /// To be said before anything else.
    ready: VecDeque<Said>,
    buffer: BytesMut,
}

/// What it hears.
pub(crate) struct Input(Option<Box<dyn AsyncWrite + Send + Unpin>>);

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Input")
    }
}

impl Child {
    /// One that could not be started, as a shell would tell it.
    pub(super) fn failed(status: u32, words: Bytes) -> Self {
        let mut output = Output::new();
        output.ready.extend(failure(status, words));
        Self {
            output,
            input: Input(None),
        }
    }

    /// Starts it on three pipes.
    pub(super) fn on_pipes(program: &OsStr, arguments: &[&str], path: &OsStr) -> io::Result<Self> {
        let mut process = tokio::process::Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(environment(path))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let mut output = Output::new();
        output.out = process.stdout.take().map(boxed);
        output.err = process.stderr.take();
        let input = process.stdin.take();
        output.holds(process);
        Ok(Self {
            output,
            input: Input(input.map(|input| Box::new(input) as _)),
        })
    }

    /// Starts it on a terminal of its own, which changes no byte.
    pub(super) fn on_terminal(program: &OsStr, arguments: &[&str], path: &OsStr) -> io::Result<Self> {
        let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
        let mut modes = tcgetattr(&pts)?;
        modes.make_raw();
        tcsetattr(&pts, OptionalActions::Now, &modes)?;
        pty.resize(pty_process::Size::new(24, 80))
            .map_err(io::Error::other)?;
        let process = pty_process::Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(environment(path))
            .env("TERM", "xterm")
            .current_dir("/")
            .spawn(pts)
            .map_err(|error| match error {
                pty_process::Error::Io(error) => error,
                other => io::Error::other(other),
            })?;
        let (read, write): (OwnedReadPty, OwnedWritePty) = pty.into_split();
        let mut output = Output::new();
        output.out = Some(boxed(read));
        output.holds(process);
        Ok(Self {
            output,
            input: Input(Some(Box::new(write))),
        })
    }

    /// Both directions, to be used at the same time.
    pub(crate) fn halves(&mut self) -> (&mut Output, &mut Input) {
        (&mut self.output, &mut self.input)
    }
}

/// All that a tool needs to know: our own environment may hold secrets.
fn environment(path: &OsStr) -> [(&'static str, &OsStr); 3] {
    [
        ("PATH", path),
        ("HOME", OsStr::new("/")),
        ("LC_ALL", OsStr::new("C.UTF-8")),
    ]
}

fn boxed(stream: impl AsyncRead + Send + Unpin + 'static) -> Box<dyn AsyncRead + Send + Unpin> {
    Box::new(stream)
}

impl Output {
    fn new() -> Self {
        Self {
            out: None,
            err: None,
            process: None,
            group: None,
            ended: None,
            ready: VecDeque::new(),
            buffer: BytesMut::new(),
        }
    }

    fn holds(&mut self, process: tokio::process::Child) {
        let id = process.id().and_then(|id| i32::try_from(id).ok());
        self.group = id.and_then(Pid::from_raw);
        self.process = Some(process);
    }

    /// See [`crate::transport::Reader::next`]. Its end is said after all that it printed.
    pub(crate) async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some(said) = self.ready.pop_front() {
                return Some(said);
            }
            if self.out.is_none() && self.err.is_none() {
                self.process.as_ref()?;
                if let Some((status, _)) = self.ended {
                    self.process = None;
                    return Some(Said::Ended(status));
                }
            }
            self.buffer.reserve(PIECE);
            let drained = self.ended.map(|(_, until)| until);
            tokio::select! {
                biased;
                count = read(self.out.as_mut(), &mut self.buffer) => {
                    if count == 0 {
                        self.out = None;
                    } else {
                        return Some(Said::Out(self.buffer.split().freeze()));
                    }
                }
                said = read_complaint(self.err.as_mut()) => match said {
                    Some(bytes) => return Some(Said::Err(bytes)),
                    None => self.err = None,
                },
                status = wait(self.process.as_mut()), if self.ended.is_none() => {
                    self.group = None;
                    self.ended = Some((status, Instant::now() + DRAIN));
                }
                () = at(drained) => (self.out, self.err) = (None, None),
            }
        }
    }
}

/// Reads a piece; 0 at the end. A terminal whose other side is closed answers with an error: that is its end.
async fn read(stream: Option<&mut Box<dyn AsyncRead + Send + Unpin>>, buffer: &mut BytesMut) -> usize {
    match stream {
        Some(stream) => stream.read_buf(buffer).await.unwrap_or(0),
        None => pending().await,
    }
}

async fn read_complaint(stream: Option<&mut ChildStderr>) -> Option<Bytes> {
    let Some(stream) = stream else {
        return pending().await;
    };
    let mut buffer = BytesMut::with_capacity(1024);
    match stream.read_buf(&mut buffer).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(buffer.freeze()),
    }
}

async fn wait(process: Option<&mut tokio::process::Child>) -> Option<u32> {
    let Some(process) = process else {
        return pending().await;
    };
    let status = process.wait().await.ok()?;
    status.code().and_then(|code| u32::try_from(code).ok())
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

impl Input {
    /// See [`crate::transport::Writer::write`].
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        let stream = self.0.as_mut().ok_or(Closed)?;
        stream.write_all(bytes).await.map_err(|_| Closed)
    }

    /// See [`crate::transport::Writer::close`].
    pub(crate) fn close(&mut self) {
        self.0 = None;
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let (Some(group), Some(mut process)) = (self.group.take(), self.process.take()) else {
            return;
        };
        // It may have ended just now.
        let _ = kill_process_group(group, Signal::TERM);
        // Without a runtime the whole server is ending.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if timeout(GRACE, process.wait()).await.is_err() {
                    let _ = kill_process_group(group, Signal::KILL);
                    let _ = process.wait().await;
                }
            });
        }
    }
}
