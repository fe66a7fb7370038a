//! What a single value may be.
use crate::reference::Ref;
use std::borrow::Cow;

/// The longest text that is kept.
const LONGEST: usize = 64 << 10;

/// The longest word that is kept, and the longest reference.
const SHORT: usize = 256;

/// The keys of maps of texts that are used, of whatever class: the others would be most of what a large pool takes in memory.
const KEPT: &[&str] = &[
    "XenCenterMeddlingActionTitle",
    "XenCenterUUID",
    "applies_to",
    "auto_poweron",
    "boot_time",
    "clean_reboot",
    "clean_shutdown",
    "cpu_count",
    "date",
    "default_template",
    "distro",
    "feature-reboot",
    "feature-shutdown",
    "feature-suspend",
    "hard_reboot",
    "hard_shutdown",
    "hvm_serial",
    "image-format",
    "linux",
    "major",
    "micro",
    "minor",
    "name",
    "pause",
    "platform_name",
    "platform_version",
    "product_brand",
    "product_version",
    "resume",
    "socket_count",
    "speed",
    "start",
    "suspend",
    "threads_per_core",
    "unpause",
    "vdi_type",
    "xen",
];

/// Whether a guest's address is told under that key: `0/ip`, `0/ipv4/0`, `0/ipv6/0`.
fn is_address(key: &str) -> bool {
    let family = key.split('/').nth(1);
    key.len() <= 32 && matches!(family, Some("ip" | "ipv4" | "ipv6"))
}

/// Something that a scalar may be.
pub(super) trait Scalar: Default {
    /// Whether a map keeps it under that key.
    fn is_kept(_key: &str) -> bool {
        true
    }
    fn of_text(text: &str) -> Self;
    fn of_int(_number: i64) -> Self {
        Self::default()
    }
    fn of_float(_number: f64) -> Self {
        Self::default()
    }
    fn of_flag(_flag: bool) -> Self {
        Self::default()
    }
}

/// A word under any key: maps by task have references for keys.
impl Scalar for Box<str> {
    fn is_kept(key: &str) -> bool {
        key.len() <= SHORT
    }
    fn of_text(text: &str) -> Self {
        text.get(..text.floor_char_boundary(SHORT))
            .unwrap_or_default()
            .into()
    }
}

impl Scalar for String {
    fn is_kept(key: &str) -> bool {
        KEPT.contains(&key) || is_address(key)
    }
    fn of_text(text: &str) -> Self {
        text.get(..text.floor_char_boundary(LONGEST))
            .unwrap_or_default()
            .to_owned()
    }
    fn of_int(number: i64) -> Self {
        number.to_string()
    }
    fn of_float(number: f64) -> Self {
        number.to_string()
    }
    fn of_flag(flag: bool) -> Self {
        flag.to_string()
    }
}

/// A text that is one of few: those that are known take no memory of their own.
pub(crate) type Word = Cow<'static, str>;

/// States, types, modes, protocols, and the numbers and names of the first devices.
const WORDS: &[&str] = &[
    "",
    "Running",
    "Halted",
    "Suspended",
    "Paused",
    "hvm",
    "pv",
    "pvh",
    "pv_in_pvh",
    "unspecified",
    "BIOS order",
    "19700101T00:00:00Z",
    "RW",
    "RO",
    "Disk",
    "CD",
    "0",
    "1",
    "2",
    "3",
    "xvda",
    "xvdb",
    "xvdc",
    "xvdd",
    "rfb",
    "vt100",
];

impl Scalar for Word {
    fn of_text(text: &str) -> Self {
        match WORDS.iter().find(|word| **word == text) {
            Some(word) => Cow::Borrowed(word),
            None => Cow::Owned(String::of_text(text)),
        }
    }
    fn of_int(number: i64) -> Self {
        Self::of_text(&number.to_string())
    }
    fn of_flag(flag: bool) -> Self {
        Cow::Owned(flag.to_string())
    }
}

impl Scalar for i64 {
    fn of_text(text: &str) -> Self {
        text.trim().parse().unwrap_or_default()
    }
    fn of_int(number: i64) -> Self {
        number
    }
    fn of_float(number: f64) -> Self {
        number as i64
    }
}

impl Scalar for f64 {
    fn of_text(text: &str) -> Self {
        text.trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .unwrap_or_default()
    }
    fn of_int(number: i64) -> Self {
        number as f64
    }
    fn of_float(number: f64) -> Self {
        number
    }
}

impl Scalar for bool {
    fn of_text(text: &str) -> Self {
        matches!(text, "true" | "1")
    }
    fn of_int(number: i64) -> Self {
        number != 0
    }
    fn of_flag(flag: bool) -> Self {
        flag
    }
}

impl Scalar for Ref {
    fn of_text(text: &str) -> Self {
        Self::read(text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default())
    }
}
