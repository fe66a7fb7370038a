//! `cargo xtask package`: what is handed to others: a Debian package, what a container is built from, the list of parts.

mod clean_root;
mod container;
mod deb;
mod sbom;
mod service;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::build::{self, BuildArgs};
use crate::components;
use crate::project::Project;
use crate::setup::{self, Consent, Scope};
use crate::step::{note, size, step};

/// What to make.
#[derive(Args)]
pub struct PackageArgs {
    /// What to make
    #[arg(value_enum, default_value = "deb")]
    what: What,
    /// Install the Debian package in a clean root, start it there and look at it; wants root
    #[arg(long)]
    test: bool,
    /// Leave the server unoptimised: large and slow, but soon there
    #[arg(long)]
    dev: bool,
    /// Install missing system packages without asking
    #[arg(long, short)]
    yes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// A Debian package
    Deb,
    /// A folder to build a container from
    Container,
    /// The works in the product, as CycloneDX JSON
    Sbom,
}

/// The verb.
///
/// # Errors
/// When building fails, or a test of the package does.
pub fn main(project: &Project, args: &PackageArgs) -> Result<ExitCode> {
    let consent = Consent::new(args.yes);
    setup::run(project, Scope::Demo, consent)?;
    let build = BuildArgs::to_ship(args.dev);
    build::run(project, build)?;
    let server = project.server(build.profile());
    let out = project.target.join("package");
    std::fs::create_dir_all(&out).with_context(|| format!("creating {}", out.display()))?;
    let sbom = step("list of parts", || write_sbom(project, &out))?;
    match args.what {
        What::Sbom => eprintln!("{}", sbom.display()),
        What::Container => {
            let folder = step("container", || container::prepare(project, &out, &server))?;
            eprintln!(
                "{}: `podman build {}` makes the image",
                folder.display(),
                folder.display()
            );
        }
        What::Deb => {
            let deb = step("Debian package", || deb::build(project, &out, &server, &sbom))?;
            let bytes = std::fs::metadata(&deb).map_or(0, |file| file.len());
            let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
            note(&format!("{}: {}", deb.display(), size(bytes)));
            if args.test {
                return clean_root::test(project, &out, &deb, consent, args.dev);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write_sbom(project: &Project, out: &Path) -> Result<PathBuf> {
    let all = components::list(project)?;
    let path = out.join("sbom.cdx.json");
    let text = serde_json::to_string_pretty(&sbom::cyclonedx(&all, &build::source::find(project)?))?;
    std::fs::write(&path, text + "\n").with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}
