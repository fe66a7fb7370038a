//! `ip -j [-d] link` and `brctl show`: two bridges, a card in each, and guests' interfaces.

use serde_json::json;

use crate::ails::Ail;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;

const BRIDGES: [&str; 2] = ["xenbr0", "xenbr1"];

/// Runs `ip`; of its many objects there are links, of its forms JSON.
pub(crate) async fn ip(env: &Env, args: &[String], io: &Io) -> Outcome {
    let has = |option: &str| args.iter().any(|arg| arg == option);
    let is_old = env
        .world
        .ask(|world| world.config.ails.contains(&Ail::OldIp))
        .await?;
    if is_old && has("-j") {
        return io
            .fail("Option \"-j\" is unknown, try \"ip -help\".\n", 255)
            .await;
    }
    if !(has("-j") && has("link")) {
        return io
            .fail("ip: this simulated host knows `ip -j link` only\n", 1)
            .await;
    }
    let details = has("-d");
    let text = env.world.ask(move |world| links(world, details)).await?;
    io.done(text).await
}

/// Runs `brctl show`.
pub(crate) async fn brctl(env: &Env, io: &Io) -> Outcome {
    let text = env
        .world
        .ask(|world| {
            let mut out = "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n".to_owned();
            for (n, bridge) in BRIDGES.iter().enumerate() {
                let mut ports = vec![format!("eth{n}")];
                ports.extend(
                    vifs(world)
                        .into_iter()
                        .filter(|vif| vif.bridge == *bridge)
                        .map(|vif| vif.name),
                );
                ports.sort();
                let id = mac(n as u32 + 10).replace(':', "");
                for (i, port) in ports.iter().enumerate() {
                    out += &if i == 0 {
                        format!("{bridge}\t\t8000.{id}\tno\t\t{port}\n")
                    } else {
                        format!("\t\t\t\t\t\t\t{port}\n")
                    };
                }
            }
            out
        })
        .await?;
    io.done(text).await
}

struct Vif {
    name: String,
    bridge: String,
}

fn vifs(world: &World) -> Vec<Vif> {
    let of = |domain: &crate::world::domain::Domain| {
        let domid = domain.domid;
        let nics = domain.config.nics.iter().enumerate();
        nics.map(move |(n, nic)| Vif {
            name: format!("vif{domid}.{n}"),
            bridge: nic.bridge.clone(),
        })
        .collect::<Vec<_>>()
    };
    world.domains.values().flat_map(of).collect()
}

fn mac(n: u32) -> String {
    format!("52:54:00:00:0a:{n:02x}")
}

fn links(world: &World, details: bool) -> String {
    let up = json!(["BROADCAST", "MULTICAST", "UP", "LOWER_UP"]);
    let link = |index: usize, name: &str, master: &str, address: &str, kind: &str| {
        let queue = if kind == "bridge" { "noqueue" } else { "fq_codel" };
        let mut link = json!({"ifindex": index, "ifname": name, "flags": up, "mtu": 1500, "qdisc": queue,
            "operstate": "UP", "linkmode": "DEFAULT", "group": "default", "txqlen": 1000, "link_type": "ether",
            "address": address, "broadcast": "ff:ff:ff:ff:ff:ff"});
        if let Some(map) = link.as_object_mut() {
            if !master.is_empty() {
                map.insert("master".into(), json!(master));
            }
            if details && !kind.is_empty() {
                map.insert("linkinfo".into(), json!({"info_kind": kind, "info_data": {}}));
            }
        }
        link
    };
    let mut all = vec![
        json!({"ifindex": 1, "ifname": "lo", "flags": ["LOOPBACK", "UP", "LOWER_UP"], "mtu": 65536,
        "qdisc": "noqueue", "operstate": "UNKNOWN", "linkmode": "DEFAULT", "group": "default", "txqlen": 1000,
        "link_type": "loopback", "address": "00:00:00:00:00:00", "broadcast": "00:00:00:00:00:00"}),
    ];
    for (n, bridge) in BRIDGES.iter().enumerate() {
        all.push(link(n + 2, &format!("eth{n}"), bridge, &mac(n as u32 + 1), ""));
    }
    for (n, bridge) in BRIDGES.iter().enumerate() {
        all.push(link(n + 4, bridge, "", &mac(n as u32 + 10), "bridge"));
    }
    for (n, vif) in vifs(world).iter().enumerate() {
        all.push(link(n + 6, &vif.name, &vif.bridge, "fe:ff:ff:ff:ff:ff", ""));
    }
    json!(all).to_string() + "\n"
}
