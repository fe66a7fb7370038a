//! What a definition file says about its guest.
use super::{
    cfg::{self, Settings},
    cfg_device::{DiskSpec, NicSpec, disk, nic},
    cfg_lexer::{Problem, problem},
};
use uuid::Uuid;
use wxa_model::GuestType;

/// A guest as defined.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its UUID; none where it gets a new one at each start.
    pub uuid: Option<Uuid>,
    /// How it is run.
    pub guest_type: GuestType,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Upper limit of its memory in MiB.
    pub max_memory_mib: u64,
    /// Virtual CPUs at start.
    pub vcpus: u32,
    /// Its disks.
    pub disks: Vec<DiskSpec>,
    /// Its network cards.
    pub nics: Vec<NicSpec>,
    /// Whether it has an emulated serial port that `xl console` can open.
    pub serial: bool,
    /// Whether its screen can be opened: whether VNC is on.
    pub screen: bool,
}

/// Reads a definition file.
///
/// # Errors
/// Why it could not be started, with the line.
pub fn parse(text: &str) -> Result<Definition, Problem> {
    from_settings(&cfg::parse(text)?)
}

fn from_settings(settings: &Settings) -> Result<Definition, Problem> {
    let name = settings
        .text("name")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| problem(1, "there is no name"))?;
    let uuid = match settings.text("uuid") {
        None => None,
        Some(text) => Some(
            Uuid::parse_str(text.trim())
                .map_err(|_| problem(line_of(settings, "uuid"), "the uuid is not one"))?,
        ),
    };
    let memory_mib = positive(settings, "memory")?.unwrap_or(32);
    let guest_type = guest_type(settings)?;
    let serial = guest_type == GuestType::Hvm && settings.texts("serial").contains(&"pty");
    Ok(Definition {
        name,
        uuid,
        guest_type,
        memory_mib,
        max_memory_mib: positive(settings, "maxmem")?
            .unwrap_or(memory_mib)
            .max(memory_mib),
        vcpus: positive(settings, "vcpus")?.map_or(1, |n| u32::try_from(n).unwrap_or(u32::MAX)),
        disks: settings.texts("disk").into_iter().map(disk).collect(),
        nics: settings.texts("vif").into_iter().map(nic).collect(),
        serial,
        screen: screen(settings, guest_type),
    })
}

/// Of an HVM guest VNC is on unless it is switched off (xl.cfg(5)); of others where a virtual frame buffer is given.
fn screen(settings: &Settings, guest_type: GuestType) -> bool {
    let is = |name: &str, wanted: i64| settings.number(name) == Some(wanted);
    let is_off = |spec: &&str| {
        let mut options = spec.split(',').filter_map(|option| option.split_once('='));
        options.any(|(name, value)| name.trim() == "vnc" && value.trim() == "0")
    };
    match guest_type {
        GuestType::Hvm => !is("vnc", 0) && !is("nographic", 1),
        GuestType::Pv | GuestType::Pvh => {
            let vfbs = settings.texts("vfb");
            vfbs.iter().any(|spec| !is_off(spec)) || (vfbs.is_empty() && is("vnc", 1))
        }
    }
}

fn guest_type(settings: &Settings) -> Result<GuestType, Problem> {
    if let Some(text) = settings.text("type") {
        return match text.as_str() {
            "pv" => Ok(GuestType::Pv),
            "pvh" => Ok(GuestType::Pvh),
            "hvm" => Ok(GuestType::Hvm),
            other => Err(problem(
                line_of(settings, "type"),
                &format!("type is {}, not pv, pvh or hvm", super::printable(other)),
            )),
        };
    }
    if settings.number("pvh").is_some_and(|n| n != 0) {
        return Ok(GuestType::Pvh);
    }
    Ok(match settings.text("builder").as_deref() {
        Some("hvm") => GuestType::Hvm,
        _ => GuestType::Pv,
    })
}

fn positive(settings: &Settings, name: &str) -> Result<Option<u64>, Problem> {
    if settings.get(name).is_none() {
        return Ok(None);
    }
    match settings
        .number(name)
        .and_then(|n| u64::try_from(n).ok())
        .filter(|n| *n > 0)
    {
        Some(number) => Ok(Some(number)),
        None => Err(problem(
            line_of(settings, name),
            &format!("{name} is not a positive number"),
        )),
    }
}

fn line_of(settings: &Settings, name: &str) -> usize {
    settings.get(name).map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_definition_is_read() {
        let text = "name = \"lvm\"\ntype = \"pv\"\nkernel = \"/guests/vmlinux\"\nmemory = 128\nmaxmem = 192\nvcpus = 1\nmaxvcpus = 2\n\
                    vif = [ \"mac=00:16:3e:00:00:51,bridge=xenbr1\" ]\ndisk = [ \"phy:/dev/vg0/lvm-disk,xvda,w\" ]\n";
        let d = parse(text).unwrap();
        assert_eq!(
            (d.name.as_str(), d.guest_type, d.uuid),
            ("lvm", GuestType::Pv, None)
        );
        assert_eq!((d.memory_mib, d.max_memory_mib, d.vcpus), (128, 192, 1));
        assert_eq!(d.disks[0].target, "/dev/vg0/lvm-disk");
        assert_eq!(d.nics[0].bridge, "xenbr1");
    }

    #[test]
    fn old_and_new_words_for_the_type() {
        let kind = |text: &str| parse(&format!("name='x'\n{text}\n")).unwrap().guest_type;
        assert_eq!(kind(""), GuestType::Pv);
        assert_eq!(kind("builder='hvm'"), GuestType::Hvm);
        assert_eq!(kind("pvh=1"), GuestType::Pvh);
        assert_eq!(kind("type='hvm'\nserial='pty'"), GuestType::Hvm);
    }

    #[test]
    fn what_xl_would_refuse_is_a_problem_with_its_line() {
        let said = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(said("memory = 5"), "line 1: there is no name");
        assert_eq!(said("name='a'\nuuid='zzz'"), "line 2: the uuid is not one");
        assert_eq!(
            said("name='a'\n\nmemory='much'"),
            "line 3: memory is not a positive number"
        );
        assert_eq!(
            said("name='a'\ntype='xyz'"),
            "line 2: type is xyz, not pv, pvh or hvm"
        );
    }

    #[test]
    fn a_screen_is_there_where_vnc_is_on() {
        let has = |text: &str| parse(&format!("name='x'\n{text}\n")).unwrap().screen;
        assert!(has("type='hvm'"));
        assert!(!has("type='hvm'\nvnc=0"));
        assert!(!has("type='hvm'\nnographic=1"));
        assert!(!has("type='pv'"));
        assert!(has("type='pv'\nvfb=['vnc=1,vnclisten=0.0.0.0,vncunused=0']"));
        assert!(has("type='pvh'\nvfb=['vncdisplay=3']"));
        assert!(!has("type='pv'\nvfb=['sdl=1, vnc=0']"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "name='x'\n((memory|vcpus|uuid|disk|vif|type)[ =]{0,2}.{0,20}\n){0,6}") {
            let _ = parse(&text);
        }
    }
}
