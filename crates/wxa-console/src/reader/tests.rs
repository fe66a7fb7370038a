//! Readers of what real guests printed, and of what a hostile one may print.
use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

macro_rules! log {
    ($name:literal) => {
        include_bytes!(concat!("../../logs/", $name))
    };
}

/// What a log tells: each with the line that told it.
fn timeline(log: &[u8], told: &[Told]) -> String {
    let line = |told: &Told| {
        let from = usize::try_from(told.offset).unwrap();
        let line = String::from_utf8_lossy(&log[from..]);
        let line = line
            .trim_start_matches(['\r', '\n'])
            .lines()
            .next()
            .unwrap_or_default();
        let line: String = line.chars().take(60).collect();
        format!(
            "{} {:?}: {}\n",
            told.offset,
            told.what,
            line.trim_end().escape_debug()
        )
    };
    told.iter().map(line).collect()
}

/// However the bytes come, the same is told of the same offsets. (Byte by byte, a line that is not complete yet may look like a
/// prompt; real logs have no such one.)
fn check(log: &[u8], expected: Expect) {
    let whole = Reader::new(0, None).feed(log);
    expected.assert_eq(&timeline(log, &whole));
    for size in [1, 7, 100, 4096] {
        let mut reader = Reader::new(0, None);
        let told: Vec<Told> = log.chunks(size).flat_map(|piece| reader.feed(piece)).collect();
        assert_eq!(timeline(log, &told), timeline(log, &whole), "in pieces of {size}");
        assert_eq!(reader.end(), log.len() as u64);
    }
}

#[test]
fn xen_and_debian_as_its_control_domain_boot_to_a_login_prompt() {
    check(
        log!("control-domain.log"),
        expect![[r#"
            0 Phase(BootLoader): (XEN) Xen version 4.17.7 (Debian 4.17.7+13-g2445b30a44-0+deb
            582 Phase(Kernel): mapping kernel into physical memory
            3136 Phase(Init): [    2.756033] Run /init as init process
            15625 Phase(Login): xen-b login:
        "#]],
    );
}

#[test]
fn firmware_and_debian_boot_to_a_login_prompt_and_sysrq_makes_it_panic() {
    check(
        log!("panic.log"),
        expect![[r#"
            11 Phase(Firmware): \u{1b}[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)
            57 Phase(Kernel): Booting from ROM..[    0.000000] Linux version 6.1.0-56-amd6
            7645 Phase(Init): [    1.903059] Run /init as init process
            17789 Phase(Login): localhost login: root
            18365 Phase(Panicked): [   14.303075] Kernel panic - not syncing: sysrq triggered c
        "#]],
    );
}

#[test]
fn debian_boots_somebody_logs_in_and_it_goes_down() {
    check(
        log!("reboot.log"),
        expect![[r#"
            11 Phase(Firmware): \u{1b}[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)
            57 Phase(Kernel): Booting from ROM..[    0.000000] Linux version 6.1.0-56-amd6
            7782 Phase(Init): [    2.079418] Run /init as init process
            17975 Phase(Login): localhost login: root
            19904 Phase(Shutdown): [\u{1b}[0;32m  OK  \u{1b}[0m] Stopped target \u{1b}[0;1;39mbasic.target\u{1b}[0m
        "#]],
    );
}

#[test]
fn a_process_is_killed_for_want_of_memory_and_the_guest_goes_on() {
    check(
        log!("out-of-memory.log"),
        expect![[r#"
            33 Phase(Login): xen login: root
            5757 OutOfMemory: [   57.794300] Out of memory: Killed process 230 (tail) tota
        "#]],
    );
}

#[test]
fn a_pv_guest_of_xen_boots_to_its_shell_and_sysrq_makes_it_panic() {
    check(
        log!("pv-guest.log"),
        expect![[r#"
            0 Phase(Kernel): [    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-ke
            1180 Phase(Init): [   11.648617] Run /init as init process
            1648 Phase(Login): tiny:~# \u{1b}[6n
            1739 Phase(Panicked): [  123.371134] Kernel panic - not syncing: sysrq triggered c
        "#]],
    );
}

#[test]
fn a_pvh_guest_of_xen_boots_to_its_shell_and_sysrq_makes_it_panic() {
    check(
        log!("pvh-guest.log"),
        expect![[r#"
            0 Phase(Kernel): [    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-ke
            1386 Phase(Init): [   19.056471] Run /init as init process
            1853 Phase(Login): pvh:~# \u{1b}[6n
            1942 Phase(Panicked): [  107.693808] Kernel panic - not syncing: sysrq triggered c
        "#]],
    );
}

#[test]
fn an_hvm_guest_of_xen_boots_to_its_shell_and_is_powered_off() {
    check(
        log!("hvm-guest.log"),
        expect![[r#"
            0 Phase(Kernel): [    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-ke
            1885 Phase(Init): [   20.902092] Run /init as init process
            2352 Phase(Login): hvm:~# \u{1b}[6n
            2415 Phase(Shutdown): The system is going down NOW!
        "#]],
    );
}

#[test]
fn a_boot_loaders_menu_is_seen_though_it_has_no_newlines() {
    check(
        log!("grub.log"),
        expect![[r#"
            11 Phase(Firmware): \u{1b}[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)
            84 Phase(BootLoader): GRUB loading..
        "#]],
    );
}

#[test]
fn a_file_system_that_is_checked_is_a_phase_of_its_own() {
    check(
        log!("fsck.log"),
        expect![[r#"
            0 Phase(Init): Begin: Will now check root file system ... fsck from util-li
            72 Phase(Fsck): root was not cleanly unmounted, check forced.
            348 Phase(Init): root: 11/4096 files (0.0% non-contiguous), 2325/16384 blocks
        "#]],
    );
}

fn phases(bytes: &[u8]) -> Vec<GuestPhase> {
    let told = Reader::new(0, None).feed(bytes);
    told.iter()
        .filter_map(|told| match told.what {
            GuestEvent::Phase(phase) => Some(phase),
            _ => None,
        })
        .collect()
}

#[test]
fn a_control_string_without_end_hides_nothing_but_its_own_line() {
    let begun = ["\x1b]0;title", "\x1bP1$q", "\x1b_apc", "\x1b[12;", "\x1b"];
    for begun in begun {
        let output = format!("{begun}\r\nKernel panic - not syncing: x\r\n");
        assert_eq!(phases(output.as_bytes()), [GuestPhase::Panicked], "{begun:?}");
    }
}

#[test]
fn a_guest_that_only_says_that_it_panicked_is_believed_until_its_next_prompt() {
    let output = b"web login: \r\nKernel panic - not syncing: joke\r\nroot@web:~# ";
    assert_eq!(
        phases(output),
        [GuestPhase::Login, GuestPhase::Panicked, GuestPhase::Login]
    );
    assert_eq!(
        phases(b"audit: user said Kernel panic - not syncing\r\n"),
        [],
        "somewhere in a line it says nothing"
    );
}

#[test]
fn what_is_lost_parts_lines() {
    let mut reader = Reader::new(0, Some(GuestPhase::Login));
    assert_eq!(reader.feed(b"Kernel pan"), []);
    reader.skip_to(1000);
    assert_eq!(reader.feed(b"ic - not syncing: x\r\n"), []);
    assert_eq!((reader.phase(), reader.end()), (Some(GuestPhase::Login), 1021));
}

#[test]
fn trouble_that_is_told_in_many_lines_is_told_once_and_told_again_later() {
    let mut reader = Reader::new(0, None);
    let oops = b"BUG: kernel NULL pointer dereference, address: 8\r\nOops: 0000 [#1] SMP\r\n";
    assert_eq!(reader.feed(oops).len(), 1);
    assert_eq!(reader.feed(oops), []);
    reader.feed(&[b'.'; 2 * SAME as usize]);
    reader.feed(b"\r\n");
    assert_eq!(reader.feed(oops).len(), 1);
}

#[test]
fn no_output_costs_memory() {
    let floods: [&[u8]; 6] = [b"\x1b]", b"\x1b[1;", b"x", b"\xf0\x9f", b"\x1bP", b"\x80"];
    for flood in floods {
        let mut reader = Reader::new(0, None);
        for _ in 0..1000 {
            reader.feed(&flood.repeat(1000));
        }
        let kept = reader.line.text().len() + reader.troubles.capacity();
        assert!(kept <= 4 * crate::line::LONGEST + 8, "{kept} after {flood:?}");
        assert!(reader.end - reader.begin <= 2 * RAW as u64);
    }
}

proptest! {
    #[test]
    fn offsets_are_those_of_the_bytes_whatever_comes(
        bytes in proptest::collection::vec(any::<u8>(), 0..4000),
        size in 1usize..600,
    ) {
        let mut reader = Reader::new(5, None);
        for piece in bytes.chunks(size) {
            let before = reader.end();
            for told in reader.feed(piece) {
                prop_assert!(told.offset <= before + piece.len() as u64);
            }
        }
        prop_assert_eq!(reader.end(), 5 + bytes.len() as u64);
    }

    #[test]
    fn a_panic_is_seen_whatever_came_before(noise in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let mut reader = Reader::new(0, None);
        reader.feed(&noise);
        let line = b"\r\n[   14.303110] Kernel panic - not syncing: x\r\n";
        reader.feed(line);
        prop_assert_eq!(reader.phase(), Some(GuestPhase::Panicked));
    }

    #[test]
    fn a_line_is_what_the_parser_alone_makes_of_it(
        bytes in proptest::collection::vec(
            prop_oneof![
                // What ends a line, what takes back, and what the parser takes for the end of a string of its own.
                3 => any::<u8>().prop_filter("plain", |byte| !matches!(byte, b'\n' | b'\r' | 0x08 | 0x9c)),
                2 => proptest::sample::select(b"\x1b[]0;1mHc\x07\\P ~".to_vec()),
                2 => proptest::sample::select("\u{e9}\u{1f600}".as_bytes().to_vec()),
            ],
            0..400,
        ),
        size in 1usize..50,
    ) {
        let mut reader = Reader::new(0, None);
        for piece in bytes.chunks(size) {
            reader.add(piece, &mut Vec::new());
        }
        let (mut parser, mut line, mut rest) = (Parser::new(), Line::default(), &bytes[..]);
        while !rest.is_empty() {
            let read = parser.advance_until_terminated(&mut line, rest).clamp(1, rest.len());
            rest = &rest[read..];
            line.take_ended();
            if line.moved() {
                line.clear();
            }
        }
        // What is no ASCII is as many characters here as it has bytes.
        let ascii = |line: &Line| line.text().replace('\x7f', "");
        prop_assert_eq!(ascii(&reader.line), ascii(&line));
    }
}
