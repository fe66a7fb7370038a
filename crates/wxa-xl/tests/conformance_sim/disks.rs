//! How large disks are: told where the host tells it, of guests that run and of those that do not.
use super::{SOON, bed::Sim};
use wxa_driver::conformance::{Bench, Broken, View};
use wxa_model::{Bytes, Vm};
use wxa_sim::GuestSpec;

fn sizes(view: &View, name: &str) -> Vec<Option<Bytes>> {
    let vm: Option<&Vm> = view.vms.values().find(|vm| vm.name == name);
    vm.map(|vm| vm.disks.iter().map(|disk| disk.size).collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn sizes_of_volumes_and_images_are_told_and_what_is_not_told_is_unknown() -> Result<(), Broken> {
    let disks = |name: &str| {
        vec![
            format!("phy:/dev/vg0/{name},xvda,w"),
            format!("format=raw,vdev=xvdb,access=rw,target=/srv/{name}.img"),
            format!("format=qcow2,vdev=xvdc,access=rw,target=/srv/{name}.qcow2"),
        ]
    };
    let sim = Sim::start(|config| {
        let mut runs = GuestSpec::new("web-01");
        runs.disks = disks("web-01");
        let mut halted = GuestSpec::new("db-01").halted();
        halted.disks = disks("db-01");
        config.guests.extend([runs, halted]);
    })
    .await?;
    sim.shell("mkdir -p /srv").await?;
    sim.shell("echo 0123456789 > /srv/web-01.img").await?;
    sim.shell("echo 0123456789 > /srv/db-01.img").await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for name in ["web-01", "db-01"] {
        let view = bench
            .wait("sizes", SOON, |view| {
                sizes(view, name).first().is_some_and(Option::is_some)
            })
            .await?;
        let told = sizes(&view, name);
        assert!(told[0] >= Some(Bytes(8 << 30)), "a volume of LVM: {told:?}");
        assert_eq!(told[1], Some(Bytes(11)), "a raw image is as large as its file");
        assert_eq!(
            told[2], None,
            "an image that is not there is of no size, not of 0"
        );
    }
    Ok(())
}
