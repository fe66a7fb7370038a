//! What is written is read, in fewer bytes than JSON, and nothing that is no frame is one.
use super::*;
use proptest::prelude::*;
use wxa_model::{
    ConsoleKind, GuestType, Key, PowerState, VmRole,
    console::{GuestPhase, Understood},
};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-zäß0-9-]{1,12}"]
}

fn any_vm() -> impl Strategy<Value = Vm> {
    let small = (0u128..6, 0u128..3, text(), any::<bool>(), 0usize..6, 0usize..4);
    let sizes = (
        any::<u32>(),
        any::<u64>(),
        any::<u64>(),
        proptest::option::of(any::<u64>()),
    );
    let words = (
        proptest::option::of(text()),
        proptest::option::of(text()),
        proptest::option::of(text()),
        proptest::collection::vec(text(), 0..3),
        proptest::collection::vec(text(), 0..3),
        proptest::collection::vec((0usize..9, text()), 0..3),
    );
    let consoles = proptest::collection::vec(
        prop_oneof![
            Just(ConsoleKind::Pv),
            Just(ConsoleKind::Serial),
            Just(ConsoleKind::Graphical)
        ],
        0..3,
    );
    let told = proptest::option::of((
        0usize..8,
        any::<u64>(),
        any::<u64>(),
        proptest::option::of(0..u64::MAX),
    ));
    let rest = (consoles, text(), told);
    (small, sizes, words, rest).prop_map(|(small, sizes, words, (consoles, notes, told))| {
        let (id, host, name, control, power, guest) = small;
        let (vcpus, memory, memory_max, started_at) = sizes;
        let (native_id, config_path, config_problem, tags, addresses, refused) = words;
        let powers = [
            PowerState::Running,
            PowerState::Paused,
            PowerState::Suspended,
            PowerState::Halted,
            PowerState::Crashed,
            PowerState::Stopping,
        ];
        let types = [
            None,
            Some(GuestType::Pv),
            Some(GuestType::Pvh),
            Some(GuestType::Hvm),
        ];
        Vm {
            host: HostId(Uuid::from_u128(host)),
            name,
            role: if control {
                VmRole::ControlDomain
            } else {
                VmRole::Guest
            },
            power: powers[power],
            guest_type: types[guest],
            vcpus,
            memory: Bytes(memory),
            memory_max: Bytes(memory_max),
            native_id,
            config_path,
            config_problem,
            autostart: true,
            started_at: started_at.map(UnixMillis),
            understood: told.map(|(phase, since, offset, began)| Understood {
                phase: GuestPhase::ALL[phase],
                since: UnixMillis(since),
                kind: consoles.first().copied().unwrap_or(ConsoleKind::Pv),
                offset,
                began: began.map(UnixMillis),
                slow: phase % 2 == 0,
            }),
            consoles,
            guest: Some(GuestInfo {
                os: "an OS".into(),
                addresses,
                tools: String::new(),
            }),
            refused: refused
                .into_iter()
                .map(|(act, why)| RefusedAction {
                    action: Action::ALL[act],
                    why,
                })
                .collect(),
            pool_tags: tags.iter().rev().cloned().collect(),
            tags,
            notes,
            ..blank(VmId(Uuid::from_u128(id)))
        }
    })
}

fn head() -> impl Strategy<Value = Head> {
    (any::<u64>(), proptest::option::of(0..u64::MAX), any::<u64>()).prop_map(|(epoch, from, to)| Head {
        epoch,
        from,
        to,
    })
}

proptest! {
    #[test]
    fn a_frame_is_read_as_the_briefs_of_what_was_written(
        head in head(),
        vms in proptest::collection::vec(any_vm(), 0..12),
        gone in proptest::collection::vec(any::<u128>(), 0..3),
    ) {
        let changes: Vec<Change> = gone
            .into_iter()
            .map(|id| Change::Gone { key: Key::Vm(VmId(Uuid::from_u128(id))) })
            .collect();
        let frame = encode(head, &changes, &vms.iter().collect::<Vec<_>>());
        let briefs = vms.iter().map(Vm::brief).collect();
        prop_assert_eq!(decode(&frame), Some(IndexFrame { head, changes, vms: briefs }));
        for vm in &vms {
            prop_assert!(vm.same_brief(&vm.brief()));
            prop_assert_eq!(&vm.brief().with_details_of(vm), vm);
        }
    }

    #[test]
    fn two_vms_have_the_same_brief_when_their_briefs_are_equal(a in any_vm(), b in any_vm()) {
        prop_assert_eq!(a.same_brief(&b), a.brief() == b.brief());
    }

    #[test]
    fn a_frame_that_is_cut_or_longer_is_none(vms in proptest::collection::vec(any_vm(), 1..4), cut in 1usize..40) {
        let head = Head { epoch: 1, from: None, to: 1 };
        let mut frame = encode(head, &[], &vms.iter().collect::<Vec<_>>());
        prop_assert_eq!(decode(&frame[..frame.len().saturating_sub(cut)]), None);
        frame.push(0);
        prop_assert_eq!(decode(&frame), None);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut frame = vec![VERSION];
        frame.extend(bytes);
        let _ = decode(&frame);
    }
}

#[test]
fn a_vm_of_a_large_pool_takes_less_than_a_hundred_bytes() {
    let vms: Vec<Vm> = (0..1000u128)
        .map(|n| Vm {
            host: HostId(Uuid::from_u128(n % 50)),
            name: format!("customer-{n}-web"),
            power: PowerState::Running,
            vcpus: 4,
            memory: Bytes::mib(4096),
            memory_max: Bytes::mib(4096),
            native_id: Some(n.to_string()),
            started_at: Some(UnixMillis(1_795_440_000_000 + n as u64)),
            guest: Some(GuestInfo {
                addresses: vec![format!("10.20.{}.{}", n / 250, n % 250)],
                ..GuestInfo::default()
            }),
            tags: vec!["prod".into(), "web".into()],
            ..blank(VmId(Uuid::from_u128(n)))
        })
        .collect();
    let head = Head {
        epoch: 1,
        from: None,
        to: 1,
    };
    let frame = encode(head, &[], &vms.iter().collect::<Vec<_>>());
    assert!(frame.len() < 100_000, "{}", frame.len());
    let json = serde_json::to_vec(&vms).expect("JSON");
    assert!(json.len() > 5 * frame.len(), "{} of {}", frame.len(), json.len());
}
