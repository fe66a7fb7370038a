//! Facts about machine and database for a bundle.
use std::{fmt::Write as _, fs, path::Path, process::Command};

use crate::config::SETTINGS;

/// Commands whose answers tell what a fault may hang on; the machine's name is in none of them.
const COMMANDS: [&[&str]; 5] = [
    &["uname", "-srvm"],
    &["uptime"],
    &["df", "-Ph"],
    &["timedatectl", "show"],
    &[
        "systemctl",
        "show",
        "webxenadmin",
        "--property=ActiveState,SubState,NRestarts,Result,MemoryCurrent",
    ],
];
const FILES: [&str; 2] = ["/etc/os-release", "/proc/self/limits"];
/// Of the kernel's account of memory.
const MEMORY_LINES: usize = 3;

pub(super) fn system() -> String {
    let mut text = String::new();
    for command in COMMANDS {
        let Some((program, args)) = command.split_first() else {
            continue;
        };
        let said = Command::new(program).args(args).env("LC_ALL", "C").output();
        let said = said.map_or_else(
            |error| error.to_string(),
            |said| String::from_utf8_lossy(&said.stdout).into_owned(),
        );
        let _infallible = write!(text, "$ {}\n{}\n\n", command.join(" "), said.trim_end());
    }
    for file in FILES {
        let said = fs::read_to_string(file).unwrap_or_else(|error| error.to_string());
        let _infallible = write!(text, "{file}\n{}\n\n", said.trim_end());
    }
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory: Vec<&str> = memory.lines().take(MEMORY_LINES).collect();
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let set: Vec<&str> = SETTINGS
        .iter()
        .map(|setting| setting.variable)
        .filter(|variable| std::env::var_os(variable).is_some())
        .collect();
    let _infallible = writeln!(
        text,
        "{}\nprocessors: {processors}\nvariables that are set: {}",
        memory.join("\n"),
        set.join(" ")
    );
    text
}

pub(super) async fn database(data_dir: &Path) -> String {
    let path = data_dir.join("webxenadmin.db");
    let size = fs::metadata(&path).map_or(0, |file| file.len());
    match wxa_store::examine(&path).await {
        Ok(examined) => {
            let mut text = format!("layout {}, {size} bytes\n", examined.layout);
            for problem in &examined.problems {
                let _infallible = writeln!(text, "damaged: {problem}");
            }
            for table in &examined.tables {
                let rows = table.rows.map_or_else(|| "?".to_owned(), |rows| rows.to_string());
                let _infallible = write!(
                    text,
                    "\ntable {}, {rows} rows\n{}\n",
                    table.name, table.definition
                );
            }
            text
        }
        Err(error) => error.to_string(),
    }
}
