//! Disk and network specifications inside definitions.

/// A disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskSpec {
    /// As the guest sees it.
    pub device: String,
    /// Where it lives on the host.
    pub target: String,
    /// `raw`, `qcow2`, …
    pub format: String,
    /// Whether the guest may write to it.
    pub writable: bool,
}

/// A network card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NicSpec {
    /// MAC address; empty where the host chooses.
    pub mac: String,
    /// Bridge; empty for the host's default.
    pub bridge: String,
}

/// Reads a disk in either spelling: `target, format, vdev, access` by position, `key=value`, or both mixed, and the
/// old prefixes (`phy:/dev/vg/x,xvda,w`, `tap:aio:…`).
pub fn disk(text: &str) -> DiskSpec {
    let mut disk = DiskSpec {
        writable: true,
        ..DiskSpec::default()
    };
    // By position; an old prefix stands for the format, whose place is then left out.
    let mut places = ["target", "format", "vdev", "access"].iter();
    let mut rest = text.trim();
    while !rest.is_empty() {
        // What follows target= is all target, commas included.
        if let Some(target) = rest.strip_prefix("target=") {
            disk.target = target.to_owned();
            break;
        }
        let (part, after) = rest.split_once(',').unwrap_or((rest, ""));
        rest = after.trim_start();
        let part = part.trim();
        let (key, value) = match part.split_once('=') {
            Some((key, value))
                if key
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') =>
            {
                (key.trim(), value.trim())
            }
            _ => match places.next() {
                Some(place) => (*place, part),
                None => (part, ""),
            },
        };
        match key {
            "target" => {
                let (format, target, prefixed) = old_prefix(value);
                disk.target = target.to_owned();
                if let Some(format) = format {
                    disk.format = format.to_owned();
                }
                if prefixed {
                    places.next();
                }
            }
            "format" if !value.is_empty() => disk.format = value.to_owned(),
            "vdev" => {
                let (vdev, kind) = value.split_once(':').unwrap_or((value, ""));
                disk.device = vdev.to_owned();
                if kind == "cdrom" {
                    disk.writable = false;
                }
            }
            "access" => disk.writable = !matches!(value, "r" | "ro"),
            "cdrom" | "devtype" if key == "cdrom" || value == "cdrom" => disk.writable = false,
            _ => {}
        }
    }
    if disk.format.is_empty() {
        disk.format = "raw".to_owned();
    }
    disk
}

/// Takes the prefixes of old times off: (format, target, whether there was one).
fn old_prefix(target: &str) -> (Option<&str>, &str, bool) {
    let mut format = None;
    let mut rest = target;
    let mut prefixed = false;
    while let Some((prefix, after)) = rest.split_once(':') {
        match prefix {
            "phy" | "file" | "tap" | "tap2" | "aio" | "raw" => {}
            "qcow" | "qcow2" | "vhd" | "qed" | "vmdk" => format = Some(prefix),
            _ => break,
        }
        rest = after;
        prefixed = true;
    }
    (format, rest, prefixed)
}

/// Reads a network card: `mac=…,bridge=…`.
pub fn nic(text: &str) -> NicSpec {
    let mut nic = NicSpec::default();
    for part in text.split(',') {
        match part
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()))
        {
            Some(("mac", mac)) => nic.mac = mac.to_lowercase(),
            Some(("bridge", bridge)) => nic.bridge = bridge.to_owned(),
            _ => {}
        }
    }
    nic
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> String {
        let d = disk(text);
        format!(
            "{} {} {} {}",
            d.device,
            d.target,
            d.format,
            if d.writable { "rw" } else { "ro" }
        )
    }

    #[test]
    fn disks_in_every_spelling_are_read() {
        let seen = [
            ("phy:/dev/vg0/lvm-disk,xvda,w", "xvda /dev/vg0/lvm-disk raw rw"),
            ("tap:qcow2:/x/q.qcow2,xvdb,r", "xvdb /x/q.qcow2 qcow2 ro"),
            ("/guests/net.raw,raw,xvda,rw", "xvda /guests/net.raw raw rw"),
            ("/dev/vg/guest,,hda", "hda /dev/vg/guest raw rw"),
            (
                "format=qcow2,vdev=xvdb,access=ro,target=/a,b=c.qcow2",
                "xvdb /a,b=c.qcow2 qcow2 ro",
            ),
            ("/iso/x.iso,raw,hdc:cdrom,r", "hdc /iso/x.iso raw ro"),
            ("/iso/x.iso,raw,hdc,devtype=cdrom", "hdc /iso/x.iso raw ro"),
            ("", "  raw rw"),
        ];
        for (text, want) in seen {
            assert_eq!(told(text), want, "{text}");
        }
    }

    #[test]
    fn cards_are_read() {
        let n = nic("mac=00:16:3E:00:00:61, bridge=xenbr1,model=e1000");
        assert_eq!(
            (n.mac.as_str(), n.bridge.as_str()),
            ("00:16:3e:00:00:61", "xenbr1")
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(phy:|target=|,|=|tap:|.){0,30}") {
            disk(&text);
            nic(&text);
        }
    }
}
