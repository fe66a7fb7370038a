//! Faults of the way to a host: a socket that hangs, is cut, or is refused.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Works,
    /// Nothing is read or written, nothing is closed.
    Hangs,
    /// Every read and write fails.
    Cut,
}

/// The switch of one connection.
#[derive(Debug, Clone)]
pub(crate) struct Gate(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    line: Line,
    wakers: Vec<Waker>,
}

impl Gate {
    pub(crate) fn new(line: Line) -> Self {
        Self(Arc::new(Mutex::new(State {
            line,
            wakers: Vec::new(),
        })))
    }

    /// Whether its connection still exists.
    pub(crate) fn in_use(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// Sets what the connection does; a cut one stays cut.
    pub(crate) fn set(&self, line: Line) {
        let wakers = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if state.line == Line::Cut {
                return;
            }
            state.line = line;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    fn poll(&self, ctx: &Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.line {
            Line::Works => {
                // Remember who waits on the socket, so that a cut reaches them.
                Self::remember(&mut state, ctx);
                Poll::Ready(Ok(()))
            }
            Line::Hangs => {
                Self::remember(&mut state, ctx);
                Poll::Pending
            }
            Line::Cut => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        }
    }

    fn remember(state: &mut State, ctx: &Context<'_>) {
        if !state.wakers.iter().any(|waker| waker.will_wake(ctx.waker())) {
            // Reader and writer are the only ones that wait; older wakers are stale.
            if state.wakers.len() > 8 {
                state.wakers.remove(0);
            }
            state.wakers.push(ctx.waker().clone());
        }
    }
}

/// A TCP connection behind a gate.
#[derive(Debug)]
pub(crate) struct Gated {
    pub(crate) stream: TcpStream,
    pub(crate) gate: Gate,
}

impl AsyncRead for Gated {
    fn poll_read(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        std::task::ready!(self.gate.poll(ctx))?;
        Pin::new(&mut self.stream).poll_read(ctx, buf)
    }
}

impl AsyncWrite for Gated {
    fn poll_write(mut self: Pin<&mut Self>, ctx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        std::task::ready!(self.gate.poll(ctx))?;
        Pin::new(&mut self.stream).poll_write(ctx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.gate.poll(ctx))?;
        Pin::new(&mut self.stream).poll_flush(ctx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.gate.poll(ctx))?;
        Pin::new(&mut self.stream).poll_shutdown(ctx)
    }
}
