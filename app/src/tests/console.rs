//! Consoles: how the last boot went, the window without anything around it, recording, and colours that can be read.
use super::{page, page_with, says, web_01};
use crate::{Boot, routes, sample};
use serde_json::value::to_raw_value;
use wxa_model::{
    PowerState, UnixMillis, VmId,
    console::{GuestEvent, GuestPhase},
};
use wxa_wire::{
    ConsoleBoot, ConsoleMark, ConsoleMarksView, ConsoleSpan, RecordingSettings, VmRecordingParams,
    VmRecordingView,
};

fn vm() -> VmId {
    sample::vm(10, "web-01", PowerState::Running).id
}

fn with_marks(marks: &ConsoleMarksView) -> Boot {
    let mut boot = sample::boot();
    let reply = to_raw_value(marks).unwrap_or_default();
    boot.replies.insert(routes::marks_url(vm()), reply);
    boot
}

fn phase(offset: u64, at: u64, phase: GuestPhase) -> ConsoleMark {
    ConsoleMark {
        offset,
        at: UnixMillis(at),
        what: GuestEvent::Phase(phase),
    }
}

fn marks() -> ConsoleMarksView {
    ConsoleMarksView {
        epoch: 1,
        kept: vec![ConsoleSpan { from: 0, to: 4096 }],
        boots: vec![ConsoleBoot {
            offset: 0,
            at: UnixMillis(1000),
            login_ms: Some(14_000),
        }],
        marks: vec![
            phase(10, 1500, GuestPhase::Kernel),
            phase(900, 5000, GuestPhase::Init),
            phase(2000, 15_000, GuestPhase::Login),
        ],
        not_recorded: None,
    }
}

#[test]
fn the_strip_above_a_console_says_how_the_last_boot_went() {
    let html = page_with(&format!("/vms/{}/console", web_01()), with_marks(&marks()));
    says(
        &html,
        &["Booted in 14.0 s", "Kernel 4.0 s", "Services 10.0 s", "1 boot"],
    );
    let mut panicked = marks();
    panicked.boots[0].login_ms = None;
    panicked.marks[2] = phase(2000, 15_000, GuestPhase::Panicked);
    let html = page_with(&format!("/vms/{}/console", web_01()), with_marks(&panicked));
    says(&html, &["Panicked after 14.0 s", "Kernel panic"]);
    let unrecorded = ConsoleMarksView {
        not_recorded: Some("Its host does not log consoles.".into()),
        ..ConsoleMarksView::default()
    };
    let html = page_with(&format!("/vms/{}/console", web_01()), with_marks(&unrecorded));
    says(
        &html,
        &["Not recorded: Its host does not log consoles.", "No boots yet"],
    );
}

#[test]
fn a_console_in_a_window_of_its_own_has_nothing_around_it() {
    let html = page(&format!("/vms/{}/console/window", web_01()));
    says(
        &html,
        &[
            "web-01 console",
            "Serial console",
            "Ctrl for the next key",
            "Running",
        ],
    );
    for around in ["<nav", "role=\"tree\"", "Skip to content"] {
        assert!(!html.contains(around), "{around} is in {html}");
    }
    says(
        &page("/vms/x/console/window"),
        &["There is nothing at this address"],
    );
}

#[test]
fn how_a_vm_is_recorded_is_in_its_settings() {
    let view = VmRecordingView {
        own: VmRecordingParams {
            days: Some(7),
            ..VmRecordingParams::default()
        },
        common: RecordingSettings {
            on: true,
            off_tags: Vec::new(),
            boot_bytes: 1 << 20,
            window_bytes: 4 << 20,
            days: 30,
            total_bytes: 4 << 30,
        },
        not_recorded: None,
        bytes: 1 << 20,
        since: None,
    };
    let mut boot = sample::boot();
    let reply = to_raw_value(&view).expect("it is JSON");
    boot.replies.insert(routes::vm_recording_url(vm()), reply);
    let html = page_with(&format!("/vms/{}/settings", web_01()), boot);
    says(
        &html,
        &[
            "Recording of the console",
            "1 MiB kept",
            "As for all: yes",
            "placeholder=\"4\"",
            "value=\"7\"",
        ],
    );
}

/// Relative luminance, as WCAG defines it.
fn luminance(hex: &str) -> f64 {
    let channel = |from: usize| {
        let byte = u8::from_str_radix(&hex[from..from + 2], 16).unwrap_or_default();
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn the_letters_of_every_terminal_theme_can_be_read_selected_or_not() {
    let sheets = [
        include_str!("../../../style/_tokens.scss"),
        include_str!("../../../style/components/_console-themes.scss"),
    ]
    .concat();
    let values = |name: &str| -> Vec<&str> {
        sheets
            .lines()
            .filter_map(|line| {
                line.trim()
                    .strip_prefix(name)?
                    .strip_prefix(": #")?
                    .strip_suffix(';')
            })
            .collect()
    };
    let (grounds, letters) = (values("--term-bg"), values("--term-text"));
    let selected = values("--term-select");
    assert_eq!(
        grounds.len(),
        6,
        "light, dark, contrast, and three more of terminals"
    );
    assert!(grounds.len() == letters.len() && grounds.len() == selected.len());
    for ((ground, letters), selected) in grounds.iter().zip(&letters).zip(&selected) {
        assert!(contrast(ground, letters) >= 7.0, "{letters} on {ground}");
        assert!(contrast(selected, letters) >= 4.5, "{letters} on {selected}");
    }
}
