//! Screens: the RFB servers of guests' emulators, through SSH.
use crate::SOON;
use crate::bed::{Sim, guest};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, acts, screens},
};
use wxa_model::{Action, ConsoleKind};
use wxa_sim::{Forwarding, GuestSpec, GuestType, SimHostConfig};

fn hvm(name: &str) -> GuestSpec {
    GuestSpec {
        guest_type: GuestType::Hvm,
        ..GuestSpec::new(name)
    }
}

fn vfb(name: &str, vfb: &str) -> GuestSpec {
    let spec = GuestSpec {
        guest_type: GuestType::Pv,
        ..GuestSpec::new(name)
    };
    let raw = format!("{}vfb = [ '{vfb}' ]\n", spec.config_text());
    GuestSpec {
        raw_config: Some(raw),
        ..spec
    }
}

fn fleet(config: &mut SimHostConfig) {
    config.guests.extend([
        hvm("win-01"),
        hvm("win-02").halted(),
        vfb(
            "desk",
            "vnc=1,vnclisten=0.0.0.0,vncunused=1,vncpasswd=open sesame",
        ),
        GuestSpec::new("web-01"),
    ]);
}

#[tokio::test]
async fn screens_of_hvm_guests_and_frame_buffers_speak_rfb_also_behind_a_password() -> Result<(), Broken> {
    let sim = Sim::start(fleet).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for name in ["win-01", "desk"] {
        let mut screen = screens::speaks_rfb(&bench, name).await?;
        screens::moves(&mut screen, SOON).await?;
    }
    screens::several_look_at_once(&bench, "win-01").await?;
    assert_eq!(
        bench.vm("win-01")?.consoles,
        [ConsoleKind::Serial, ConsoleKind::Pv, ConsoleKind::Graphical]
    );
    assert_eq!(
        bench.vm("desk")?.consoles,
        [ConsoleKind::Pv, ConsoleKind::Graphical]
    );
    Ok(())
}

#[tokio::test]
async fn a_screen_comes_and_ends_with_its_guest() -> Result<(), Broken> {
    let sim = Sim::start(fleet).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    screens::is_refused_while_it_does_not_run(&bench, "win-02").await?;
    acts::starts(&bench, &guest("win-02")).await?;
    let screen = screens::speaks_rfb(&bench, "win-02").await?;
    let vm = bench.vm("win-02")?.id;
    bench.perform(Action::VmPowerOff, vm).await.0?;
    screens::ends_with_its_vm(screen, SOON).await?;

    let mute = bench.vm("web-01")?;
    let error = bench
        .driver()
        .console(mute.id, ConsoleKind::Graphical)
        .await
        .err();
    let error = error.ok_or_else(|| Broken("it has one".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::NotSupported { action: None });
    assert_eq!(error.message, "web-01 has no screen.");
    Ok(())
}

#[tokio::test]
async fn a_host_that_forwards_nothing_says_what_to_change() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        fleet(config);
        config.forwarding = Forwarding::Refused;
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let vm = bench.vm("win-01")?.id;
    let error = bench.driver().console(vm, ConsoleKind::Graphical).await.err();
    let error = error.ok_or_else(|| Broken("it has one".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert!(error.message.contains("AllowTcpForwarding"), "{error}");
    Ok(())
}
