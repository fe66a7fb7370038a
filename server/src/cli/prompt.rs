//! Asking at the terminal. Passwords come from here or from standard input, never from the command line, which
//! everybody on the machine can read.
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use std::{
    io::{BufRead, IsTerminal, Write},
    process::{Command, Stdio},
};

/// A password: typed without echo at a terminal, else the first line of standard input.
///
/// # Errors
/// When there is none.
pub(super) fn password(what: &str) -> anyhow::Result<SecretString> {
    if !std::io::stdin().is_terminal() {
        return line().map(SecretString::from);
    }
    eprint!("{what}: ");
    std::io::stderr().flush()?;
    let quiet = Quiet::begin();
    let typed = line();
    drop(quiet);
    eprintln!();
    typed.map(SecretString::from)
}

/// A passphrase for something new: typed twice at a terminal.
///
/// # Errors
/// When there is none, or the two differ.
pub(super) fn new_passphrase() -> anyhow::Result<SecretString> {
    let typed = password("Passphrase")?;
    if std::io::stdin().is_terminal() {
        let again = password("Once more")?;
        if typed.expose_secret() != again.expose_secret() {
            bail!("the two were not the same");
        }
    }
    Ok(typed)
}

/// A yes or no question at a terminal; without a terminal the answer is no.
///
/// # Errors
/// When the terminal cannot be read.
pub(super) fn confirmed(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("{question} [yes/no] ");
    std::io::stderr().flush()?;
    Ok(line()?.trim().eq_ignore_ascii_case("yes"))
}

fn line() -> anyhow::Result<String> {
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .read_line(&mut text)
        .context("reading standard input")?;
    if read == 0 {
        bail!("nothing was typed");
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Echo is off while this lives.
struct Quiet;

impl Quiet {
    fn begin() -> Self {
        stty("-echo");
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(what: &str) {
    // Where there is no stty the password is seen while it is typed, which is no reason to refuse it.
    let _ = Command::new("stty")
        .arg(what)
        .stdin(Stdio::inherit())
        .stderr(Stdio::null())
        .status();
}
