//! Trying the Debian package where nothing of this project has ever been: a fresh Debian in a folder. It is installed with apt, started as
//! its unit would start it, asked for a page, backed up, and purged. Wants root.

mod machine;
mod server;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::service;
use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::setup::Consent;
use crate::setup::packages::{apt_install, is_root};
use crate::step::{elapsed, note, step};
use machine::Machine;
use server::Server;

/// Tests the package at `deb`; `is_dev`: with a server that is not optimised, and not stripped.
///
/// # Errors
/// When there can be no clean root here.
pub fn test(project: &Project, out: &Path, deb: &Path, consent: Consent, is_dev: bool) -> Result<ExitCode> {
    ensure!(
        is_root(),
        "a clean root wants root\n  what to do: `sudo -E cargo xtask package --test`"
    );
    if which("mmdebstrap").is_none() {
        apt_install(&["mmdebstrap"], consent)?;
    }
    let machine = step("a clean root", || {
        Machine::fresh(&project.target.join("package"), out)
    })?;
    let mut report = Report::default();
    let begun = Instant::now();
    if report.run("install with apt", || {
        machine.install(deb).map(|()| Outcome::Passed)
    }) {
        let installed = begun.elapsed();
        report.run("files and account", || files_and_account(&machine));
        report.run("start, first page, stop", || {
            let started = Instant::now();
            let server = Server::start(&machine)?;
            let page = server.get("/setup")?;
            ensure!(page.contains("main."), "the page names no style sheet: {page}");
            note(&format!(
                "from `apt install` to the first page: {}",
                elapsed(installed + started.elapsed())
            ));
            server.assets(&page)?;
            doctor(&machine)?;
            backup(&machine)?;
            server.stop()?;
            Ok(Outcome::Passed)
        });
        report.run("restore elsewhere", || restore(&machine));
        report.run("unit: verify", || service::verify(&machine.root));
        report.run("unit: exposure", || service::exposure(&machine.root));
        report.run("lintian", || lintian(deb, is_dev));
        report.run("install again, remove, purge", || purge(&machine, deb));
    }
    Ok(report.finish())
}

fn files_and_account(machine: &Machine) -> Result<Outcome> {
    let said = machine.run(&["webxenadmin", "version"])?;
    eprintln!("{}", said.trim());
    ensure!(
        said.contains("pages") && !said.contains("not inside"),
        "no site inside"
    );
    machine.run(&["webxenadmin", "check-config"])?;
    machine.run(&["id", "webxenadmin"])?;
    let data = machine.run(&["stat", "-c", "%a %U", "/var/lib/webxenadmin"])?;
    ensure!(data.trim() == "700 webxenadmin", "the data folder is {data}");
    // Before the first start: what it makes must be the server's.
    machine.run(&["webxenadmin", "user", "list"])?;
    is_the_servers(machine, "/var/lib/webxenadmin")?;
    let notices = machine.run(&["webxenadmin", "licenses"])?;
    ensure!(
        notices.contains("xterm") && notices.contains("tokio"),
        "notices are missing"
    );
    for file in [
        "usr/share/man/man1/webxenadmin-serve.1.gz",
        "usr/share/man/man5/webxenadmin.toml.5.gz",
        "usr/share/bash-completion/completions/webxenadmin",
    ] {
        ensure!(machine.root.join(file).exists(), "{file} is missing");
    }
    Ok(Outcome::Passed)
}

/// Beside the running server it finds nothing bad.
fn doctor(machine: &Machine) -> Result<()> {
    let said = machine.run(&["webxenadmin", "doctor"])?;
    eprintln!("{}", said.trim());
    ensure!(
        said.contains("runs and is ready"),
        "doctor does not see the server"
    );
    machine.run(&["webxenadmin", "healthcheck"]).map(drop)
}

/// By root, beside the running server: what root does must not lock the server out.
fn backup(machine: &Machine) -> Result<()> {
    let said = machine.run(&["webxenadmin", "backup", "/root/a.backup"])?;
    eprintln!("{}", said.trim());
    is_the_servers(machine, "/var/lib/webxenadmin")
}

fn is_the_servers(machine: &Machine, folder: &str) -> Result<()> {
    let others = machine.run(&["find", folder, "!", "-user", "webxenadmin"])?;
    ensure!(others.is_empty(), "not the server's: {others}");
    Ok(())
}

fn restore(machine: &Machine) -> Result<Outcome> {
    machine.run(&[
        "install",
        "-d",
        "-o",
        "webxenadmin",
        "-m",
        "700",
        "/srv/elsewhere",
    ])?;
    machine.run(&[
        "webxenadmin",
        "restore",
        "/root/a.backup",
        "--data-dir",
        "/srv/elsewhere",
    ])?;
    is_the_servers(machine, "/srv/elsewhere")?;
    Ok(Outcome::Passed)
}

fn lintian(deb: &Path, is_dev: bool) -> Result<Outcome> {
    if which("lintian").is_none() {
        return Ok(Outcome::Skipped(
            "no lintian here: `apt-get install lintian`".to_owned(),
        ));
    }
    let (code, _) = Cmd::new("lintian")
        .args(["--allow-root", "--fail-on", "error", "--tag-display-limit", "0"])
        .args(is_dev.then_some("--suppress-tags=unstripped-binary-or-object"))
        .arg(deb)
        .tee(|_| false)?;
    Ok(if code == 0 {
        Outcome::Passed
    } else {
        Outcome::Failed("see above".to_owned())
    })
}

/// An upgrade keeps settings and data, removing keeps both, purging keeps the data.
fn purge(machine: &Machine, deb: &Path) -> Result<Outcome> {
    let settings = machine.root.join("etc/webxenadmin/webxenadmin.toml");
    let changed = "# mine\ndata_dir = \"/var/lib/webxenadmin\"\n";
    std::fs::write(&settings, changed).context("changing the settings")?;
    machine.install(deb)?;
    let kept = std::fs::read_to_string(&settings).context("reading the settings")?;
    ensure!(kept == changed, "an upgrade changed the settings");
    machine.run(&["apt-get", "remove", "-y", "-qq", "webxenadmin"])?;
    ensure!(settings.exists(), "removing took the settings");
    machine.run(&["apt-get", "purge", "-y", "-qq", "webxenadmin"])?;
    ensure!(!settings.exists(), "purging left the settings");
    let database = machine.root.join("var/lib/webxenadmin/webxenadmin.db");
    ensure!(database.exists(), "purging took the data");
    Ok(Outcome::Passed)
}
