//! The host's shell: what command lines over SSH may use.
#![allow(clippy::unwrap_used)]

use wxa_sim::{Pace, SimHost, SimHostConfig, demo_fleet};

async fn host() -> SimHost {
    let mut config = SimHostConfig::new("xen-1", 5);
    config.pace = Pace::Quick;
    config
        .extra_files
        .push(("/srv/a b.txt".into(), "one\ntwo\nthree\n".into()));
    SimHost::start(config).await.unwrap()
}

#[tokio::test]
async fn command_lines_do_what_a_shell_does() {
    let host = host().await;
    for (command, stdout, status) in [
        ("echo 'a  b' \"c $HOME\" d\\ e", "a  b c /root d e\n", 0),
        ("x=1; [ \"$x\" = 2 ] && echo two || echo other", "other\n", 0),
        (
            "if test -e /nope; then echo yes; elif [ -f '/srv/a b.txt' ]; then echo file; else echo no; fi",
            "file\n",
            0,
        ),
        (
            "cat '/srv/a b.txt' | while read line; do echo \"<$line>\"; done",
            "<one>\n<two>\n<three>\n",
            0,
        ),
        (
            "for f in /srv/*.txt /nope/*; do echo \"[$f]\"; done",
            "[/srv/a b.txt]\n[/nope/*]\n",
            0,
        ),
        ("n=$(grep -c t '/srv/a b.txt'); echo $n", "2\n", 0),
        ("nosuch 2>/dev/null; echo $?", "127\n", 0),
        ("nosuch 2>&1 | head -c 20", "bash: line 1: nosuch", 0),
        ("{ echo out; echo err >&2; } 2>/dev/null", "out\n", 0),
        ("! true", "", 1),
        (
            "LC_ALL=C stdbuf -oL timeout 5 printf '%s|%5d|%-3s.\\n' a 7 b",
            "a|    7|b  .\n",
            0,
        ),
        ("timeout 0.05 sleep 60", "", 124),
        ("xentop -b -d 0.01 | head -n 1 | wc -l", "1\n", 0),
        ("sh -c 'exit 7'; echo $?", "7\n", 0),
        ("printf 'x\\0y' | tr '\\0' '\\n'", "x\ny", 0),
        (
            "echo new > /tmp/f && echo more >> /tmp/f && tail -n 1 /tmp/f && stat -c %s /tmp/f",
            "more\n9\n",
            0,
        ),
        ("tail -c 6 -- '/srv/a b.txt'", "three\n", 0),
        ("tail -n +2 '/srv/a b.txt'", "two\nthree\n", 0),
        ("command -v xl && command -v nosuch", "/usr/sbin/xl\n", 1),
        ("echo a; exit 3; echo b", "a\n", 3),
    ] {
        let output = host.run(command).await;
        assert_eq!(
            (output.stdout.as_str(), output.status),
            (stdout, status),
            "{command}: {}",
            output.stderr
        );
    }
    for broken in [
        "echo 'open",
        "if true; then",
        "| x",
        "echo $(",
        "for",
        "a && ",
        "((",
        ")",
        "x > ",
        "${",
        "`",
    ] {
        assert_eq!(host.run(broken).await.status, 2, "{broken}");
    }
    let deep = "(".repeat(500);
    assert_eq!(host.run(&deep).await.status, 2);
}

#[tokio::test]
async fn the_demo_fleet_is_the_same_for_the_same_seed_and_starts() {
    let (one, two) = (demo_fleet(3, 40, 9), demo_fleet(3, 40, 9));
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    assert_eq!(
        one.iter().map(|host| host.name.as_str()).collect::<Vec<_>>(),
        ["xen-1", "xen-2", "xen-3"]
    );
    let mut names: Vec<&str> = one
        .iter()
        .flat_map(|host| &host.guests)
        .map(|guest| guest.name.as_str())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    for config in one {
        let running = config
            .guests
            .iter()
            .filter(|guest| guest.at_start != wxa_sim::AtStart::Halted)
            .count();
        let host = SimHost::start(config).await.unwrap();
        assert_eq!(host.run("xl list").await.stdout.lines().count(), running + 2);
        assert_eq!(
            host.fingerprint(),
            SimHost::start({
                let mut again = demo_fleet(3, 40, 9);
                again.retain(|other| other.name == host.name());
                again.pop().unwrap()
            })
            .await
            .unwrap()
            .fingerprint()
        );
    }
}
