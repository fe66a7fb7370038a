//! A stream to a port of the host.
use tokio::io::{AsyncRead, AsyncWrite};

/// What carries bytes both ways.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A stream to a port of the host. Dropping it closes it there too.
pub(crate) type Tunnel = Box<dyn Stream>;
