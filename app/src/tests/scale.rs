//! Ten thousand VMs: a page that comes with those in sight looks like one that has them all, and weighs next to nothing.
use super::{page_with, sample};
use crate::{
    Boot,
    boot::first_window,
    live::{Live, tables::Guests},
    routes::{HostTab, Route, VmTab},
    sample::NOW,
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{Bytes, Host, HostId, HostKind, Link, Object, PowerState, Vm, VmId, VmRole};
use wxa_wire::{
    InventoryView,
    index_frame::{self, Head},
    sample_frame::{self, SampleRow},
};

const MANY: u128 = 10_000;
const HEAD: Head = Head {
    epoch: 1,
    from: None,
    to: 1,
};

fn host_id(n: u128) -> HostId {
    HostId(Uuid::from_u128(n))
}

/// A site with 8 plain hosts, one of which is not heard, and a pool of 8.
fn places() -> Vec<Object> {
    let mut objects = vec![Object::Site(sample::site(1, "Vienna"))];
    for n in 1..=8 {
        let link = if n == 8 { Link::Connecting } else { Link::Up };
        objects.push(Object::Host(sample::host(n, link)));
        objects.push(Object::Host(sample::member(20 + n, 20, &format!("xcp-{n}"))));
    }
    objects.push(Object::Host(Host {
        kind: HostKind::Pool,
        ..sample::pool(20, "prod")
    }));
    objects
}

/// Guests by name, then control domains, as the server has them.
fn vms(count: u128) -> Vec<Vm> {
    let powers = [PowerState::Running, PowerState::Halted, PowerState::Running];
    let mut vms: Vec<Vm> = (0..count)
        .map(|n| {
            let name = format!("{}-{}", ["db", "mail", "web"][(n * 3 / count) as usize], n);
            let power = if n % 997 == 0 {
                PowerState::Crashed
            } else {
                powers[(n % 3) as usize]
            };
            let mut vm = sample::vm(1000 + n, &name, power);
            vm.host = host_id(if n % 2 == 0 { 1 + n % 8 } else { 21 + n % 8 });
            vm.memory = Bytes::mib((512 + n % 4096) as u64);
            vm.notes = "known to those who look".into();
            vm
        })
        .collect();
    let mut control = sample::vm(1, "Domain-0", PowerState::Running);
    control.role = VmRole::ControlDomain;
    control.host = host_id(1);
    vms.push(control);
    vms
}

fn id(n: u128) -> VmId {
    VmId(Uuid::from_u128(1000 + n))
}

fn samples(vms: &[&Vm]) -> Vec<u8> {
    let row = |vm: &&Vm| SampleRow::Vm(vm.id, sample::sample_of(vm.id.0.as_u128(), 0));
    sample_frame::encode(NOW, &vms.iter().map(row).collect::<Vec<_>>())
}

/// The boot data of the page at `address`: with all VMs, or as the server makes it.
fn boot(address: &str, all: &[Vm], is_whole: bool) -> Boot {
    let all: Vec<&Vm> = all.iter().collect();
    let mut objects = places();
    let window = first_window(address, &objects, &all, || samples(&all));
    let known = if is_whole { &all } else { &window.in_brief };
    objects.extend(window.in_full.iter().map(|vm| Object::Vm((*vm).clone())));
    Boot {
        inventory: Some(InventoryView {
            epoch: 1,
            revision: 1,
            now: NOW,
            objects,
        }),
        index: index_frame::encode(HEAD, &[], known),
        outline: window.outline.filter(|_| !is_whole),
        samples: samples(known),
        ..sample::boot()
    }
}

fn body(address: &str, boot: Boot) -> String {
    let html = page_with(address, boot);
    html.split_once("<body")
        .map(|(_, body)| body.to_owned())
        .unwrap_or_default()
}

#[test]
fn a_page_with_the_vms_in_sight_looks_like_one_that_has_them_all() {
    let all = vms(MANY);
    let host = Route::Host(host_id(1), HostTab::Vms).path();
    let pool = Route::Host(host_id(20), HostTab::Overview).path();
    for address in [
        "/overview",
        "/vms",
        "/vms?q=state%3Acrashed",
        "/vms?q=mail%20mem%3A%3E1G&sort=-mem",
        "/vms?sort=-cpu",
        "/vms?group=host",
        "/vms?group=state&sort=-mem",
        "/vms?q=nosuch",
        "/tasks",
        &format!("/vms?sel={}", id(77)),
        &host,
        &format!("{host}?sort=state"),
        &pool,
        &Route::Vm(id(78), VmTab::Overview).path(),
    ] {
        let whole = body(address, boot(address, &all, true));
        let first = boot(address, &all, false);
        let weight = serde_json::to_string(&first).map_or(0, |boot| boot.len());
        assert!(weight < 64_000, "{address} takes {weight} bytes");
        let first = body(address, first);
        let differs = whole.bytes().zip(first.bytes()).position(|(a, b)| a != b);
        let at = differs
            .unwrap_or(whole.len().min(first.len()))
            .saturating_sub(100);
        let part = |html: &str| {
            html.get(at..)
                .unwrap_or_default()
                .chars()
                .take(300)
                .collect::<String>()
        };
        assert_eq!(part(&whole), part(&first), "{address}");
    }
}

#[test]
fn the_index_that_follows_brings_the_rest() {
    let all = vms(MANY);
    Owner::new().with(|| {
        let boot = boot("/vms", &all, false);
        let live = Live::new(boot.inventory, &boot.samples).with_index(&boot.index, boot.outline);
        assert!(!live.whole.get_untracked());
        assert_eq!(live.guest_count(), MANY as usize, "counted, not known");
        let counts = live.counts();
        let before = live.guests();
        assert!(before.len() < 200, "{}", before.len());

        let frame = index_frame::encode(HEAD, &[], &all.iter().collect::<Vec<_>>());
        assert!(frame.len() < 100 * MANY as usize, "{}", frame.len());
        live.apply_index(index_frame::decode(&frame).unwrap());
        assert!(live.whole.get_untracked());
        let known: Vec<_> = all.iter().cloned().map(Arc::new).collect();
        let guests = Guests::of(known.iter());
        assert_eq!(live.guests().len(), MANY as usize);
        assert_eq!(&live.counts(), guests.counts());
        assert_eq!(live.counts(), counts, "as it was said before");

        // What changes soon after each other goes into lists together; rows follow at once.
        let (version, row) = (live.vms_version.get_untracked(), live.vm(id(5)));
        live.rested();
        for to in 2..6 {
            let mut one = all[5].clone();
            one.id = id(5);
            one.vcpus = to as u32;
            let head = Head {
                from: Some(to - 1),
                to,
                ..HEAD
            };
            let frame = index_frame::encode(head, &[], &[&one]);
            assert!(live.apply_index(index_frame::decode(&frame).unwrap()));
            assert_eq!(row.get_untracked().map(|vm| vm.vcpus), Some(to as u32));
        }
        assert_eq!(live.vms_version.get_untracked(), version + 1);
        assert!(live.rested());
        assert_eq!(live.vms_version.get_untracked(), version + 2);
    });
}

#[test]
fn a_page_of_few_vms_comes_with_all_of_them() {
    let all = vms(150);
    let boot = boot("/vms", &all, false);
    assert_eq!(boot.outline, None);
    let frame = index_frame::decode(&boot.index).unwrap();
    assert_eq!(frame.vms.len(), all.len());
}
