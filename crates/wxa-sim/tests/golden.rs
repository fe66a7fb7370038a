//! The simulated host's output against captures of a real one: the same guests, the same columns, the same words.
#![allow(clippy::unwrap_used)]

use wxa_sim::{AtStart, GuestSpec, Pace, SimHost, SimHostConfig};

#[path = "golden/close_look.rs"]
mod close_look;

macro_rules! capture {
    ($name:literal) => {
        include_str!(concat!("../../wxa-xl/tests/captures/", $name))
    };
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

const TINY: &str = r#"name = "tiny"
uuid = "445eb2fc-4f4a-4364-8c0f-527230180765"
type = "pv"
kernel = "/guests/vmlinux-guest"
ramdisk = "/guests/initrd-guest"
extra = "console=hvc0 quiet mitigations=off g.name=tiny g.load=1"
memory = 128
maxmem = 192
vcpus = 1
maxvcpus = 2
"#;
const NET: &str = r#"name = "net"
uuid = "ee05dabb-468a-4bdd-9e1f-987d902cd259"
kernel = "/guests/vmlinux-guest"
ramdisk = "/guests/initrd-guest"
extra = "console=hvc0 quiet mitigations=off g.name=net g.ip=10.77.0.50 g.load=1"
memory = 128
vcpus = 1
disk = [ '/guests/net.raw,raw,xvda,rw' ]
vif = [ 'mac=00:16:3e:00:00:50,bridge=xenbr0' ]
"#;
const PVH: &str = r#"name = "pvh"
uuid = "5acef047-9a1e-4101-aa28-dbaa32205284"
type = "pvh"
kernel = "/guests/vmlinux-guest"
ramdisk = "/guests/initrd-guest"
extra = "console=hvc0 quiet mitigations=off nokaslr g.name=pvh"
memory = 128
vcpus = 1
"#;
const LVM: &str = r#"name = "lvm"
uuid = "940a0e6a-0740-4cf3-bb6d-71cab592726f"
kernel = "/guests/vmlinux-guest"
ramdisk = "/guests/initrd-guest"
extra = "console=hvc0 quiet mitigations=off g.name=lvm g.ip=10.77.0.51 g.load=1"
memory = 128
disk = [ 'phy:/dev/vg0/lvm-disk,xvda,w', 'format=qcow2,vdev=xvdb,access=rw,target=/guests/q.qcow2' ]
vif = [ 'mac=00:16:3e:00:00:51,bridge=xenbr0' ]
"#;

/// The captured host: domains 8 to 11, the third one paused.
async fn host() -> SimHost {
    let mut config = SimHostConfig::new("A", 1);
    (
        config.pace,
        config.cpus,
        config.total_memory_mib,
        config.dom0_memory_mib,
    ) = (Pace::Quick, 1, 2559, 1024);
    for (name, text) in [
        ("tiny", TINY),
        ("net", NET),
        ("pvh", PVH),
        ("lvm", LVM),
        ("vm-refuses-start", "name = \"vm-refuses-start\"\n"),
    ] {
        let mut guest = GuestSpec::new(name);
        guest.at_start = AtStart::Halted;
        guest.raw_config = Some(text.to_owned());
        config.guests.push(guest);
    }
    let toobig = TINY
        .replace("tiny", "toobig")
        .replace("memory = 128\nmaxmem = 192", "memory = 99999");
    config.extra_files.push(("/guests/toobig.cfg".into(), toobig));
    config.extra_files.push(("/guests/tiny.cfg".into(), TINY.into()));
    config
        .extra_files
        .push(("/guests/net.cfg".into(), NET.replace("uuid", "# uuid")));
    config
        .extra_files
        .push(("/tmp/bad.cfg".into(), "memory = \n".into()));
    let host = SimHost::start(config).await.unwrap();
    // Every failed start uses up an id, as on the real one.
    for _ in 1..8 {
        assert_eq!(
            host.run("xl create /etc/xen/vm-refuses-start.cfg").await.status,
            3
        );
    }
    for name in ["tiny", "net", "pvh", "lvm"] {
        let made = host.run(&format!("xl create /etc/xen/{name}.cfg")).await;
        assert_eq!(made.status, 0, "{}", made.stderr);
    }
    host.run("xl pause pvh").await;
    host
}

/// Start and end columns of the words of a line.
fn columns(line: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                out.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    out
}

/// Lines have as many words, each of which begins or ends where the captured one does; header lines are the same.
fn same_table(ours: &str, real: &str) {
    assert_eq!(ours.lines().count(), real.lines().count(), "{ours}\n{real}");
    for (ours, real) in ours.lines().zip(real.lines()) {
        let (a, b) = (columns(ours), columns(real));
        let fits = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 || a.1 == b.1);
        assert!(fits, "ours {ours:?}\nreal {real:?}");
        if !real.contains(|c: char| c.is_ascii_digit()) {
            assert_eq!(ours, real);
        }
    }
}

#[tokio::test]
async fn tables_have_the_columns_of_real_ones() {
    let host = host().await;
    for (command, real) in [
        ("xl list", capture!("xl-list.txt")),
        ("xl list -v", fixture!("xl-list-v.txt")),
        ("xl list -n", fixture!("xl-list-n.txt")),
        ("xl list -c", fixture!("xl-list-c.txt")),
        ("xl list -Z", fixture!("xl-list-Z.txt")),
        ("xl claims", fixture!("xl-claims.txt")),
        ("xl sched-credit2", fixture!("xl-sched-credit2.txt")),
        ("xl vcpu-list", fixture!("xl-vcpu-list.txt")),
        ("xl block-list lvm", fixture!("xl-block-list-lvm.txt")),
        ("xl network-list net", fixture!("xl-network-list-net.txt")),
        ("xl cpupool-list", capture!("xl-cpupool-list.txt")),
        ("xentop -b -f -i 2 -d 0.1", capture!("xentop-b-f.txt")),
        ("xentop -b -n -x -v -i 2 -d 0.1", capture!("xentop-b-vnx.txt")),
    ] {
        let ours = host.run(command).await;
        assert_eq!((ours.status, ours.stderr.as_str()), (0, ""), "{command}");
        same_table(&ours.stdout, real);
    }
}

#[tokio::test]
async fn long_lists_are_the_same_to_the_letter() {
    let host = host().await;
    assert_eq!(host.run("xl list -l").await.stdout, capture!("xl-list-long.txt"));
    let dry = host.run("xl create -n /guests/net.cfg").await;
    assert_eq!(dry.stderr, "Parsing config from /guests/net.cfg\n");
    let without_uuid = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("\"uuid\""))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(
        without_uuid(&dry.stdout),
        without_uuid(fixture!("xl-create-n.txt"))
    );
}

#[tokio::test]
async fn refusals_are_the_same_to_the_letter() {
    let host = host().await;
    for (command, status, real) in [
        (
            "xl create /guests/toobig.cfg",
            3,
            capture!("err-create-toobig.err"),
        ),
        ("xl create /guests/tiny.cfg", 3, capture!("err-create-dup.err")),
        ("xl create /nope.cfg", 3, capture!("err-create-nofile.err")),
        ("xl create /tmp/bad.cfg", 1, capture!("err-create-syntax.err")),
        ("xl console nosuch", 1, capture!("err-console-unknown.err")),
        ("xl destroy nosuch", 1, capture!("err-destroy-unknown.err")),
        ("xl destroy 0", 1, capture!("err-dom0-destroy.err")),
        ("xl shutdown nosuch", 1, capture!("xl-shutdown-unknown.err")),
        ("xl domid nosuch", 1, capture!("err-domid-unknown.err")),
        ("xl list nosuch", 1, capture!("err-list-unknown.err")),
        ("xl mem-set tiny 99999", 1, capture!("err-memset-big.err")),
        ("xl pause 4242", 0, capture!("err-pause-unknown.err")),
        ("xl frobnicate", 1, capture!("err-unknown-cmd.err")),
    ] {
        let ours = host.run(command).await;
        assert_eq!(
            (ours.status, ours.stdout.as_str(), ours.stderr.as_str()),
            (status, "", real),
            "{command}"
        );
    }
}

#[tokio::test]
async fn info_and_uptime_have_the_lines_of_real_ones() {
    let host = host().await;
    let keys = |text: &str| {
        text.lines()
            .map(|line| line.split_at(line.find(':').unwrap() + 1).0.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&host.run("xl info").await.stdout),
        keys(capture!("xl-info.txt"))
    );
    let uptime = host.run("xl uptime").await.stdout;
    let real = capture!("xl-uptime.txt");
    assert_eq!(uptime.lines().next(), real.lines().next());
    for (ours, real) in uptime.lines().zip(real.lines()).skip(2) {
        let (a, b) = (columns(ours), columns(real));
        assert!(
            a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 || a.1 == b.1),
            "{ours:?} {real:?}"
        );
    }
    let short = host.run("xl uptime -s tiny").await.stdout;
    assert_eq!(
        columns(&short).len(),
        columns(fixture!("xl-uptime-s.txt").lines().nth(1).unwrap()).len()
    );
}

#[tokio::test]
async fn every_node_of_a_guest_exists_on_a_real_host() {
    let host = host().await;
    let real: Vec<&str> = fixture!("xenstore-paths-of-lvm.txt").lines().collect();
    let ours = host.run("xenstore-ls -f").await.stdout;
    assert!(ours.starts_with("/@introduceDomain = \"\"\n/@releaseDomain = \"\"\n/libxl = \"\"\n"));
    let mine = |line: &&str| {
        ["/local/domain/11", "/libxl/11", "/vm/940a"]
            .iter()
            .any(|prefix| line.starts_with(prefix))
            || line.contains("/11/")
    };
    let ours: Vec<&str> = ours
        .lines()
        .filter(mine)
        .map(|line| line.split(" = ").next().unwrap())
        .collect();
    let unknown: Vec<&&str> = ours.iter().filter(|path| !real.contains(*path)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for needed in [
        "/local/domain/11/name",
        "/local/domain/11/console/tty",
        "/local/domain/11/memory/target",
        "/local/domain/11/vm",
        "/local/domain/11/device/vif/0/mac",
    ] {
        assert!(ours.contains(&needed), "{needed}");
    }
}
