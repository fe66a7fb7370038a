//! Starting other programs: a clean environment, signs of life while they run, and failures that say what to do.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A silent program is reported on after each of these.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// A program about to be started.
pub struct Cmd {
    inner: Command,
    shown: String,
    advice: String,
}

impl Cmd {
    /// Prepares `program`, freed of what `cargo run` set for xtask itself: crates whose build scripts watch such variables
    /// would otherwise be rebuilt each time someone changes between `cargo xtask` and plain `cargo`.
    pub fn new(program: impl AsRef<OsStr>) -> Cmd {
        let mut inner = Command::new(program.as_ref());
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(is_cargos_own) {
                inner.env_remove(name);
            }
        }
        if let Some(paths) = std::env::var_os("LD_LIBRARY_PATH") {
            inner.env("LD_LIBRARY_PATH", without_toolchains(&paths));
        }
        Cmd {
            inner,
            shown: program.as_ref().to_string_lossy().into_owned(),
            advice: String::new(),
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Cmd {
        self.shown = format!("{} {}", self.shown, arg.as_ref().to_string_lossy());
        self.inner.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Cmd {
        args.into_iter().fold(self, Cmd::arg)
    }

    /// Sets the folder it runs in.
    pub fn dir(mut self, dir: impl AsRef<Path>) -> Cmd {
        self.inner.current_dir(dir);
        self
    }

    /// Sets one variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cmd {
        self.inner.env(name, value);
        self
    }

    /// Takes one variable out of its environment.
    pub fn without_env(mut self, name: &str) -> Cmd {
        self.inner.env_remove(name);
        self
    }

    /// What the reader should do when it fails.
    pub fn advice(mut self, advice: &str) -> Cmd {
        self.advice = advice.to_owned();
        self
    }

    /// Runs it on our terminal.
    ///
    /// # Errors
    /// When it can't be started or ends with anything but 0.
    pub fn run(mut self) -> Result<()> {
        let child = self.inner.spawn().with_context(|| self.cannot_start())?;
        match wait(child, &self.shown)? {
            0 => Ok(()),
            code => bail!(
                "`{}` failed (exit status {code}){}",
                self.shown,
                self.what_to_do()
            ),
        }
    }

    /// Runs it on our terminal and hands back its exit status.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn status(mut self) -> Result<i32> {
        let child = self.inner.spawn().with_context(|| self.cannot_start())?;
        wait(child, &self.shown)
    }

    /// Runs it quietly and hands back what it wrote to standard output.
    ///
    /// # Errors
    /// When it can't be started or fails; what it wrote to standard error is in the message.
    pub fn output(mut self) -> Result<String> {
        let done = self
            .inner
            .stdin(Stdio::null())
            .output()
            .with_context(|| self.cannot_start())?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            bail!("`{}` failed: {}{}", self.shown, said.trim(), self.what_to_do());
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Runs it quietly with `input` on its standard input.
    ///
    /// # Errors
    /// When it can't be started, doesn't take the input, or fails.
    pub fn feed(mut self, input: &str) -> Result<()> {
        let mut child = self
            .inner
            .stdin(Stdio::piped())
            .spawn()
            .with_context(|| self.cannot_start())?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(input.as_bytes())
                .with_context(|| format!("writing to `{}`", self.shown))?;
        }
        match wait(child, &self.shown)? {
            0 => Ok(()),
            code => bail!(
                "`{}` failed (exit status {code}){}",
                self.shown,
                self.what_to_do()
            ),
        }
    }

    /// Runs it on our terminal while keeping each line that `keep` wants. Hands back its exit status and those lines.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn tee(mut self, keep: fn(&str) -> bool) -> Result<(i32, Vec<String>)> {
        let mut child = self
            .inner
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| self.cannot_start())?;
        let kept = Arc::new(Mutex::new(Vec::new()));
        let readers = [
            child
                .stdout
                .take()
                .map(|out| follow(out, std::io::stdout(), keep, Arc::clone(&kept))),
            child
                .stderr
                .take()
                .map(|err| follow(err, std::io::stderr(), keep, Arc::clone(&kept))),
        ];
        let code = wait(child, &self.shown)?;
        for reader in readers.into_iter().flatten() {
            // A reader that panicked has lost some lines of a report, nothing more.
            let _ = reader.join();
        }
        let lines = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((code, lines))
    }

    /// Runs it quietly; hands back its exit status and what it wrote to standard output, whatever the status.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn outcome(mut self) -> Result<(i32, String)> {
        let done = self
            .inner
            .stdin(Stdio::null())
            .output()
            .with_context(|| self.cannot_start())?;
        Ok((
            done.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&done.stdout).into_owned(),
        ))
    }

    /// Runs it quietly; hands back its exit status and all that it wrote, whatever the status.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn everything(mut self) -> Result<(i32, String)> {
        let done = self
            .inner
            .stdin(Stdio::null())
            .output()
            .with_context(|| self.cannot_start())?;
        let said = [done.stdout, done.stderr].concat();
        Ok((
            done.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&said).into_owned(),
        ))
    }

    /// Starts it and goes on; the caller owns the process.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn spawn(mut self) -> Result<Child> {
        self.inner.spawn().with_context(|| self.cannot_start())
    }

    /// Becomes that program: signals reach it alone. Returns only when it can't be started.
    pub fn exec(mut self) -> anyhow::Error {
        use std::os::unix::process::CommandExt;
        anyhow::Error::new(self.inner.exec()).context(self.cannot_start())
    }

    fn cannot_start(&self) -> String {
        format!("`{}` can't be started{}", self.shown, self.what_to_do())
    }

    fn what_to_do(&self) -> String {
        if self.advice.is_empty() {
            String::new()
        } else {
            format!("\n  what to do: {}", self.advice)
        }
    }
}

/// Where `program` is found on PATH.
pub fn which(program: &str) -> Option<std::path::PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// Waits for `child`, telling each minute that it still runs. 128 + signal when it was killed, as shells say it.
fn wait(mut child: Child, shown: &str) -> Result<i32> {
    use std::os::unix::process::ExitStatusExt;
    let (done, stop) = mpsc::channel::<()>();
    let name: String = shown.chars().take(70).collect();
    let begun = Instant::now();
    let teller = std::thread::spawn(move || {
        while let Err(mpsc::RecvTimeoutError::Timeout) = stop.recv_timeout(SIGN_OF_LIFE) {
            eprintln!("  … {} in: {name}", crate::step::elapsed(begun.elapsed()));
        }
    });
    let status = child.wait().with_context(|| format!("waiting for `{shown}`"));
    drop(done);
    // It only prints; that it ended is all that matters.
    let _ = teller.join();
    let status = status?;
    Ok(status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}

fn follow(
    from: impl std::io::Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    keep: fn(&str) -> bool,
    kept: Arc<Mutex<Vec<String>>>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while let Ok(1..) = from.read_until(b'\n', &mut line) {
            // A closed terminal must not stop the tests.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            if keep(text) {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(text.to_owned());
            }
            line.clear();
        }
    })
}

fn is_cargos_own(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || matches!(
            name,
            "CARGO"
                | "CARGO_MANIFEST_DIR"
                | "CARGO_MANIFEST_PATH"
                | "CARGO_CRATE_NAME"
                | "CARGO_BIN_NAME"
                | "CARGO_PRIMARY_PACKAGE"
                | "OUT_DIR"
                | "RUST_RECURSION_COUNT"
        )
}

/// `cargo run` puts its toolchain's and the target folder's libraries in front: another toolchain must not find those.
fn without_toolchains(paths: &OsStr) -> OsString {
    let ours = std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(Path::to_path_buf));
    let rest = std::env::split_paths(paths).filter(|path| {
        let rustups = path.to_string_lossy().contains("/toolchains/");
        !rustups && !ours.as_ref().is_some_and(|ours| path.starts_with(ours))
    });
    std::env::join_paths(rest).unwrap_or_default()
}
