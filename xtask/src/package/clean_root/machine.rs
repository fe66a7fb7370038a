//! A Debian in a folder, in which programs are run with chroot.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cmd::Cmd;
use crate::step::step;

/// The oldest Debian that the package is for: a program that runs there runs on newer ones.
const RELEASE: &str = "bookworm";

/// Gone when this is dropped.
pub struct Machine {
    /// Where it is.
    pub root: PathBuf,
}

impl Machine {
    /// Unpacks a fresh one into `out`; what it is unpacked from is made once and kept in `cache`.
    ///
    /// # Errors
    /// When Debian's mirrors can't be reached, or the folder can't be written.
    pub fn fresh(cache: &Path, out: &Path) -> Result<Machine> {
        let base = cache.join(format!("{RELEASE}.tar"));
        if !base.exists() {
            step("Debian, once", || bootstrap(&base))?;
        }
        let root = out.join("machine");
        let machine = Machine { root };
        machine.clear();
        fs::create_dir_all(&machine.root).context("a folder for the clean root")?;
        Cmd::new("tar")
            .args(["--numeric-owner", "--exclude=./dev/*", "-C"])
            .arg(&machine.root)
            .arg("-xf")
            .arg(&base)
            .output()?;
        // What programs expect of a machine; nothing is mounted, so that nothing can be left mounted.
        for (name, minor) in [("null", "3"), ("zero", "5"), ("random", "8"), ("urandom", "9")] {
            let node = machine.root.join("dev").join(name);
            Cmd::new("mknod")
                .args(["-m", "666"])
                .arg(&node)
                .args(["c", "1", minor])
                .output()?;
        }
        // Package scripts must start nothing here.
        let policy = machine.root.join("usr/sbin/policy-rc.d");
        fs::write(&policy, "#!/bin/sh\nexit 101\n").context("a policy for services")?;
        Cmd::new("chmod").arg("755").arg(&policy).output()?;
        fs::copy("/etc/resolv.conf", machine.root.join("etc/resolv.conf")).context("name servers")?;
        Ok(machine)
    }

    /// `apt install ./x.deb`, or the same again.
    ///
    /// # Errors
    /// When apt fails.
    pub fn install(&self, deb: &Path) -> Result<()> {
        fs::copy(deb, self.root.join("tmp/x.deb")).context("copying the package")?;
        self.command(&[
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "--reinstall",
            "/tmp/x.deb",
        ])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
    }

    /// Runs a program to its end as root and returns what it says.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        self.command(args).output()
    }

    /// A program to be run as root.
    pub fn command(&self, args: &[&str]) -> Cmd {
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        Cmd::new("env")
            .args([
                "-i",
                &format!("PATH={path}"),
                "HOME=/root",
                "LC_ALL=C.UTF-8",
                "chroot",
            ])
            .arg(&self.root)
            .args(args)
    }

    fn clear(&self) {
        // What is not there need not be removed; what cannot be removed is noticed when it is unpacked over.
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.clear();
    }
}

fn bootstrap(base: &Path) -> Result<()> {
    let draft = base.with_extension("new.tar");
    Cmd::new("mmdebstrap")
        // With what the package wants and every Debian has, so that no mirror is needed later.
        .args(["--quiet", "--variant=minbase", "--include=adduser"])
        // Saved lists of a mirror may be old, and a machine's clock wrong.
        .args([
            "--aptopt=Acquire::Check-Valid-Until \"false\"",
            "--aptopt=Acquire::Check-Date \"false\"",
        ])
        .arg(RELEASE)
        .arg(&draft)
        .advice("check that apt reaches Debian's mirrors")
        .run()?;
    fs::rename(&draft, base).with_context(|| format!("writing {}", base.display()))
}
