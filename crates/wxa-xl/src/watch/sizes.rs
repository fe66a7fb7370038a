//! How large disks are: asked for beside the looks, seldom, and with nothing but programs that are run anyway. What the host does
//! not tell is not known.
use crate::{
    parse::{cfg_device::DiskSpec, files, image, lvm},
    transport::{Connection, Effect, Limits},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};
use tokio::time::Instant;
use wxa_model::{Bytes, storage};

/// Disks grow seldom.
const EVERY: Duration = Duration::from_secs(600);
/// After a question that failed.
const AGAIN: Duration = Duration::from_secs(60);
/// What a shell says of a command that is not there.
const NO_SUCH_COMMAND: u32 = 127;
/// A reading that takes longer is none.
const TIME: Duration = Duration::from_secs(10);
/// Disks whose sizes are looked for.
const MOST: usize = 8192;
/// Files in one command.
const AT_ONCE: usize = 200;
/// What is asked of volumes.
const COLUMNS: &str = "vg_name,lv_name,lv_attr,lv_size";

/// Which disks there are, by where they live and in which format.
pub(crate) type Targets = BTreeSet<(String, String)>;

/// What is known of sizes.
#[derive(Debug, Default)]
pub(crate) struct Sizes {
    /// None for those that the host said nothing of.
    known: HashMap<String, Option<Bytes>>,
    next_at: Option<Instant>,
}

/// What the host said, of whatever it was asked about.
#[derive(Debug, Default)]
pub(crate) struct Told {
    asked: Targets,
    sizes: HashMap<String, Bytes>,
    /// Those of which the question itself failed.
    unanswered: HashSet<String>,
}

impl Sizes {
    /// The size of a disk there.
    pub(crate) fn of(&self, target: &str) -> Option<Bytes> {
        self.known.get(&storage::absolute(target)).copied().flatten()
    }

    /// What to ask about now: nothing unless there is a disk that was never asked about, or all were long ago.
    pub(super) fn wanted(&self, targets: Targets) -> Option<Targets> {
        let targets: Targets = targets.into_iter().take(MOST).collect();
        let is_due = self.next_at.is_none_or(|at| at <= Instant::now());
        let is_new = || targets.iter().any(|(target, _)| !self.known.contains_key(target));
        (!targets.is_empty() && (is_due || is_new())).then_some(targets)
    }

    /// Takes in what the host said. What it could not be asked stays as it was, and is asked again soon.
    pub(super) fn take(&mut self, told: Told) {
        let next = match told.unanswered.is_empty() {
            true => EVERY,
            false => AGAIN,
        };
        let of = |(target, _): (String, String)| {
            let size = match told.unanswered.contains(&target) {
                true => self.known.get(&target).copied().flatten(),
                false => told.sizes.get(&target).copied(),
            };
            (target, size)
        };
        self.known = told.asked.into_iter().map(of).collect();
        self.next_at = Some(Instant::now() + next);
    }
}

/// Where disks live, of those that live somewhere.
pub(super) fn targets<'a>(disks: impl Iterator<Item = &'a DiskSpec>) -> Targets {
    disks
        .filter(|disk| !disk.target.is_empty())
        .map(|disk| (storage::absolute(&disk.target), disk.format.clone()))
        .collect()
}

/// Asks. One command after the other: sessions are few.
pub(super) async fn ask(connection: &Connection, asked: Targets) -> Told {
    let (mut devices, mut files, mut images) = (Vec::new(), Vec::new(), Vec::new());
    for (target, format) in &asked {
        match format.as_str() {
            // The image's own size, wherever it is: the volume around it may be larger.
            "qcow2" | "qcow" => images.push(target.clone()),
            _ if target.starts_with("/dev/") => devices.push(target.clone()),
            "raw" | "" => files.push(target.clone()),
            _ => {}
        }
    }
    let mut told = Told::default();
    if !devices.is_empty() {
        match volumes(connection).await {
            Some(sizes) => told.sizes.extend(sizes),
            None => told.unanswered.extend(devices),
        }
    }
    for some in files.chunks(AT_ONCE) {
        let mut words = vec!["find", "-L"];
        words.extend(some.iter().map(String::as_str));
        words.extend(["-maxdepth", "0", "-type", "f", "-printf", r"%s %p\0"]);
        match connection.run(&words, limits(1 << 20)).await {
            Ok(output) => told.sizes.extend(image::file_sizes(&output.stdout)),
            Err(_) => told.unanswered.extend(some.iter().cloned()),
        }
    }
    let most = image::HEAD.to_string();
    for some in images.chunks(AT_ONCE) {
        let mut words = vec!["head", "-v", "-c", &most, "--"];
        words.extend(some.iter().map(String::as_str));
        let Ok(output) = connection.run(&words, limits(1 << 20)).await else {
            told.unanswered.extend(some.iter().cloned());
            continue;
        };
        for (path, head) in some.iter().zip(files::contents(&output.stdout, some)) {
            let size = head.and_then(image::qcow2_size);
            told.sizes.extend(size.map(|size| (path.clone(), size)));
        }
    }
    told.asked = asked;
    told
}

/// The sizes of LVM's volumes, by all their names; none when it does not answer. A host without LVM has none.
async fn volumes(connection: &Connection) -> Option<HashMap<String, Bytes>> {
    let output = connection
        .run(&lvm::words("lvs", COLUMNS), limits(4 << 20))
        .await
        .ok()?;
    if output.status == Some(NO_SUCH_COMMAND) {
        return Some(HashMap::new());
    }
    let told = lvm::volumes(&output.text())?.into_iter().flat_map(|volume| {
        storage::volume_paths(&volume.group, &volume.name).map(|path| (path, volume.size))
    });
    Some(told.collect())
}

fn limits(stdout: usize) -> Limits {
    Limits {
        time: TIME,
        stdout,
        effect: Effect::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets_of(paths: &[&str]) -> Targets {
        paths
            .iter()
            .map(|path| ((*path).to_owned(), "raw".to_owned()))
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn sizes_are_asked_for_when_a_disk_is_new_and_else_seldom() {
        let mut sizes = Sizes::default();
        assert!(sizes.wanted(Targets::new()).is_none());
        let asked = sizes.wanted(targets_of(&["/a", "/b"])).unwrap();
        sizes.take(Told {
            asked,
            sizes: HashMap::from([("/a".to_owned(), Bytes(7))]),
            unanswered: HashSet::new(),
        });
        assert_eq!((sizes.of("/a"), sizes.of("/b")), (Some(Bytes(7)), None));
        assert!(
            sizes.wanted(targets_of(&["/b"])).is_none(),
            "not told is not asked again"
        );
        assert!(sizes.wanted(targets_of(&["/c"])).is_some());
        tokio::time::advance(EVERY).await;
        assert!(sizes.wanted(targets_of(&["/a"])).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_that_failed_takes_no_size_away_and_is_asked_again_soon() {
        let mut sizes = Sizes::default();
        let told = |unanswered: &[&str], size| Told {
            asked: targets_of(&["/dev/vg0/web"]),
            sizes: HashMap::from_iter(size),
            unanswered: unanswered.iter().map(|path| (*path).to_owned()).collect(),
        };
        sizes.take(told(&[], Some(("/dev/vg0/web".to_owned(), Bytes(7)))));
        assert_eq!(
            sizes.of("vg0/web"),
            Some(Bytes(7)),
            "xl takes it without its folder"
        );
        tokio::time::advance(EVERY).await;
        sizes.take(told(&["/dev/vg0/web"], None));
        assert_eq!(sizes.of("/dev/vg0/web"), Some(Bytes(7)));
        assert!(sizes.wanted(targets_of(&["/dev/vg0/web"])).is_none());
        tokio::time::advance(AGAIN).await;
        assert!(sizes.wanted(targets_of(&["/dev/vg0/web"])).is_some());
    }

    #[test]
    fn no_more_disks_are_asked_about_than_may_be_and_not_at_every_look() {
        let many = || {
            (0..=MOST)
                .map(|n| (format!("/{n:06}"), "raw".to_owned()))
                .collect::<Targets>()
        };
        let mut sizes = Sizes::default();
        let asked = sizes.wanted(many()).unwrap();
        assert_eq!(asked.len(), MOST);
        sizes.take(Told {
            asked,
            ..Told::default()
        });
        assert!(sizes.wanted(many()).is_none());
    }
}
