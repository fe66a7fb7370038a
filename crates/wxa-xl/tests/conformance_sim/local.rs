//! The driver without SSH: the same suite as over SSH, with commands as processes. The tools on its search path are
//! those of a simulated host.
use crate::bed::{Sim, guest, reach};
use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};
use tempfile::TempDir;
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, acts, consoles, listing},
};
use wxa_model::GuestLogging;
use wxa_sim::GuestSpec;
use wxa_xl::{LocalTarget, Reach};

const SOON: Duration = Duration::from_secs(30);

/// All that the driver runs on a host.
const TOOLS: [&str; 12] = [
    "dd",
    "find",
    "fuser",
    "head",
    "id",
    "ps",
    "sudo",
    "tail",
    "xenstore-read",
    "xenstore-watch",
    "xentop",
    "xl",
];

fn broken(error: impl std::fmt::Display) -> Broken {
    Broken(error.to_string())
}

/// A folder with the tools of a simulated host.
fn tools(port: u16) -> Result<TempDir, Broken> {
    let program = env::current_exe().map_err(broken)?;
    let program = program
        .parent()
        .and_then(Path::parent)
        .map(|target| target.join("examples/sim_command"));
    let program = program.filter(|program| program.is_file()).ok_or_else(|| {
        Broken("examples/sim_command is not built: `cargo nextest run -p wxa-xl` builds it".to_owned())
    })?;
    let folder = tempfile::tempdir().map_err(broken)?;
    for tool in TOOLS {
        let file = folder.path().join(tool);
        let script = format!("#!/bin/sh\nexec '{}' {port} {tool} \"$@\"\n", program.display());
        fs::write(&file, script).map_err(broken)?;
        fs::set_permissions(&file, Permissions::from_mode(0o755)).map_err(broken)?;
    }
    Ok(folder)
}

fn local(folder: &TempDir) -> Reach {
    Reach::Local(LocalTarget {
        path: Some(folder.path().as_os_str().to_owned()),
    })
}

#[tokio::test]
async fn a_guest_from_start_to_shutdown() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.guests.push(GuestSpec::new("db 01").halted());
        config.guests.push(GuestSpec::new("shop").halted());
    })
    .await?;
    let folder = tools(sim.host.address().port())?;
    let bench = Bench::start(reach(local(&folder)), SOON).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "web-01", "db 01", "shop"]).await?;
    listing::refuses_what_cannot_be(&bench).await?;
    let logging = bench.view().facts.unwrap_or_default().guest_logging;
    assert_eq!(logging, GuestLogging::On);
    let shop = guest("shop");
    let vm = acts::starts(&bench, &shop).await?;
    let mut terminal = consoles::boots_to_a_shell(&bench, &shop).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &shop).await?;
    let terminal = consoles::only_one_is_attached(&bench, &shop, terminal).await?;
    consoles::is_recorded(&bench, &shop, "wxa-42").await?;
    acts::pauses_and_unpauses(&bench, &shop).await?;
    listing::sees_what_others_do(&bench, &sim, "shop", 2).await?;
    assert_eq!(acts::reboots(&bench, &shop).await?.id, vm.id);
    consoles::ends_with_its_guest(terminal, SOON).await?;
    acts::shuts_down(&bench, &shop).await?;
    acts::starts(&bench, &guest("db 01")).await?;
    acts::powers_off(&bench, &guest("db 01")).await
}

#[tokio::test]
async fn a_machine_without_xen_is_told_so() -> Result<(), Broken> {
    let driver = reach(Reach::Local(LocalTarget::default()));
    if wxa_xl::is_control_domain() {
        return driver.probe().await.map(drop).map_err(broken);
    }
    let error = driver
        .probe()
        .await
        .err()
        .ok_or_else(|| Broken("there is Xen".to_owned()))?;
    assert!(
        matches!(
            error.kind,
            ErrorKind::NotSupported { .. } | ErrorKind::PermissionDenied
        ),
        "{error:?}"
    );
    Ok(())
}
