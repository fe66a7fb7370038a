//! The tests on real Xen: boots the bed, runs the driver's suite and the browser stories on it, and puts it away.

use anyhow::{Result, bail};

use super::{PRODUCT, REAL_XEN, native, stories};
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::xen_host::{CANNOT_WORK_HERE, bed};

/// The step that starts the hosts.
pub const BED: &str = "real Xen: bed";
const DRIVER: &str = "real Xen: driver";
const STORIES: &str = "real Xen: stories";
/// How the tests learn of the hosts: what `bed status --json` prints.
const HOSTS: &str = "WXA_XEN_BED_JSON";

/// Runs all of it.
pub fn run(project: &Project, report: &mut Report) {
    let mut hosts = String::new();
    if !report.run(BED, || up(project, &mut hosts)) {
        report.skip(DRIVER, "not run: no real Xen host");
        report.skip(STORIES, "not run: no real Xen host");
        return;
    }
    let env = [(HOSTS, hosts.as_str())];
    let mut words = Vec::new();
    let what = [&PRODUCT[..], REAL_XEN, &["--test", "real_xen"]].concat();
    report.run(DRIVER, || native(project, &what, &env, &mut words));
    report.last_words(DRIVER, &words);
    let mut words = Vec::new();
    report.run(STORIES, || {
        stories(project, &["--project=real-xen"], &env, &mut words)
    });
    report.last_words(STORIES, &words);
    report.run("real Xen: bed down", || {
        bed(project).arg("down").run().map(|()| Outcome::Passed)
    });
}

fn up(project: &Project, hosts: &mut String) -> Result<Outcome> {
    let (code, said) = bed(project).args(["up", "A", "B"]).tee(|_| true)?;
    match code {
        0 => {
            *hosts = bed(project).args(["status", "--json"]).output()?;
            Ok(Outcome::Passed)
        }
        CANNOT_WORK_HERE => Ok(Outcome::Skipped(
            said.last()
                .cloned()
                .unwrap_or_else(|| "the bed gave no reason".to_owned()),
        )),
        _ => bail!(
            "the real-Xen bed did not start (exit status {code})\n  what to do: `cargo xtask xen-host status`, end2end/xen-host/README.md"
        ),
    }
}
