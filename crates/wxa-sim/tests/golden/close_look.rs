//! What is asked when somebody looks closely at a host: storage, network, packages, topology.
use super::host;

macro_rules! capture {
    ($name:literal) => {
        include_str!(concat!("../../../wxa-xl/tests/captures/", $name))
    };
}

#[tokio::test]
async fn reports_of_lvm_have_the_shape_of_real_ones() {
    let host = host().await;
    // Everything but what stands between the quotes after a colon; of rows that are alike one.
    let shape = |text: &str| -> Vec<String> {
        let mut parts = text.split("\":\"");
        let first = parts.next().unwrap().to_owned();
        let bare = parts.fold(first, |all, part| {
            all + "\":\"" + &part[part.find('"').unwrap()..]
        });
        let mut lines: Vec<String> = bare
            .lines()
            .map(|line| line.trim_end_matches(',').to_owned())
            .collect();
        lines.dedup();
        lines
    };
    for (command, real) in [
        ("vgs --reportformat json", capture!("vgs.txt")),
        ("lvs --reportformat json", capture!("lvs.txt")),
    ] {
        let ours = host.run(command).await;
        assert_eq!((ours.status, shape(&ours.stdout)), (0, shape(real)), "{command}");
    }
    let exact = host
        .run("lvs --reportformat json --units b --nosuffix -o lv_name,lv_size,lv_attr")
        .await
        .stdout;
    let size: u64 = exact
        .split("\"lv_size\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(size >= 1 << 30, "{exact}");
    assert!(
        exact.contains("{\"lv_name\":\"lvm-disk\"") && exact.contains("-wi-ao----"),
        "{exact}"
    );
}

#[tokio::test]
async fn network_links_have_the_keys_of_real_ones() {
    let host = host().await;
    let links = |text: &str| -> Vec<serde_json::Map<String, serde_json::Value>> {
        serde_json::from_str(text).unwrap()
    };
    let (ours, real) = (
        links(&host.run("ip -j link").await.stdout),
        links(capture!("ip-link.txt")),
    );
    let names = |all: &[serde_json::Map<String, serde_json::Value>]| -> Vec<String> {
        all.iter()
            .map(|link| link["ifname"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&ours), names(&real));
    for (ours, real) in ours.iter().zip(&real) {
        // Other names of a card come from its slot.
        let keys: Vec<_> = real.keys().filter(|key| *key != "altnames").collect();
        assert_eq!(ours.keys().collect::<Vec<_>>(), keys);
        assert_eq!(ours.get("master"), real.get("master"));
    }
    let details = host.run("ip -j -d link").await.stdout;
    assert!(details.contains(r#""info_kind":"bridge""#), "{details}");
    let columns = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split('\t').count().to_string() + line.rsplit('\t').next().unwrap())
            .collect()
    };
    let ours = host.run("brctl show").await.stdout;
    assert_eq!(columns(&ours), columns(capture!("brctl.txt")));
}

#[tokio::test]
async fn the_topology_of_a_host_is_told_as_by_a_real_one() {
    let host = host().await;
    let keys = |text: &str| -> Vec<String> {
        let plain = |line: &&str| !line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        text.lines()
            .filter(plain)
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        keys(&host.run("xl info -n").await.stdout),
        keys(capture!("xl-info-n.txt"))
    );
    let pools = host.run("xl cpupool-list -c").await.stdout;
    assert_eq!(
        pools.lines().next(),
        capture!("xl-cpupool-list-c.txt").lines().next()
    );
}

#[tokio::test]
async fn file_systems_and_packages_are_listed_as_by_a_real_one() {
    let host = host().await;
    let df = host.run("df -P -k -T").await.stdout;
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let real = capture!("df.txt");
    assert_eq!(
        words(df.lines().next().unwrap()),
        words(real.lines().next().unwrap())
    );
    assert!(df.lines().skip(1).all(|line| words(line).len() == 7), "{df}");
    let command =
        r"dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' 'xen-hypervisor-*' 'xen-utils-*'";
    let packages = host.run(command).await.stdout;
    for line in packages.lines() {
        let name = words(line)[1].clone();
        let real = capture!("dpkg-query.txt")
            .lines()
            .find(|real| real.contains(&name))
            .unwrap();
        assert!(
            real.starts_with("ii  ") && line.starts_with(&format!("ii  {name} ")),
            "{line:?} {real:?}"
        );
    }
    let machine = host
        .run("head -v -c 4096 -- /proc/cpuinfo /proc/meminfo /run/reboot-required")
        .await
        .stdout;
    for start in [
        "==> /proc/cpuinfo <==\nprocessor\t: 0\n",
        "\n==> /proc/meminfo <==\nMemTotal: ",
    ] {
        assert!(
            machine.contains(start) && capture!("head-machine.txt").contains(start),
            "{machine}"
        );
    }
}
