//! Definition files that are none.
use super::{SOON, bed::Sim};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, HostShell, acts},
};
use wxa_model::{Action, PowerState, Vm};
use wxa_sim::GuestSpec;

const GOOD: &str = "name = 'late'\ntype = 'pvh'\nkernel = '/boot/k'\nmemory = 64\n";

async fn host() -> Result<Sim, Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01").halted());
        for (file, text) in [
            (
                "unclosed",
                "name = 'a'\nmemory = 64\ndisk = [ 'phy:/x,xvda,w'\nvcpus = 1\n".to_owned(),
            ),
            ("empty", String::new()),
            ("huge", format!("name = 'huge'\n{}", "# filler\n".repeat(100_000))),
            ("binary", "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0".repeat(500)),
            ("python", "import os\nname = os.environ['NAME']\n".to_owned()),
            ("include", "name = 'b'\ninclude \"common.inc\"\n".to_owned()),
            ("type", "name = 'c'\ntype = 'vmware'\n".to_owned()),
            ("locked", GOOD.to_owned()),
        ] {
            config.extra_files.push((format!("/etc/xen/{file}.cfg"), text));
        }
    })
    .await?;
    sim.run("mkdir /etc/xen/folder.cfg; ln -s /nowhere /etc/xen/dead.cfg; chmod 000 /etc/xen/locked.cfg")
        .await?;
    Ok(sim)
}

fn of(bench: &Bench, file: &str) -> Result<Vm, Broken> {
    let path = format!("/etc/xen/{file}.cfg");
    let mut vms = bench.view().vms.into_values();
    vms.find(|vm| vm.config_path.as_ref() == Some(&path))
        .ok_or_else(|| Broken(format!("{path} is not listed")))
}

#[tokio::test]
async fn what_is_wrong_with_a_definition_is_shown_with_its_line_and_starting_it_is_refused_with_it()
-> Result<(), Broken> {
    let sim = host().await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for (file, problem) in [
        ("unclosed", "line 3: a list is not closed: ] is missing"),
        ("empty", "line 1: there is no name"),
        ("huge", "the file has 900014 bytes: that is no definition"),
        ("binary", "line 1: "),
        ("python", "line 1: import is no setting"),
        ("include", "line 2: include is no setting"),
        ("type", "line 2: type is vmware"),
        ("folder", "it is a folder, not a file"),
        ("dead", "it is a link to a file that is not there"),
        ("locked", "the file cannot be read on the host: Permission denied"),
    ] {
        let vm = of(&bench, file)?;
        let told = vm.config_problem.clone().unwrap_or_default();
        assert!(told.starts_with(problem), "{file}: {told:?}");
        assert_eq!((vm.name.as_str(), vm.power), (file, PowerState::Halted));
        let (result, _) = bench.perform(Action::VmStart, vm.id).await;
        let error = super::failed(result)?;
        assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error:?}");
        let path = format!("/etc/xen/{file}.cfg");
        assert!(
            error.message.contains(&path) && error.message.contains(&told),
            "{error}"
        );
    }
    // The others are not affected.
    acts::starts(&bench, &super::bed::guest("web-01")).await?;
    Ok(())
}

#[tokio::test]
async fn a_definition_that_is_put_right_is_right_soon() -> Result<(), Broken> {
    let sim = host().await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let before = of(&bench, "unclosed")?.id;
    sim.run("chmod 644 /etc/xen/locked.cfg; printf 'name=\"a\"\\nmemory=64\\n' > /etc/xen/unclosed.cfg; rm /etc/xen/dead.cfg")
        .await?;
    bench
        .wait("all to be right", SOON, |view| {
            let of = |file: &str| {
                let path = format!("/etc/xen/{file}.cfg");
                view.vms
                    .values()
                    .find(move |vm| vm.config_path.as_ref() == Some(&path))
            };
            let right = |file: &str| of(file).is_some_and(|vm| vm.config_problem.is_none());
            right("locked") && right("unclosed") && of("dead").is_none()
        })
        .await?;
    assert_eq!(of(&bench, "unclosed")?.id, before, "it is the same VM");
    assert_eq!(of(&bench, "locked")?.name, "late");
    Ok(())
}
