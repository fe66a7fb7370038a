//! Looking back: a stretch of what was printed, at a line, and played from there.
#[cfg(feature = "hydrate")]
mod projector;
#[cfg(any(feature = "hydrate", test))]
mod reel;
mod view;

pub(super) use view::PastView;
