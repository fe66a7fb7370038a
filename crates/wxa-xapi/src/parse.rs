//! What is made of a host's bytes, for whoever tries it on bytes that no host would say.
use crate::{
    console::url::Location,
    events::Events,
    http,
    rrd::{Legend, Updates},
    world::{Dirty, Ours, World},
};
use uuid::Uuid;
use wxa_driver::Member;
use wxa_model::{HostFacts, HostId, PoolDetails, SampleBatch, SiteId, Vm, VmId};

/// A pool as one answer of `event.from` tells it.
#[derive(Debug)]
pub struct Told {
    /// The pool.
    pub facts: HostFacts,
    /// Its members.
    pub members: Vec<Member>,
    /// Its VMs.
    pub vms: Vec<Vm>,
    /// What else it has.
    pub details: PoolDetails,
}

/// The result of `event.from`, without its envelope; none when it is none.
pub fn events(bytes: &[u8]) -> Option<Told> {
    let events: Events = serde_json::from_slice(bytes).ok()?;
    let mut world = World::new(Ours {
        site: SiteId(Uuid::nil()),
        pool: HostId(Uuid::nil()),
    });
    let mut dirty = Dirty::default();
    for event in events.events {
        world.apply(event, &mut dirty).ok()?;
    }
    Some(Told {
        facts: world.facts(),
        members: world.members().map(|(_, member)| member).collect(),
        vms: world.vms().map(|(_, vm)| vm).collect(),
        details: world.pool_details(),
    })
}

/// The answer of `rrd_updates` at a host whose UUID is `host`, every VM being known; none when it is none.
pub fn measurements(bytes: &[u8], host: &str) -> Option<Vec<SampleBatch>> {
    let updates = Updates::read(bytes).ok()?;
    let known = |uuid: &str| Uuid::try_parse(uuid).ok().map(VmId);
    let legend = Legend::new(&updates.legend, host, known);
    Some(
        updates
            .after(Some(0))
            .iter()
            .map(|row| legend.batch(row, 4))
            .collect(),
    )
}

/// The body of an answer to a request with `method`, head and all; none when it is none or not whole.
pub fn answer(method: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    http::whole(method, bytes)
}

/// Host, port and target of a console's address; none for what could not be sent on.
pub fn console_address(text: &str) -> Option<(String, Option<u16>, String)> {
    let location = Location::read(text)?;
    Some((location.host, location.port, location.target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVENTS: &str = r#"{"events":[
        {"id":"1","class":"pool","operation":"add","ref":"OpaqueRef:p","snapshot":{"uuid":"00000000-0000-0000-0000-000000000009","name_label":"lab","master":"OpaqueRef:h","default_SR":"OpaqueRef:s"}},
        {"id":"2","class":"host","operation":"add","ref":"OpaqueRef:h","snapshot":{"uuid":"00000000-0000-0000-0000-000000000001","name_label":"xcp-01","address":"10.0.0.1","enabled":true,"metrics":"OpaqueRef:hm","cpu_info":{"cpu_count":"8"},"software_version":{"product_brand":"XCP-ng","product_version":"8.3.0"}}},
        {"id":"3","class":"host_metrics","operation":"add","ref":"OpaqueRef:hm","snapshot":{"live":true,"memory_total":"8589934592","memory_free":0}},
        {"id":"4","class":"vm","operation":"add","ref":"OpaqueRef:v","snapshot":{"uuid":"00000000-0000-0000-0000-000000000002","name_label":"web","power_state":"Running","resident_on":"OpaqueRef:h","domid":7,"domain_type":"pvh","memory_dynamic_max":1073741824,"VCPUs_at_startup":2}},
        {"id":"5","class":"vbd","operation":"add","ref":"OpaqueRef:b","snapshot":{"VM":"OpaqueRef:v","VDI":"OpaqueRef:d","device":"xvda","userdevice":"0","mode":"RW","type":"Disk"}},
        {"id":"6","class":"vdi","operation":"add","ref":"OpaqueRef:d","snapshot":{"name_label":"root","SR":"OpaqueRef:s"}},
        {"id":"7","class":"sr","operation":"add","ref":"OpaqueRef:s","snapshot":{"name_label":"NFS","type":"nfs","physical_size":-1}},
        {"id":"8","class":"console","operation":"add","ref":"OpaqueRef:c","snapshot":{"VM":"OpaqueRef:v","protocol":"vt100","location":"https://10.0.0.1/console?uuid=x"}},
        {"id":"9","class":"vm","operation":"del","ref":"OpaqueRef:gone"}],"valid_ref_counts":{"vm":1},"token":"1,1"}"#;
    const RRD: &str = r#"{"meta":{"start":0,"step":5,"end":5,"rows":1,"columns":2,"legend":["AVERAGE:host:h:cpu0","AVERAGE:vm:00000000-0000-0000-0000-000000000002:cpu0"]},"data":[{"t":5,"values":["0.5","NaN"]}]}"#;
    const HTTP: &str =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

    #[test]
    fn a_pool_is_made_of_its_events() {
        let told = events(EVENTS.as_bytes()).expect("events");
        assert_eq!(
            (told.facts.hostname.as_str(), told.facts.product.as_str()),
            ("lab", "XCP-ng 8.3.0")
        );
        let [vm] = told.vms.as_slice() else {
            panic!("{:?}", told.vms)
        };
        assert_eq!(
            (vm.disks[0].target.as_str(), vm.consoles.len()),
            ("NFS / root", 1)
        );
        assert_eq!(told.members[0].facts.memory_free.0, 7 << 30);
        assert_eq!(answer("GET", HTTP.as_bytes()).as_deref(), Some(&b"abcde"[..]));
        assert_eq!(
            measurements(RRD.as_bytes(), "h").map(|batches| batches.len()),
            Some(1)
        );
    }

    fn spoilt(seed: &'static str) -> impl Strategy<Value = Vec<u8>> {
        let places = prop::collection::vec((0..seed.len(), any::<u8>(), 0..4usize), 0..6);
        places.prop_map(move |places| {
            let mut bytes = seed.as_bytes().to_vec();
            for (place, byte, how) in places {
                let place = place % bytes.len().max(1);
                match how {
                    0 if !bytes.is_empty() => bytes[place] = byte,
                    1 => bytes.truncate(place),
                    2 => bytes.insert(place, byte),
                    _ => {
                        let piece: Vec<u8> = bytes.iter().skip(place).take(40).copied().collect();
                        bytes.splice(place..place, piece);
                    }
                }
            }
            bytes
        })
    }

    proptest! {
        #[test]
        fn spoilt_events_make_a_pool_that_makes_sense_or_none(bytes in spoilt(EVENTS)) {
            if let Some(told) = events(&bytes) {
                for vm in &told.vms {
                    prop_assert!(!vm.name.chars().any(char::is_control));
                }
                prop_assert!(told.members.len() <= 2);
            }
        }

        #[test]
        fn spoilt_measurements_are_finite_or_none(bytes in spoilt(RRD)) {
            for batch in measurements(&bytes, "h").unwrap_or_default() {
                prop_assert!(batch.host.cpu.is_none_or(|cpu| cpu >= 0.0 && cpu.is_finite()));
            }
        }

        #[test]
        fn spoilt_answers_are_no_longer_than_what_came(bytes in spoilt(HTTP)) {
            prop_assert!(answer("GET", &bytes).is_none_or(|body| body.len() <= bytes.len()));
        }

        #[test]
        fn no_address_can_carry_another_header(text in "https?://[a-z0-9.:\\[\\]]{0,20}/[ -~\r\n]{0,40}") {
            if let Some((host, _, target)) = console_address(&text) {
                let whole = format!("{host}{target}");
                prop_assert!(!whole.contains(['\r', '\n', ' ']));
            }
        }
    }
}
