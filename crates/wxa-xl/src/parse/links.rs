//! `ip -j -d link`, or where that is not to be had `brctl show`: bridges and what is plugged into them.
use super::printable;
use serde::Deserialize;
use wxa_model::host_details::LinkKind;

/// Links that are kept at most.
const MOST: usize = 4096;

/// A link as the host names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: LinkKind,
    /// Whether it carries traffic; none unknown.
    pub up: Option<bool>,
    /// Its hardware address; empty unknown.
    pub mac: String,
    /// Largest packet; 0 unknown.
    pub mtu: u32,
    /// What it is plugged into; empty for nothing.
    pub master: String,
    /// The domain at its other end.
    pub domid: Option<u32>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    ifname: String,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    mtu: u32,
    #[serde(default)]
    master: String,
    #[serde(default)]
    link_type: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    linkinfo: Info,
}

#[derive(Default, Deserialize)]
struct Info {
    #[serde(default)]
    info_kind: String,
}

/// Parses what `ip -j -d link` (or without `-d`) printed; none when it is no such list.
pub fn parse(text: &str) -> Option<Vec<Link>> {
    let told: Vec<Told> = serde_json::from_str(text).ok()?;
    // Without details, a link that others are plugged into is taken for a bridge.
    let detailed = told.iter().any(|one| !one.linkinfo.info_kind.is_empty());
    let masters: Vec<String> = told.iter().map(|one| one.master.clone()).collect();
    let link = |one: Told| {
        let domid = domid(&one.ifname);
        let kind = match one.linkinfo.info_kind.as_str() {
            "bridge" | "openvswitch" => LinkKind::Bridge,
            "bond" | "team" => LinkKind::Bond,
            "vlan" => LinkKind::Vlan,
            _ if domid.is_some() => LinkKind::Guest,
            "" if !detailed && masters.contains(&one.ifname) => LinkKind::Bridge,
            "" if one.link_type == "ether" => LinkKind::Card,
            _ => LinkKind::Other,
        };
        Link {
            name: printable(&one.ifname),
            kind,
            up: Some(one.flags.iter().any(|flag| flag == "LOWER_UP")),
            mac: printable(&one.address),
            mtu: one.mtu,
            master: printable(&one.master),
            domid,
        }
    };
    let there = told
        .into_iter()
        .filter(|one| !one.ifname.is_empty() && one.link_type != "loopback");
    Some(there.take(MOST).map(link).collect())
}

/// Parses what `brctl show` printed; none when it is no such table.
pub fn parse_brctl(text: &str) -> Option<Vec<Link>> {
    let mut lines = text.lines();
    lines.next().filter(|head| head.starts_with("bridge name"))?;
    let mut links = Vec::new();
    let mut bridge = String::new();
    for line in lines.take(MOST) {
        let mut words = line.split_whitespace();
        if !line.starts_with(char::is_whitespace)
            && let Some(name) = words.next()
        {
            bridge = printable(name);
            links.push(named(&bridge, LinkKind::Bridge, ""));
            // Its id and whether it runs the spanning tree protocol.
            words = line.split_whitespace();
            words.nth(2);
        }
        if let Some(port) = words.next() {
            let kind = if domid(port).is_some() {
                LinkKind::Guest
            } else {
                LinkKind::Card
            };
            links.push(named(port, kind, &bridge));
        }
    }
    Some(links)
}

fn named(name: &str, kind: LinkKind, master: &str) -> Link {
    Link {
        name: printable(name),
        kind,
        up: None,
        mac: String::new(),
        mtu: 0,
        master: master.to_owned(),
        domid: domid(name),
    }
}

/// The domain of `vif9.0`, `vif9.0-emu` or `tap9.0`.
fn domid(name: &str) -> Option<u32> {
    let rest = name.strip_prefix("vif").or_else(|| name.strip_prefix("tap"))?;
    let (domid, index) = rest.split_once('.')?;
    index.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    domid.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(links: &[Link]) -> Vec<(&str, LinkKind, &str, Option<u32>)> {
        links
            .iter()
            .map(|one| (one.name.as_str(), one.kind, one.master.as_str(), one.domid))
            .collect()
    }

    #[test]
    fn a_real_list_is_read_without_details() {
        let links = parse(include_str!("../../tests/captures/ip-link.txt")).unwrap();
        assert_eq!(
            seen(&links),
            [
                ("eth0", LinkKind::Card, "xenbr0", None),
                ("eth1", LinkKind::Card, "xenbr1", None),
                ("xenbr0", LinkKind::Bridge, "", None),
                ("xenbr1", LinkKind::Bridge, "", None),
                ("vif9.0", LinkKind::Guest, "xenbr0", Some(9)),
                ("vif11.0", LinkKind::Guest, "xenbr0", Some(11)),
            ]
        );
        assert!(links.iter().all(|link| link.up == Some(true) && link.mtu == 1500));
        assert_eq!(links[0].mac, "52:54:00:00:0a:01");
    }

    #[test]
    fn a_real_list_is_read_with_details() {
        let links = parse(include_str!("../../tests/captures/ip-d-link.txt")).unwrap();
        assert_eq!(
            seen(&links),
            [
                ("eth0", LinkKind::Card, "xenbr0", None),
                ("eth1", LinkKind::Card, "xenbr1", None),
                ("xenbr0", LinkKind::Bridge, "", None),
                ("xenbr1", LinkKind::Bridge, "", None),
                ("vif1.0", LinkKind::Guest, "xenbr1", Some(1)),
            ]
        );
        assert_eq!(
            links.last().unwrap().up,
            Some(false),
            "its guest has not connected yet"
        );
    }

    #[test]
    fn details_tell_bonds_vlans_and_empty_bridges() {
        let text = r#"[{"ifname":"bond0","flags":["UP"],"link_type":"ether","linkinfo":{"info_kind":"bond"}},
            {"ifname":"eth0","master":"bond0","link_type":"ether"},
            {"ifname":"bond0.7","master":"br7","link_type":"ether","linkinfo":{"info_kind":"vlan"}},
            {"ifname":"br7","link_type":"ether","linkinfo":{"info_kind":"bridge"}},
            {"ifname":"br8","link_type":"ether","linkinfo":{"info_kind":"bridge"}},
            {"ifname":"vif3.0-emu","master":"br8","link_type":"ether","linkinfo":{"info_kind":"tun"}},
            {"ifname":"wg0","link_type":"none","linkinfo":{"info_kind":"wireguard"}}]"#;
        let links = parse(text).unwrap();
        assert_eq!(
            seen(&links),
            [
                ("bond0", LinkKind::Bond, "", None),
                ("eth0", LinkKind::Card, "bond0", None),
                ("bond0.7", LinkKind::Vlan, "br7", None),
                ("br7", LinkKind::Bridge, "", None),
                ("br8", LinkKind::Bridge, "", None),
                ("vif3.0-emu", LinkKind::Guest, "br8", Some(3)),
                ("wg0", LinkKind::Other, "", None),
            ]
        );
        assert_eq!(links[0].up, Some(false), "there is no carrier");
    }

    #[test]
    fn a_real_table_of_brctl_is_read() {
        let links = parse_brctl(include_str!("../../tests/captures/brctl.txt")).unwrap();
        assert_eq!(
            seen(&links),
            [
                ("xenbr0", LinkKind::Bridge, "", None),
                ("eth0", LinkKind::Card, "xenbr0", None),
                ("vif11.0", LinkKind::Guest, "xenbr0", Some(11)),
                ("vif9.0", LinkKind::Guest, "xenbr0", Some(9)),
                ("xenbr1", LinkKind::Bridge, "", None),
                ("eth1", LinkKind::Card, "xenbr1", None),
            ]
        );
        assert_eq!(parse_brctl("brctl: not found"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}", name in "(vif|tap)?[0-9]{0,12}.?[0-9a-z]{0,3}", table in "bridge name\n([a-z0-9.\t ]{0,20}\n){0,5}") {
            parse(&text);
            domid(&name);
            parse_brctl(&table);
        }
    }
}
