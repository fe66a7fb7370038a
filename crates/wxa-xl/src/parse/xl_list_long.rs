//! `xl list -l`: the configuration of every domain, as JSON. No state is in it.
use super::cfg_device::{DiskSpec, NicSpec};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use uuid::Uuid;
use wxa_model::GuestType;

/// What is read of one domain.
#[derive(Clone, Debug, PartialEq)]
pub struct LongDomain {
    /// Xen's number of this run.
    pub domid: u32,
    /// Name when it was created.
    pub name: Option<String>,
    /// Xen's UUID of this run; Domain-0 has none.
    pub uuid: Option<Uuid>,
    /// How it is run.
    pub guest_type: Option<GuestType>,
    /// Upper limit of its memory in KiB.
    pub max_memkb: Option<u64>,
    /// Its disks.
    pub disks: Vec<DiskSpec>,
    /// Its network cards.
    pub nics: Vec<NicSpec>,
    /// Whether it has an emulated serial port that `xl console` can open.
    pub serial: bool,
    /// Whether its screen can be opened: whether VNC is on.
    pub screen: bool,
}

/// Parses the array (or the single object that some versions print for one domain). A domain that makes no sense is left
/// out, and of an array that breaks off the domains before are read: one must not hide the others.
///
/// # Errors
/// Why it is not what `xl list -l` prints.
pub fn parse(text: &str) -> Result<Vec<LongDomain>, serde_json::Error> {
    // An account's profile may have printed something before.
    let begins = |line: &&str| line.starts_with('[') || line.starts_with('{');
    let before: usize = text
        .split_inclusive('\n')
        .take_while(|line| !begins(line))
        .map(str::len)
        .sum();
    let text = match text.get(before..).unwrap_or_default().trim() {
        "" => text.trim(),
        json => json,
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut domains = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let read = if text.starts_with('{') {
        serde_json::Value::deserialize(&mut json).map(|value| Domains(&mut domains).take(value))
    } else {
        Domains(&mut domains).deserialize(&mut json)
    };
    match read {
        Err(error) if domains.is_empty() => Err(error),
        _ => Ok(domains),
    }
}

/// Collects the domains of an array one by one, so that those before a break are kept.
struct Domains<'a>(&'a mut Vec<LongDomain>);

impl Domains<'_> {
    fn take(&mut self, value: serde_json::Value) {
        if let Ok(raw) = serde_json::from_value::<Raw>(value) {
            self.0.push(raw.into());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Domains<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Domains<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of domains")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element()? {
            self.take(value);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Raw {
    domid: u32,
    #[serde(default)]
    config: RawConfig,
}

#[derive(Default, Deserialize)]
struct RawConfig {
    #[serde(default)]
    c_info: RawCreate,
    #[serde(default)]
    b_info: RawBuild,
    #[serde(default, deserialize_with = "lenient")]
    disks: Vec<RawDisk>,
    #[serde(default, deserialize_with = "lenient")]
    nics: Vec<RawNic>,
    #[serde(default, deserialize_with = "lenient")]
    vfbs: Vec<RawVfb>,
}

#[derive(Default, Deserialize)]
struct RawCreate {
    name: Option<String>,
    uuid: Option<String>,
    #[serde(rename = "type")]
    guest_type: Option<String>,
}

#[derive(Default, Deserialize)]
struct RawBuild {
    max_memkb: Option<u64>,
    #[serde(rename = "type.hvm")]
    hvm: Option<RawHvm>,
}

#[derive(Default, Deserialize)]
struct RawHvm {
    serial: Option<IgnoredAny>,
    serial_list: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "or_default")]
    vnc: RawVnc,
    #[serde(default, deserialize_with = "or_default")]
    nographic: String,
}

#[derive(Default, Deserialize)]
struct RawVfb {
    #[serde(default, deserialize_with = "or_default")]
    vnc: RawVnc,
}

#[derive(Default, Deserialize)]
struct RawVnc {
    /// `True`, `False`, or not there for what is usual: true.
    #[serde(default)]
    enable: String,
}

impl RawVnc {
    fn is_on(&self) -> bool {
        self.enable != "False"
    }
}

#[derive(Default, Deserialize)]
struct RawDisk {
    #[serde(default)]
    pdev_path: String,
    #[serde(default)]
    vdev: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    readwrite: i64,
}

#[derive(Default, Deserialize)]
struct RawNic {
    #[serde(default)]
    mac: String,
    #[serde(default)]
    bridge: String,
}

/// Null or a wrong shape is an empty list: one odd device must not hide a domain.
fn lenient<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(match value {
        serde_json::Value::Array(items) => items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect(),
        _ => Vec::new(),
    })
}

/// A wrong shape is nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

impl From<Raw> for LongDomain {
    fn from(raw: Raw) -> Self {
        let RawConfig {
            c_info,
            b_info,
            disks,
            nics,
            vfbs,
        } = raw.config;
        let hvm = b_info.hvm.as_ref();
        Self {
            domid: raw.domid,
            name: c_info.name,
            uuid: c_info
                .uuid
                .and_then(|text| Uuid::parse_str(&text).ok())
                .filter(|uuid| !uuid.is_nil()),
            guest_type: match c_info.guest_type.as_deref() {
                Some("pv") => Some(GuestType::Pv),
                Some("pvh") => Some(GuestType::Pvh),
                Some("hvm") => Some(GuestType::Hvm),
                _ => None,
            },
            max_memkb: b_info.max_memkb,
            serial: hvm.is_some_and(|hvm| hvm.serial.is_some() || hvm.serial_list.is_some()),
            screen: hvm.is_some_and(|hvm| hvm.vnc.is_on() && hvm.nographic != "True")
                || vfbs.iter().any(|vfb| vfb.vnc.is_on()),
            disks: disks
                .into_iter()
                .map(|disk| DiskSpec {
                    device: disk.vdev,
                    target: disk.pdev_path,
                    format: disk.format,
                    writable: disk.readwrite != 0,
                })
                .collect(),
            nics: nics
                .into_iter()
                .map(|nic| NicSpec {
                    mac: nic.mac,
                    bridge: nic.bridge,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_real_list_is_read() {
        let domains = parse(include_str!("../../tests/captures/xl-list-long.txt")).unwrap();
        let names: Vec<_> = domains
            .iter()
            .map(|d| (d.domid, d.name.as_deref().unwrap(), d.guest_type.unwrap()))
            .collect();
        use GuestType::{Pv, Pvh};
        assert_eq!(
            names,
            [
                (0, "Domain-0", Pv),
                (8, "tiny", Pv),
                (9, "net", Pv),
                (10, "pvh", Pvh),
                (11, "lvm", Pv)
            ]
        );
        assert_eq!(domains[0].uuid, None);
        assert_eq!(
            domains[1].uuid.unwrap().to_string(),
            "445eb2fc-4f4a-4364-8c0f-527230180765"
        );
        assert_eq!(domains[1].max_memkb, Some(196_608));
        assert_eq!(domains[4].disks.len(), 2);
        assert_eq!(domains[4].disks[1].format, "qcow2");
        assert_eq!(domains[4].nics[0].bridge, "xenbr0");
    }

    #[test]
    fn one_domain_that_makes_no_sense_does_not_hide_the_others() {
        let text = r#"[{"domid":1,"config":{"c_info":{"name":"a"}}},{"domid":"two"},7,{"domid":3,"config":{"c_info":{"name":9}}},{"domid":4}]"#;
        let domids = |text: &str| -> Vec<u32> { parse(text).unwrap().iter().map(|d| d.domid).collect() };
        assert_eq!(domids(text), [1, 4]);
        assert_eq!(domids(&format!("Welcome!\n{text}\n")), [1, 4]);
        assert_eq!(
            domids(&text[..text.len() - 4]),
            [1],
            "it breaks off in the last one"
        );
        assert!(parse("[{").is_err());
        assert!(parse("[7x").is_err());
    }

    #[test]
    fn a_host_without_guests_lists_itself() {
        let domains = parse(include_str!("../../tests/captures/xl-list-l-empty.txt")).unwrap();
        assert_eq!(domains.len(), 1);
        assert_eq!(parse("").unwrap(), []);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = parse(&text);
        }
    }
}
