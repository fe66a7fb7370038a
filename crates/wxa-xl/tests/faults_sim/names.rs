//! Names that an administrator may give: none of them is taken for a command, and all are shown safely.
use super::{
    SOON,
    bed::{Sim, guest},
};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, HostShell, Terminal, acts},
};
use wxa_model::{Action, ConsoleKind, PowerState, VmAct};
use wxa_sim::GuestSpec;
use wxa_xl::parse::name::shown;

fn odd_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "my web server",
        "größe 東京 🦀",
        "it's",
        "say \"hi\"",
        "two\nlines",
        "tab\there",
        "-rf",
        "--help",
        "$(touch pwned)",
        "`touch pwned`",
        "x; touch pwned",
        "a|b&c>d<e*?[f]{g}~!#%\\",
        "\u{1b}[2J\u{7}bell",
        "right\u{202e}left",
        "7",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("long ".repeat(200).trim().to_owned());
    names.push(format!("{}x", "10kB ".repeat(2000)));
    names
}

async fn host(names: &[String]) -> Result<Sim, Broken> {
    Sim::start(|config| {
        for name in names {
            let mut guest = GuestSpec::new(name).halted();
            guest.disks.clear();
            guest.memory_mib = 64;
            config.guests.push(guest);
        }
    })
    .await
}

#[tokio::test]
async fn odd_names_are_safe_in_every_act() -> Result<(), Broken> {
    let names = odd_names();
    let sim = host(&names).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for name in &names {
        let named = guest(&shown(name));
        let seen = bench.vm(&named.name)?;
        assert!(
            seen.config_problem.is_none(),
            "{name:?}: {:?}",
            seen.config_problem
        );
        assert!(!seen.name.chars().any(char::is_control) && seen.name.chars().count() <= 200);
        let vm = acts::starts(&bench, &named).await?;
        assert_eq!(vm.id, seen.id, "{name:?}");
        acts::pauses_and_unpauses(&bench, &named).await?;
        bench.driver().console_log(vm.id, 1000).await?;
        let mut terminal = Terminal::new(bench.driver().console(vm.id, ConsoleKind::Pv).await?);
        terminal.expect("login: ", SOON).await?;
        acts::powers_off(&bench, &named).await?;
    }
    let said = sim.host.run("ls /root").await.stdout;
    assert!(!said.contains("pwned"), "{said}");
    Ok(())
}

#[tokio::test]
async fn the_command_that_is_shown_does_what_the_button_does() -> Result<(), Broken> {
    let names = odd_names();
    let sim = host(&names).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for name in &names {
        let named = guest(&shown(name));
        let id = bench.vm(&named.name)?.id;
        for (action, power) in [
            (Action::VmStart, PowerState::Running),
            (Action::VmPause, PowerState::Paused),
            (Action::VmPowerOff, PowerState::Halted),
        ] {
            let command = bench.driver().equivalent_command(VmAct::new(action, id));
            let command = command.ok_or_else(|| Broken(format!("{name:?}: no command for {action:?}")))?;
            sim.run(&command).await?;
            bench
                .wait(&format!("{name:?} {power:?}"), SOON, |view| {
                    view.vms.get(&id).is_some_and(|vm| vm.power == power)
                })
                .await?;
        }
    }
    let said = sim.host.run("ls /root").await.stdout;
    assert!(!said.contains("pwned"), "{said}");
    Ok(())
}

#[tokio::test]
async fn of_two_definitions_with_one_name_the_one_that_was_started_runs() -> Result<(), Broken> {
    let text = "name = \"twin\"\ntype = \"pvh\"\nkernel = \"/boot/k\"\nmemory = 64\n";
    let sim = Sim::start(|config| {
        for file in ["a", "b"] {
            config
                .extra_files
                .push((format!("/etc/xen/{file}.cfg"), text.to_owned()));
        }
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let of = |file: &str| {
        let path = format!("/etc/xen/{file}.cfg");
        let found = bench
            .view()
            .vms
            .into_values()
            .find(|vm| vm.config_path.as_ref() == Some(&path));
        found.ok_or_else(|| Broken(format!("{path} is not listed")))
    };
    let (first, second) = (of("a")?.id, of("b")?.id);
    let (started, _) = bench.perform(Action::VmStart, second).await;
    started?;
    bench
        .wait("the second one to run", SOON, |view| {
            view.vms
                .get(&second)
                .is_some_and(|vm| vm.power == PowerState::Running)
        })
        .await?;
    assert_eq!(of("a")?.power, PowerState::Halted);
    let (refused, _) = bench.perform(Action::VmStart, first).await;
    let error = super::failed(refused)?;
    assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error:?}");
    assert!(error.message.contains("of that name exists already"), "{error}");
    acts::powers_off(
        &bench,
        &wxa_driver::conformance::Guest {
            name: "twin".to_owned(),
            ..guest("twin")
        },
    )
    .await
}
