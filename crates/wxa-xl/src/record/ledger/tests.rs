//! Logs that grow, are cut, put aside, inherited and lost.
use super::*;
use uuid::Uuid;

const WEB: VmId = VmId(Uuid::from_u128(1));
const HEIR: VmId = VmId(Uuid::from_u128(2));

/// Name, number, size and when it was written.
type File<'a> = (&'a str, u64, u64, u64);

fn listed(files: &[File<'_>]) -> Vec<Listed> {
    let file = |(name, file, size, written): &File<'_>| Listed {
        file: *file,
        inode: *file,
        size: *size,
        written: *written,
        name: (*name).to_owned(),
    };
    files.iter().map(file).collect()
}

fn web(_: &str, _: Option<VmId>) -> Option<VmId> {
    Some(WEB)
}

/// Lists, and reads all there is. Each byte of a log is the log's number.
fn told(ledger: &mut Ledger, files: &[File<'_>]) -> Vec<String> {
    told_of(ledger, files, web)
}

fn told_of(
    ledger: &mut Ledger,
    files: &[File<'_>],
    owner: impl Fn(&str, Option<VmId>) -> Option<VmId>,
) -> Vec<String> {
    let mut reports = ledger.list(listed(files), Scope::All);
    reports.extend(ledger.assign(owner));
    loop {
        let wants = ledger.wants();
        if wants.is_empty() {
            return reports.iter().map(shown).collect();
        }
        for want in wants {
            let count = usize::try_from(want.count).unwrap();
            let bytes = vec![u8::try_from(want.file).unwrap(); count];
            reports.extend(ledger.took(want, &bytes));
        }
    }
}

fn shown(report: &Recorded) -> String {
    let who = |vm: &VmId| if *vm == WEB { "web" } else { "heir" };
    match report {
        Recorded::Printed { vm, from, bytes, .. } => {
            format!("{} {}:{}+{}", who(vm), from.file, from.offset, bytes.len())
        }
        Recorded::Missed { vm, bytes, at, .. } => {
            format!("{} misses {bytes:?}, {}:{}", who(vm), at.file, at.offset)
        }
        Recorded::CaughtUp => "caught up".to_owned(),
    }
}

fn known(vm: VmId, file: u64, offset: u64) -> ((VmId, ConsoleKind), LogPlace) {
    ((vm, ConsoleKind::Pv), LogPlace { file, offset })
}

#[test]
fn a_log_is_read_from_its_beginning_and_then_as_it_grows() {
    let mut ledger = Ledger::new(Vec::new());
    assert_eq!(
        told(&mut ledger, &[("guest-web.log", 1, 100_000, 5)]),
        ["web 1:0+65536", "web 1:65536+34464"]
    );
    assert!(told(&mut ledger, &[("guest-web.log", 1, 100_000, 5)]).is_empty());
    assert_eq!(
        told(&mut ledger, &[("guest-web.log", 1, 100_007, 6)]),
        ["web 1:100000+7"]
    );
}

#[test]
fn what_was_put_aside_before_anybody_listened_is_not_told() {
    let mut ledger = Ledger::new(Vec::new());
    let files = [("guest-web.log.1", 2, 50, 3), ("guest-web.log", 1, 10, 5)];
    assert_eq!(told(&mut ledger, &files), ["web 1:0+10"]);
}

#[test]
fn a_log_that_is_put_aside_is_read_to_its_end_before_the_new_one() {
    let mut ledger = Ledger::new(Vec::new());
    told(&mut ledger, &[("guest-web.log", 1, 10, 5)]);
    let files = [("guest-web.log.1", 1, 14, 6), ("guest-web.log", 2, 3, 7)];
    assert_eq!(told(&mut ledger, &files), ["web 1:10+4", "web 2:0+3"]);
}

#[test]
fn a_log_that_is_copied_and_cut_is_told_once() {
    let mut ledger = Ledger::new(Vec::new());
    told(&mut ledger, &[("guest-web.log", 1, 10, 5)]);
    let files = [("guest-web.log.1", 2, 10, 6), ("guest-web.log", 1, 4, 7)];
    assert_eq!(told(&mut ledger, &files), ["web misses None, 1:0", "web 1:0+4"]);
}

#[test]
fn logs_that_were_put_aside_while_nobody_listened_are_read_in_order() {
    let mut ledger = Ledger::new(vec![known(WEB, 3, 6)]);
    let files = [
        ("guest-web.log", 1, 2, 9),
        ("guest-web.log.1", 2, 5, 8),
        ("guest-web.log.2", 3, 8, 7),
        ("guest-web.log.3", 4, 8, 6),
    ];
    assert_eq!(told(&mut ledger, &files), ["web 3:6+2", "web 2:0+5", "web 1:0+2"]);
}

#[test]
fn a_known_log_that_is_gone_is_said_to_be_missing_once() {
    let mut ledger = Ledger::new(vec![known(WEB, 9, 100)]);
    let files = [("guest-web.log.1", 2, 5, 8), ("guest-web.log", 1, 2, 9)];
    assert_eq!(told(&mut ledger, &files), ["web misses None, 1:0", "web 1:0+2"]);
    assert_eq!(told(&mut ledger, &[("guest-web.log", 1, 3, 10)]), ["web 1:2+1"]);
}

#[test]
fn who_inherits_a_name_is_not_told_what_the_former_one_printed() {
    let mut ledger = Ledger::new(vec![known(WEB, 1, 100)]);
    let heir = |_: &str, _: Option<VmId>| Some(HEIR);
    let files = [("guest-web.log", 1, 120, 5)];
    assert_eq!(told_of(&mut ledger, &files, heir), ["heir 1:100+20"]);
}

#[test]
fn a_log_far_behind_begins_near_its_end_and_says_so() {
    let mut ledger = Ledger::new(Vec::new());
    ledger.list(listed(&[("guest-web.log", 1, FAR_BEHIND + 1, 5)]), Scope::All);
    let skipped = FAR_BEHIND + 1 - LATEST;
    let reports: Vec<String> = ledger.assign(web).iter().map(shown).collect();
    assert_eq!(reports, [format!("web misses Some({skipped}), 1:{skipped}")]);
}

#[test]
fn a_log_that_vanishes_unread_is_counted() {
    let mut ledger = Ledger::new(Vec::new());
    ledger.list(listed(&[("guest-web.log", 1, 40, 5)]), Scope::All);
    ledger.assign(web);
    assert_eq!(told(&mut ledger, &[]), ["web misses Some(40), 1:40"]);
}

#[test]
fn one_that_prints_without_end_does_not_keep_the_others_waiting() {
    let mut ledger = Ledger::new(Vec::new());
    let names: Vec<String> = (0..20).map(|n| format!("guest-{n}.log")).collect();
    let files: Vec<File<'_>> = names
        .iter()
        .zip(1u64..)
        .map(|(name, file)| (name.as_str(), file, 10 << 20, 5))
        .collect();
    ledger.list(listed(&files), Scope::All);
    ledger.assign(|name, _| {
        let number: u128 = guest_of(name)?.parse().ok()?;
        Some(VmId(Uuid::from_u128(number)))
    });
    let mut read = HashSet::new();
    for _ in 0..3 {
        for want in ledger.wants() {
            read.insert(want.file);
            ledger.took(want, b"x");
        }
    }
    assert_eq!(read.len(), 20);
}

#[test]
fn it_has_caught_up_once() {
    let mut ledger = Ledger::new(Vec::new());
    assert!(!ledger.has_caught_up(), "nothing was listed yet");
    ledger.list(
        listed(&[("guest-web.log", 1, 10, 5), ("guest-nobody.log", 2, 10, 5)]),
        Scope::All,
    );
    ledger.assign(|name, _| (name == "guest-web.log").then_some(WEB));
    assert!(!ledger.has_caught_up());
    let wants = ledger.wants();
    ledger.took(wants[0], &[0; 10]);
    assert!(ledger.has_caught_up());
    assert!(!ledger.has_caught_up());
}
