//! `cargo xtask xapi-clients`: XAPI clients that others wrote, run against the simulated pool.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cmd::Cmd;
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::setup::{npm, python};

const FOLDER: &str = "end2end/xapi-clients";

/// The verb.
///
/// # Errors
/// None: what fails is in the report.
pub fn main(project: &Project) -> Result<ExitCode> {
    let mut report = Report::default();
    run(project, &mut report);
    Ok(report.finish())
}

/// Runs each client as a step of its own.
pub fn run(project: &Project, report: &mut Report) {
    let mut pool = None;
    let started = report.run("XAPI clients: pool", || {
        pool = Some(Pool::start(project)?);
        Ok(Outcome::Passed)
    });
    let Some(pool) = pool.filter(|_| started) else {
        return;
    };
    report.run("XAPI clients: xen-api (Node.js)", || {
        npm::ensure(&project.path("end2end"))?;
        Cmd::new("node")
            .arg(project.path(FOLDER).join("xen-api.mjs"))
            .env("WXA_POOL_URL", &pool.url)
            .run()?;
        Ok(Outcome::Passed)
    });
    let mut programs = None;
    let there = report.run("XAPI clients: Python's", || match python(project)? {
        Some(folder) => {
            programs = Some(folder);
            Ok(Outcome::Passed)
        }
        None => Ok(Outcome::Skipped(
            "not run: Python with venv is not here (Debian: python3-venv)".to_owned(),
        )),
    });
    let Some(programs) = programs.filter(|_| there) else {
        return;
    };
    report.run("XAPI clients: XenAPI (Python)", || {
        Cmd::new(programs.join("python"))
            .arg(project.path(FOLDER).join("xenapi.py"))
            .env("WXA_POOL_URL", &pool.url)
            .run()?;
        Ok(Outcome::Passed)
    });
    report.run("XAPI clients: Ansible", || {
        Cmd::new(programs.join("ansible-playbook"))
            .args([
                "--inventory",
                "localhost,",
                "--connection",
                "local",
                "--extra-vars",
            ])
            .arg(format!(
                "ansible_python_interpreter={}",
                programs.join("python").display()
            ))
            .arg(project.path(FOLDER).join("playbook.yml"))
            .env("WXA_POOL_URL", &pool.url)
            .env("ANSIBLE_LOCALHOST_WARNING", "False")
            .env("LC_ALL", "C.UTF-8")
            .run()?;
        Ok(Outcome::Passed)
    });
}

/// The simulated pool as a process, ended when it is dropped.
struct Pool {
    child: Child,
    url: String,
}

impl Pool {
    fn start(project: &Project) -> Result<Self> {
        let build = ["build", "--package", "wxa-sim", "--example", "pool"];
        Cmd::new("cargo").args(build).dir(&project.root).run()?;
        let program = project.below_target("debug/examples/pool");
        let mut child = Command::new(&program)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut line)
                .context("reading where the pool is")?;
        }
        let said: serde_json::Value =
            serde_json::from_str(&line).context("the pool did not say where it is")?;
        let url = said["https"]
            .as_str()
            .context("the pool has no address")?
            .to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder with Python's programs; none where Python has no `venv`.
fn python(project: &Project) -> Result<Option<PathBuf>> {
    let programs = python::programs(project, "xapi-clients", &format!("{FOLDER}/requirements.txt"))?;
    if programs
        .as_ref()
        .is_some_and(|folder| !folder.join("ansible-playbook").exists())
    {
        bail!("pip has installed no ansible-playbook");
    }
    Ok(programs)
}
