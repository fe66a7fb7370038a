//! Room for the database: an audit row that cannot be written stops every act.
use super::Finding;
use std::{path::Path, process::Command};

const ABOUT: &str = "disk";
const KIB_BAD: u64 = 100 * 1024;
const KIB_NOTE: u64 = 1024 * 1024;

pub(super) fn examine(folder: &Path) -> Vec<Finding> {
    let there = folder
        .ancestors()
        .find(|path| path.is_dir())
        .unwrap_or(Path::new("/"));
    let said = Command::new("df")
        .args(["-Pk", "--"])
        .arg(there)
        .env("LC_ALL", "C")
        .output();
    let free = said
        .ok()
        .and_then(|said| free_kib(&String::from_utf8_lossy(&said.stdout)));
    vec![match free {
        Some(free) => grade(free, there),
        None => Finding::note(
            ABOUT,
            format!("df does not tell how much is free at {}", there.display()),
            "",
        ),
    }]
}

/// The fourth column of the second line.
fn free_kib(df: &str) -> Option<u64> {
    df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn grade(free_kib: u64, at: &Path) -> Finding {
    let says = format!("{} MiB free at {}", free_kib / 1024, at.display());
    let advice = "make room: without it nothing is written, and no act is begun";
    match free_kib {
        0..KIB_BAD => Finding::bad(ABOUT, says, advice),
        KIB_BAD..KIB_NOTE => Finding::note(ABOUT, says, advice),
        _ => Finding::good(ABOUT, says),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Grade;

    #[test]
    fn a_full_disk_is_a_problem_before_it_is_full() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 263174212 1 512 6% /\n";
        assert_eq!(free_kib(df), Some(512));
        assert_eq!(free_kib("df: nothing"), None);
        let grades = [512, 500 * 1024, 5 * 1024 * 1024].map(|free| grade(free, Path::new("/")).grade);
        assert_eq!(grades, [Grade::Bad, Grade::Note, Grade::Good]);
    }
}
