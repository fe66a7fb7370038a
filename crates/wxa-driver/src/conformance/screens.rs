//! Screens, of drivers that offer graphical consoles: RFB (RFC 6143) from the greeting to pictures that move.
mod rfb;

pub use rfb::Screen;

use super::{
    bench::{Bench, Broken, check},
    terminal::End,
};
use crate::ErrorKind;
use std::time::Duration;
use tokio::time::Instant;
use wxa_model::ConsoleKind;

/// A screen's answer to whatever it is asked.
const ANSWER: Duration = Duration::from_secs(30);
/// No screen of a guest is larger, in pixels.
const LARGEST: u16 = 8192;

/// A running VM's screen greets, lets us in without a password, has a plausible size and draws itself. Leaves it attached.
///
/// # Errors
/// What is wrong.
pub async fn speaks_rfb(bench: &Bench, name: &str) -> Result<Screen, Broken> {
    let vm = bench.vm(name)?;
    let can = bench.driver().capabilities().consoles;
    check(
        match (
            can.contains(&ConsoleKind::Graphical),
            vm.consoles.contains(&ConsoleKind::Graphical),
        ) {
            (true, true) => Ok(()),
            (false, _) => Err("the driver does not say that it opens screens".to_owned()),
            (_, false) => Err(format!("{name} is not said to have one: {:?}", vm.consoles)),
        },
    )?;
    let io = bench.driver().console(vm.id, ConsoleKind::Graphical).await?;
    let mut screen = Screen::begin(io, ANSWER).await?;
    let (width, height) = screen.size();
    let plausible = 1..=LARGEST;
    check(match plausible.contains(&width) && plausible.contains(&height) {
        true => Ok(()),
        false => Err(format!("a screen of {width} × {height}")),
    })?;
    screen.ask_for_all().await?;
    screen.update(ANSWER).await?;
    Ok(screen)
}

/// What it shows changes within a time by itself.
///
/// # Errors
/// What is wrong.
pub async fn moves(screen: &mut Screen, within: Duration) -> Result<(), Broken> {
    let until = Instant::now() + within;
    let before = screen.picture().to_vec();
    while screen.picture() == before {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Broken(format!("nothing moved within {within:?}")));
        }
        screen.ask_for_changes().await?;
        screen.update(left).await?;
    }
    Ok(())
}

/// Two may look at once, each with a session of its own.
///
/// # Errors
/// What is wrong.
pub async fn several_look_at_once(bench: &Bench, name: &str) -> Result<(), Broken> {
    let mut first = speaks_rfb(bench, name).await?;
    let mut second = speaks_rfb(bench, name).await?;
    moves(&mut first, ANSWER).await?;
    drop(first);
    moves(&mut second, ANSWER).await
}

/// A VM that does not run has none, and the sentence names it.
///
/// # Errors
/// What is wrong.
pub async fn is_refused_while_it_does_not_run(bench: &Bench, name: &str) -> Result<(), Broken> {
    let vm = bench.vm(name)?;
    let opened = bench.driver().console(vm.id, ConsoleKind::Graphical).await;
    let error = opened.err();
    let error = error.ok_or_else(|| Broken(format!("{name} does not run and has a screen")))?;
    check(match error.kind {
        ErrorKind::Refused { .. } if error.message.contains(name) => Ok(()),
        kind => Err(format!("it is {kind:?}: {}", error.message)),
    })
}

/// The screen of a VM that goes down ends without an error.
///
/// # Errors
/// What is wrong.
pub async fn ends_with_its_vm(screen: Screen, within: Duration) -> Result<(), Broken> {
    match screen.end(within).await? {
        End::Clean => Ok(()),
        End::Error(error) => Err(Broken(format!(
            "it ended with {:?}: {}",
            error.kind, error.message
        ))),
    }
}
