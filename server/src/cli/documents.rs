//! What is generated from the command line's own description and from the settings: manual pages and shell completions.
use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::{Man, roff};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    config::{SETTINGS, document},
    version::VERSION,
};

#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// For which shell
    shell: Shell,
}

#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// The folder to write them into
    folder: PathBuf,
}

/// `webxenadmin completions`: to standard output.
///
/// # Errors
/// When standard output is closed.
pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::Args::command(),
        "webxenadmin",
        &mut script,
    );
    std::io::stdout().write_all(&script)?;
    Ok(())
}

/// `webxenadmin man`: a page for each command, and `webxenadmin.toml.5`.
///
/// # Errors
/// When the folder cannot be written to.
pub(super) fn man(args: &ManArgs) -> anyhow::Result<()> {
    let folder = &args.folder;
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let mut command = super::Args::command();
    command.build();
    pages(&command, "webxenadmin", folder)?;
    write(&folder.join("webxenadmin.toml.5"), settings_page().as_bytes())
}

fn pages(command: &clap::Command, name: &str, folder: &Path) -> anyhow::Result<()> {
    let page = command.clone().display_name(name.to_owned()).version(VERSION);
    let mut text = Vec::new();
    let man = Man::new(page)
        .title(name.to_uppercase())
        .section("1")
        .source(format!("webxenadmin {VERSION}"));
    man.render(&mut text)?;
    write(&folder.join(format!("{name}.1")), &text)?;
    for child in command
        .get_subcommands()
        .filter(|child| !child.is_hide_set() && child.get_name() != "help")
    {
        pages(child, &format!("{name}-{}", child.get_name()), folder)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// `webxenadmin.toml(5)`.
fn settings_page() -> String {
    use roff::{Roff, bold, roman};
    let mut page = Roff::new();
    page.control(
        "TH",
        ["WEBXENADMIN.TOML", "5", "", &format!("webxenadmin {VERSION}"), ""],
    );
    page.control("SH", ["NAME"]);
    page.text([roman("webxenadmin.toml - settings of webxenadmin(1)")]);
    page.control("SH", ["DESCRIPTION"]);
    for paragraph in document::LAYERS {
        page.text([roman(paragraph)]);
        page.control("PP", []);
    }
    page.control("SH", ["SETTINGS"]);
    for setting in SETTINGS {
        page.control("TP", []);
        page.text([
            bold(setting.key),
            roman(format!(" (--{}, {})", setting.flag, setting.variable)),
        ]);
        page.text([roman(document::sentences(setting))]);
        page.control("RS", []);
        page.text([roman(format!("Default: {}", setting.default))]);
        page.control("PP", []);
        page.text([roman(format!("Example: {} = {}", setting.key, setting.example))]);
        page.control("RE", []);
    }
    page.control("SH", ["FILES"]);
    page.text([roman("/etc/webxenadmin/webxenadmin.toml")]);
    page.control("SH", ["SEE ALSO"]);
    page.text([roman("webxenadmin(1), webxenadmin-check-config(1)")]);
    page.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_and_every_command_has_its_place_in_the_manual() {
        let folder = tempfile::tempdir().expect("a folder");
        let args = ManArgs {
            folder: folder.path().to_owned(),
        };
        man(&args).expect("the pages");
        let page = |name: &str| fs::read_to_string(folder.path().join(name)).expect(name);
        let (settings, serve) = (page("webxenadmin.toml.5"), page("webxenadmin-serve.1"));
        for setting in SETTINGS {
            let flag = format!("--{}", setting.flag).replace('-', "\\-");
            assert!(
                settings.contains(&setting.key.replace('-', "\\-")),
                "{}",
                setting.key
            );
            assert!(serve.contains(&flag), "{flag}: {serve}");
            assert!(serve.contains(setting.variable), "{}", setting.variable);
        }
        for command in super::super::Args::command()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            assert!(page(&format!("webxenadmin-{}.1", command.get_name())).contains(".SH NAME"));
        }
    }
}
