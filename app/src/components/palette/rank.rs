//! Which entries come first: how well they fit, how near they are, and where one has been lately. Pure.
use super::{
    entries::{Does, Entry},
    fuzzy::score,
};

/// The most entries that are shown.
const MOST: usize = 12;
/// How many places of before come first while nothing is typed.
const RECENT: usize = 4;

/// What may be offered, and how much nearer it is than anything else.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Adds to how well the words fit.
    pub bonus: i32,
    /// The entry.
    pub entry: Entry,
}

/// The entries for `query`, best first. `recent` are addresses, the latest first: with nothing typed they come before
/// everything else, with something typed they win against what fits equally well.
pub fn rank(query: &str, candidates: Vec<Candidate>, recent: &[String]) -> Vec<Entry> {
    let is_empty = query.trim().is_empty();
    let mut found: Vec<(i32, Entry)> = candidates
        .into_iter()
        .filter_map(|Candidate { bonus, entry }| {
            let fits = score(query, &format!("{} {}", entry.title, entry.more))?;
            let been = match &entry.does {
                Does::Go(path) => recent.iter().take(RECENT).position(|one| one == path),
                _ => None,
            };
            let lately = match been {
                Some(ago) if is_empty => 100 - ago as i32,
                Some(_) => 3,
                None => 0,
            };
            Some((fits + bonus + lately, entry))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().take(MOST).map(|(_, entry)| entry).collect()
}

/// `recent` after a visit to `path`.
pub fn visited(mut recent: Vec<String>, path: &str) -> Vec<String> {
    recent.retain(|one| one != path);
    recent.insert(0, path.to_owned());
    recent.truncate(RECENT);
    recent
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wxa_model::{Action, VmId};

    fn go(title: &str, bonus: i32) -> Candidate {
        Candidate {
            bonus,
            entry: Entry {
                image: "vm",
                title: title.into(),
                more: "VM · running".into(),
                does: Does::Go(format!("/{title}")),
                able: true,
            },
        }
    }

    fn act(title: &str, bonus: i32) -> Candidate {
        let vm = VmId(Uuid::from_u128(1));
        Candidate {
            bonus,
            entry: Entry {
                does: Does::Act(Action::VmReboot, vm, "web-01".into()),
                ..go(title, 0).entry
            },
        }
    }

    fn ranked(query: &str, candidates: Vec<Candidate>, recent: &[&str]) -> Vec<String> {
        let recent: Vec<String> = recent.iter().map(|path| (*path).to_owned()).collect();
        let entries = rank(query, candidates, &recent);
        entries.into_iter().map(|entry| entry.title).collect()
    }

    #[test]
    fn with_nothing_typed_the_latest_places_come_first() {
        let all = vec![act("Reboot web-01", 8), go("a", 2), go("b", 2), go("c", 2)];
        assert_eq!(ranked("", all, &["/c", "/a"]), ["c", "a", "Reboot web-01", "b"]);
    }

    #[test]
    fn with_something_typed_a_better_fit_wins_over_a_recent_place() {
        let all = vec![go("web-01", 4), go("old-cobweb", 4)];
        assert_eq!(ranked("web", all, &["/old-cobweb"]), ["web-01", "old-cobweb"]);
        let all = vec![go("web-01", 4), go("web-02", 4)];
        assert_eq!(ranked("web", all, &["/web-02"]), ["web-02", "web-01"]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_the_list_stays_short() {
        let all: Vec<_> = (0..40).map(|n| go(&format!("web-{n:02}"), 4)).collect();
        assert_eq!(ranked("web", all, &[]).len(), MOST);
        assert!(ranked("zzz", vec![go("web-01", 4)], &["/web-01"]).is_empty());
    }

    #[test]
    fn a_place_is_remembered_once_and_the_oldest_is_forgotten() {
        let mut recent = Vec::new();
        for path in ["/a", "/b", "/c", "/a", "/d", "/e"] {
            recent = visited(recent, path);
        }
        assert_eq!(recent, ["/e", "/d", "/a", "/c"]);
    }
}
