//! What a guest's agent writes about it, made fit to be shown: whoever holds the guest can write anything there.
use crate::{loose::Map, raw, text};
use std::net::IpAddr;
use wxa_model::{Action, GuestInfo};

/// How many addresses are kept of a guest.
const MOST_ADDRESSES: usize = 32;
/// The longest name of an operating system, in characters.
const LONGEST_OS: usize = 128;
/// The longest version of tools, in characters.
const LONGEST_TOOLS: usize = 64;

/// How it says what it does when it is asked.
const FEATURES: [(&str, Action); 3] = [
    ("feature-shutdown", Action::VmShutdown),
    ("feature-reboot", Action::VmReboot),
    ("feature-suspend", Action::VmSuspend),
];

/// What is kept of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Guest {
    /// What is shown; none where it says nothing.
    pub(crate) info: Option<GuestInfo>,
    /// What it says it does when it is asked.
    pub(crate) answers: Vec<Action>,
}

impl Guest {
    pub(crate) fn new(raw: &raw::VmGuestMetrics) -> Self {
        let info = GuestInfo {
            os: os(&raw.os_version),
            addresses: addresses(&raw.networks),
            tools: match raw.drivers_detected {
                true => dotted(&raw.drivers_version, &["major", "minor", "micro"], LONGEST_TOOLS),
                false => String::new(),
            },
        };
        Self {
            info: (info != GuestInfo::default()).then_some(info),
            answers: FEATURES
                .into_iter()
                .filter(|(key, _)| raw.other.get(key).is_some_and(|value| value == "1"))
                .map(|(_, action)| action)
                .collect(),
        }
    }
}

/// Its name, or else what it is and which. Windows appends where it is installed, after a `|`.
fn os(told: &Map<String>) -> String {
    let name = told.get("name").and_then(|name| name.split('|').next());
    let name = text::line(name.unwrap_or_default(), LONGEST_OS);
    if !name.is_empty() {
        return name;
    }
    let distro = told.get("distro").map(String::as_str).unwrap_or_default();
    let version = dotted(told, &["major", "minor"], LONGEST_OS);
    text::line(&format!("{distro} {version}"), LONGEST_OS)
}

/// The parts that are told, with dots between them.
fn dotted(told: &Map<String>, parts: &[&str], most: usize) -> String {
    let told: Vec<&str> = parts
        .iter()
        .map_while(|part| told.get(part))
        .map(|part| part.trim())
        .take_while(|part| !part.is_empty() && *part != "-1")
        .collect();
    text::line(&told.join("."), most)
}

/// By interface and family. `0/ip` and `0/ipv4/0` are one address told twice.
fn addresses(told: &Map<String>) -> Vec<String> {
    let mut found: Vec<(u32, IpAddr)> = told
        .iter()
        .filter_map(|(key, value)| {
            let interface = key.split('/').next()?.parse().ok()?;
            Some((interface, value.trim().parse().ok()?))
        })
        .filter(|(_, address): &(u32, IpAddr)| !address.is_unspecified() && !address.is_loopback())
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_ADDRESSES);
    found
        .into_iter()
        .map(|(_, address)| address.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guest(json: &str) -> Result<Option<GuestInfo>, serde_json::Error> {
        Ok(Guest::new(&serde_json::from_str(json)?).info)
    }

    #[test]
    fn what_an_agent_tells_is_put_in_order() -> Result<(), serde_json::Error> {
        let told = guest(
            r#"{"os_version":{"name":"Debian GNU/Linux 12 (bookworm)","uname":"6.1.0"},"PV_drivers_detected":true,
                "PV_drivers_version":{"major":"8","minor":"4","micro":"0","build":"1"},
                "networks":{"10/ip":"10.0.0.9","2/ipv6/0":"2001:db8::2","2/ipv4/0":"10.0.0.2","2/ip":"10.0.0.2","2/ipv4/1":"10.0.0.10"}}"#,
        )?;
        let expected = GuestInfo {
            os: "Debian GNU/Linux 12 (bookworm)".into(),
            addresses: ["10.0.0.2", "10.0.0.10", "2001:db8::2", "10.0.0.9"]
                .map(String::from)
                .into(),
            tools: "8.4.0".into(),
        };
        assert_eq!(told, Some(expected));
        Ok(())
    }

    #[test]
    fn less_is_shown_where_less_is_told() -> Result<(), serde_json::Error> {
        assert_eq!(guest("{}")?, None);
        let windows = guest(
            r#"{"os_version":{"name":"Microsoft Windows Server 2022 Standard|C:\\Windows|\\Device\\Harddisk0"},
                "PV_drivers_version":{"major":"9","minor":"3"},"PV_drivers_detected":false,"networks":[]}"#,
        )?;
        let expected = GuestInfo {
            os: "Microsoft Windows Server 2022 Standard".into(),
            ..GuestInfo::default()
        };
        assert_eq!(windows, Some(expected));
        let nameless = guest(r#"{"os_version":{"name":"","distro":"alpine","major":"3","minor":"20"}}"#)?;
        assert_eq!(nameless.map(|info| info.os), Some("alpine 3.20".into()));
        Ok(())
    }

    #[test]
    fn a_guest_that_writes_rubbish_is_cut_short() -> Result<(), serde_json::Error> {
        let many: Vec<String> = (0..5000)
            .map(|n| format!(r#""0/ipv4/{n}":"10.1.{}.{}""#, n / 250, n % 250))
            .collect();
        let told = guest(&format!(
            r#"{{"os_version":{{"name":"{}\u0007\u001b[2J\u202e"}},"PV_drivers_detected":"true","PV_drivers_version":{{"major":"{}"}},
                "networks":{{"0/ipv4/x":"<b>here</b>","0/ip":"127.0.0.1","x/ip":"10.0.0.1",{}}}}}"#,
            "é".repeat(100),
            "9".repeat(4000),
            many.join(",")
        ))?
        .unwrap_or_default();
        assert_eq!(told.addresses.len(), MOST_ADDRESSES);
        assert_eq!(told.addresses.first().map(String::as_str), Some("10.1.0.0"));
        assert_eq!(told.os, format!("{}[2J", "é".repeat(100)));
        assert_eq!(told.tools.len(), LONGEST_TOOLS);
        Ok(())
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_bounded_and_printable(os in "(?s).{0,300}", key in "[0-9]{0,12}/ip(v[46]/[0-9]{1,3})?", value in "(?s).{0,50}") {
            let raw = raw::VmGuestMetrics {
                os_version: Map::new(vec![("name".into(), os)]),
                networks: Map::new(vec![(key.into(), value)]),
                ..raw::VmGuestMetrics::default()
            };
            let info = Guest::new(&raw).info.unwrap_or_default();
            prop_assert!(info.os.chars().count() <= LONGEST_OS && !info.os.chars().any(char::is_control));
            prop_assert!(info.addresses.iter().all(|address| address.parse::<IpAddr>().is_ok()));
        }
    }
}
