//! No text of the pages that speak every language bypasses the one place: rendered in a made-up language, all that is
//! read on them is in brackets, but for names and what Xen itself calls things.
use super::{page_with, web_01};
use crate::{Boot, routes::details_url, sample, text::Locale};
use leptos::prelude::*;
use uuid::Uuid;
use wxa_model::{HostId, Preferences, VmId};
use wxa_wire::DetailsAge;

/// What is typed, keys, and what Xen itself calls things: the same in every language.
const WORDS: [&str; 36] = [
    // As `uptime` prints it.
    "load average",
    "WebXenAdmin",
    "PVH",
    "HVM",
    "PV",
    "hvc0",
    "ttyS0",
    "VNC",
    "GiB",
    "MiB",
    "state:",
    "phase:",
    "host:",
    "pool:",
    "eth0",
    "TiB",
    "site:",
    "ip:",
    "tag:",
    "type:",
    "mem:",
    "cpu:",
    "name:",
    "web",
    "/",
    "Ctrl",
    "Enter",
    "Esc",
    "Shift",
    "Home",
    "End",
    "English",
    "UTC",
    "root@",
    "v0.",
    "vif",
];

/// The page in a language in which every text is its English one in brackets.
fn in_brackets(url: &str, boot: Boot) -> String {
    let texts: Vec<&'static str> = crate::text::english_texts()
        .iter()
        .map(|text| {
            let forms: Vec<String> = text.split(" | ").map(|form| format!("⟦{form}⟧")).collect();
            &*forms.join(" | ").leak()
        })
        .collect();
    let owner = Owner::new();
    owner.with(|| {
        provide_context(Locale::new(&Preferences::default(), texts.leak()));
        super::page_in_owner(url, boot)
    })
}

/// What is read in `html`: text between tags, and the attributes that are read aloud or shown.
fn read(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        found.push(text.to_owned());
        let Some((tag, tail)) = after.split_once('>') else {
            break;
        };
        for attribute in [" aria-label=\"", " placeholder=\""] {
            let value = tag
                .split_once(attribute)
                .and_then(|(_, value)| value.split('"').next());
            found.extend(value.map(str::to_owned));
        }
        rest = match tag.split(' ').next() {
            Some(skipped @ ("script" | "title" | "style")) => {
                let end = format!("</{skipped}>");
                tail.split_once(end.as_str()).map_or("", |(_, tail)| tail)
            }
            _ => tail,
        };
    }
    found
}

/// Whether `text` is said past the table: words that are in no brackets, in no data, and no names of things.
fn bypasses(text: &str, data: &str) -> bool {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let parts = text.split(" · ").map(str::trim);
    parts.filter(|part| !part.contains(['⟦', '⟧'])).any(|part| {
        let letters = part.chars().filter(|c| c.is_alphabetic()).count();
        letters > 2 && !data.contains(part) && !WORDS.iter().any(|word| part.contains(word))
    })
}

#[test]
fn pages_that_speak_every_language_say_nothing_past_it() {
    let told = sample::pool_details();
    let pool = HostId(Uuid::from_u128(20));
    let boot = sample::boot_with(&details_url(pool, DetailsAge::Known), &told);
    let data = serde_json::to_string(&(&boot.inventory, &boot.session, &told)).expect("data are written");
    let id = web_01();
    let pools_vm = VmId(Uuid::from_u128(42));
    for url in [
        "/login?next=/vms&error=credentials".to_owned(),
        "/setup?token=x".into(),
        "/setup".into(),
        "/link?token=x".into(),
        "/vms".into(),
        "/vms?q=nothing-like-it".into(),
        format!("/vms?sel={id}"),
        format!("/vms/{id}/overview"),
        format!("/vms/{pools_vm}/overview"),
        format!("/hosts/{pool}/overview"),
        format!("/hosts/{pool}/hosts"),
        format!("/hosts/{pool}/storage"),
        format!("/hosts/{pool}/network"),
        format!("/hosts/{pool}/templates"),
        "/settings".into(),
        "/help".into(),
        "/nowhere".into(),
    ] {
        let html = in_brackets(&url, boot.clone());
        let english: Vec<String> = read(&html)
            .into_iter()
            .filter(|text| bypasses(text, &data) && !is_a_rules_sentence(text))
            .collect();
        assert_eq!(english, Vec::<String>::new(), "{url}");
    }
    let html = page_with("/vms", sample::boot());
    assert!(html.contains("Skip to content") && !html.contains('⟦'));
}

/// Sentences of rules travel as data; each has a code beside it that a translation can go by.
fn is_a_rules_sentence(text: &str) -> bool {
    let known = [
        "already running",
        "is not paused",
        "is rebooting",
        "is suspended",
        "is in maintenance and takes no VMs",
        "cannot be withdrawn",
    ];
    known.iter().any(|known| text.contains(known))
}
