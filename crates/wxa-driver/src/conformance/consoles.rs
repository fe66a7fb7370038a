//! Consoles.
use super::{
    bench::{Bench, Broken, Guest, check},
    terminal::{End, Terminal},
};
use crate::ErrorKind;
use std::time::{Duration, Instant};

/// A command's answer on a quiet guest.
const ANSWER: Duration = Duration::from_secs(30);
/// A released console is free again after at most this.
const RELEASED: Duration = Duration::from_secs(15);

/// A running guest's console shows its boot up to a shell that answers. Leaves the terminal attached.
///
/// # Errors
/// What is wrong.
pub async fn boots_to_a_shell(bench: &Bench, guest: &Guest) -> Result<Terminal, Broken> {
    let vm = bench.vm(&guest.name)?;
    let mut terminal = attach_when_free(bench, guest).await?;
    for (shown, typed) in &guest.sign_in {
        terminal.expect(shown, guest.boots_within).await?;
        terminal.write(typed.clone()).await?;
    }
    terminal.expect(&guest.prompt, guest.boots_within).await?;
    type_line(&terminal, "echo 'wxa-'42").await?;
    terminal.expect("wxa-42", ANSWER).await?;
    check(if bench.vm(&guest.name)?.id == vm.id {
        Ok(())
    } else {
        Err("its id changed".to_owned())
    })?;
    Ok(terminal)
}

/// Every byte reaches the guest, Ctrl-] included, and in order; the session goes on.
///
/// # Errors
/// What is wrong.
pub async fn escape_reaches_the_guest(terminal: &mut Terminal, guest: &Guest) -> Result<(), Broken> {
    // Alone, between other keys, and several in one piece.
    for (round, keys) in [&b"\x1d"[..], b"a\x1db", b"\x1d\x1d"].into_iter().enumerate() {
        if let Some(shown) = &guest.escape_shown {
            // Shells swallow what they do not know; a terminal that a plain program reads from shows it.
            type_line(terminal, &format!("echo 'cat-'{round}; cat >/dev/null")).await?;
            terminal.expect(&format!("cat-{round}"), ANSWER).await?;
            terminal.write(keys.to_vec()).await?;
            terminal.expect(shown, ANSWER).await?;
            terminal.write(&b"\r\x04"[..]).await?;
        } else {
            terminal.write(keys.to_vec()).await?;
        }
        // Ctrl-U empties the line in any shell and terminal.
        terminal.write(&b"\x15\r"[..]).await?;
        type_line(terminal, &format!("echo 'esc-'{round}")).await?;
        terminal.expect(&format!("esc-{round}"), ANSWER).await?;
    }
    Ok(())
}

/// Only one can be attached: the second is told so, and can attach when the first has left.
///
/// # Errors
/// What is wrong.
pub async fn only_one_is_attached(bench: &Bench, guest: &Guest, first: Terminal) -> Result<Terminal, Broken> {
    let vm = bench.vm(&guest.name)?;
    let busy = match bench.driver().console(vm.id, guest.console).await {
        Err(error) => error,
        Ok(io) => match Terminal::new(io).end(ANSWER).await? {
            End::Error(error) => error,
            End::Clean => return Err(Broken("the second console ended without saying why".to_owned())),
        },
    };
    check(match busy.kind {
        ErrorKind::Busy => Ok(()),
        other => Err(format!("a held console is {other:?}: {}", busy.message)),
    })?;
    drop(first);
    let mut terminal = attach_when_free(bench, guest).await?;
    terminal.write(&b"\r"[..]).await?;
    terminal.expect(&guest.prompt, ANSWER).await?;
    Ok(terminal)
}

/// A console of a guest that goes down ends without an error.
///
/// # Errors
/// What is wrong.
pub async fn ends_with_its_guest(mut terminal: Terminal, within: Duration) -> Result<(), Broken> {
    match terminal.end(within).await? {
        End::Clean => Ok(()),
        End::Error(error) => Err(Broken(format!(
            "it ended with {:?}: {}",
            error.kind, error.message
        ))),
    }
}

/// Where the host records consoles, what was shown before is there.
///
/// # Errors
/// What is wrong.
pub async fn is_recorded(bench: &Bench, guest: &Guest, words: &str) -> Result<(), Broken> {
    let vm = bench.vm(&guest.name)?;
    let until = Instant::now() + ANSWER;
    loop {
        let log = bench.driver().console_log(vm.id, 256 << 10).await?;
        if String::from_utf8_lossy(&log).contains(words) {
            let little = bench.driver().console_log(vm.id, 100).await?;
            return check(if little.len() <= 100 {
                Ok(())
            } else {
                Err(format!("{} bytes came where 100 were asked for", little.len()))
            });
        }
        if Instant::now() > until {
            return Err(Broken(format!("the log does not hold {words:?}")));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Attaches; what was released a moment ago may still be held.
pub(super) async fn attach_when_free(bench: &Bench, guest: &Guest) -> Result<Terminal, Broken> {
    let vm = bench.vm(&guest.name)?;
    let until = Instant::now() + RELEASED;
    loop {
        let mut terminal = Terminal::attach(bench.driver(), vm.id, guest).await?;
        // A guest that has been up for long shows nothing until somebody presses Enter.
        terminal.write(&b"\r"[..]).await?;
        match terminal.begins(Duration::from_secs(4)).await {
            None => return Ok(terminal),
            Some(End::Error(error)) if error.kind == ErrorKind::Busy && Instant::now() < until => {}
            Some(end) => return Err(Broken(format!("attaching to {}: {end:?}", guest.name))),
        }
    }
}

/// What is typed is echoed: only an answer may hold the words, so a line quotes a part of them.
async fn type_line(terminal: &Terminal, line: &str) -> Result<(), Broken> {
    terminal.write(format!("{line}\r")).await
}
