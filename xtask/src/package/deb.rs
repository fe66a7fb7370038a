//! The Debian package: its files are laid out here, `dpkg-deb` packs them. Built twice from one commit it is the same, byte by byte.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build::source::{self, Source};
use crate::build::stamp::files;
use crate::cmd::{Cmd, which};
use crate::project::Project;

const NAME: &str = "webxenadmin";
const MAINTAINER: &str = "WebXenAdmin developers <webxenadmin@users.noreply.github.com>";
/// Where nothing else tells: the first of January 2026.
const OLDEST: &str = "1767225600";

/// Builds it in `out`; returns its path.
///
/// # Errors
/// When a tool is missing or fails.
pub fn build(project: &Project, out: &Path, server: &Path, sbom: &Path) -> Result<PathBuf> {
    if which("dpkg-deb").is_none() || which("dpkg-shlibdeps").is_none() {
        bail!(
            "no dpkg-deb or no dpkg-shlibdeps here\n  what to do: on a Debian-family system, `apt-get install dpkg-dev`"
        );
    }
    let root = out.join("root");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("removing {}", root.display()))?;
    }
    let source = source::find(project)?;
    let tree = Tree { root: &root };
    lay_out(project, &tree, server, sbom, &source)?;
    control(project, &tree, out, server)?;
    let deb = out.join(format!("{NAME}_{}_{}.deb", version(), architecture()?));
    Cmd::new("dpkg-deb")
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(&root)
        .arg(&deb)
        .env("SOURCE_DATE_EPOCH", epoch(&source))
        .output()?;
    Ok(deb)
}

/// `0.1.0-1`.
fn version() -> String {
    format!("{}-1", env!("CARGO_PKG_VERSION"))
}

fn architecture() -> Result<String> {
    Ok(Cmd::new("dpkg")
        .arg("--print-architecture")
        .output()?
        .trim()
        .to_owned())
}

fn epoch(source: &Source) -> &str {
    if source.epoch.is_empty() {
        OLDEST
    } else {
        &source.epoch
    }
}

/// The package's files as they will lie on the machine.
struct Tree<'a> {
    root: &'a Path,
}

impl Tree<'_> {
    fn put(&self, to: &str, bytes: &[u8], mode: u32) -> Result<PathBuf> {
        let path = self.root.join(to);
        let folder = path.parent().unwrap_or(self.root);
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(&path, mode).with_context(|| format!("giving rights to {}", path.display()))?;
        Ok(path)
    }

    fn copy(&self, from: &Path, to: &str, mode: u32) -> Result<PathBuf> {
        let bytes = fs::read(from).with_context(|| format!("reading {}", from.display()))?;
        self.put(to, &bytes, mode)
    }

    /// Packs it, without name and time in it.
    fn packed(&self, to: &str, bytes: &[u8]) -> Result<()> {
        let path = self.put(to, bytes, 0o644)?;
        Cmd::new("gzip").args(["-9nf"]).arg(&path).output().map(drop)
    }
}

fn lay_out(project: &Project, tree: &Tree<'_>, server: &Path, sbom: &Path, source: &Source) -> Result<()> {
    tree.copy(server, "usr/bin/webxenadmin", 0o755)?;
    let packaging = |name: &str| project.path("packaging").join(name);
    tree.copy(
        &packaging("webxenadmin.service"),
        "usr/lib/systemd/system/webxenadmin.service",
        0o644,
    )?;
    tree.copy(
        &packaging("webxenadmin.toml"),
        "etc/webxenadmin/webxenadmin.toml",
        0o644,
    )?;
    for (shell, to) in [
        ("bash", "usr/share/bash-completion/completions/webxenadmin"),
        ("zsh", "usr/share/zsh/vendor-completions/_webxenadmin"),
        ("fish", "usr/share/fish/vendor_completions.d/webxenadmin.fish"),
    ] {
        let script = Cmd::new(server).args(["completions", shell]).output()?;
        tree.put(to, script.as_bytes(), 0o644)?;
    }
    let pages = tree.root.with_file_name("man");
    Cmd::new(server).arg("man").arg(&pages).output()?;
    for page in files(&pages)? {
        let name = page
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let section = name.rsplit('.').next().unwrap_or("1").to_owned();
        let bytes = fs::read(&page).with_context(|| format!("reading {}", page.display()))?;
        tree.packed(&format!("usr/share/man/man{section}/{name}"), &bytes)?;
    }
    documents(project, tree, server, sbom, source)
}

fn documents(project: &Project, tree: &Tree<'_>, server: &Path, sbom: &Path, source: &Source) -> Result<()> {
    let doc = |name: &str| format!("usr/share/doc/{NAME}/{name}");
    tree.copy(
        &project.path("packaging/debian/copyright"),
        &doc("copyright"),
        0o644,
    )?;
    tree.copy(&project.path("README.md"), &doc("README.md"), 0o644)?;
    tree.copy(
        &project.path("docs/configuration.md"),
        &doc("configuration.md"),
        0o644,
    )?;
    tree.copy(&project.path("docs/operation.md"), &doc("operation.md"), 0o644)?;
    let notices = Cmd::new(server).arg("licenses").output()?;
    tree.packed(&doc("licenses.txt"), notices.as_bytes())?;
    tree.packed(
        &doc("sbom.cdx.json"),
        &fs::read(sbom).context("reading the list of parts")?,
    )?;
    tree.packed(
        &doc("changelog"),
        &fs::read(project.path("CHANGELOG.md")).context("reading CHANGELOG.md")?,
    )?;
    let date = Cmd::new("date")
        .args(["-u", "-R", "-d"])
        .arg(format!("@{}", epoch(source)))
        .output()?;
    let entry = format!(
        "{NAME} ({}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- {MAINTAINER}  {}\n",
        version(),
        date.trim()
    );
    tree.packed(&doc("changelog.Debian"), entry.as_bytes())
}

fn control(project: &Project, tree: &Tree<'_>, out: &Path, server: &Path) -> Result<()> {
    let all = files(tree.root)?;
    let mut bytes = 0;
    let mut names = Vec::new();
    for file in &all {
        bytes += fs::metadata(file)
            .with_context(|| format!("reading {}", file.display()))?
            .len();
        let name = file.strip_prefix(tree.root).unwrap_or(file).to_owned();
        // Configuration is meant to be changed.
        if !name.starts_with("etc") {
            names.push(name);
        }
    }
    let sums = Cmd::new("md5sum").args(&names).dir(tree.root).output()?;
    let text = format!(
        "Package: {NAME}\nVersion: {}\nArchitecture: {}\nMaintainer: {MAINTAINER}\nInstalled-Size: {}\n\
         Depends: {}, adduser, init-system-helpers (>= 1.54)\nSection: admin\nPriority: optional\n\
         Homepage: https://github.com/webxenadmin/webxenadmin\n\
         Description: browser console for the Xen hypervisor\n \
         See every guest live, start and stop it, and work in its console, from a\n \
         browser. For hosts with nothing but Xen and SSH on them: nothing is installed\n \
         there.\n",
        version(),
        architecture()?,
        bytes.div_ceil(1024),
        libraries(out, server)?,
    );
    tree.put("DEBIAN/control", text.as_bytes(), 0o644)?;
    tree.put("DEBIAN/conffiles", b"/etc/webxenadmin/webxenadmin.toml\n", 0o644)?;
    tree.put("DEBIAN/md5sums", sums.as_bytes(), 0o644)?;
    for script in ["postinst", "prerm", "postrm"] {
        let from = project.path("packaging/debian").join(script);
        tree.copy(&from, &format!("DEBIAN/{script}"), 0o755)?;
    }
    Ok(())
}

/// The packages that hold the shared libraries of the program, with their least versions.
fn libraries(out: &Path, server: &Path) -> Result<String> {
    let scratch = out.join("shlibdeps");
    let control = scratch.join("debian/control");
    fs::create_dir_all(scratch.join("debian")).context("a folder for dpkg-shlibdeps")?;
    fs::write(
        &control,
        format!("Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n"),
    )
    .with_context(|| format!("writing {}", control.display()))?;
    let said = Cmd::new("dpkg-shlibdeps")
        .arg("-O")
        .arg("-e")
        .arg(server)
        .dir(&scratch)
        .output()?;
    let depends = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(depends.context("dpkg-shlibdeps names no packages")?.to_owned())
}
