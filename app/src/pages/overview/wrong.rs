//! What is wrong: hosts that are not heard or refuse us, VMs that crashed, acts that failed, and what was found when hosts were
//! last looked at. Worst first; each leads to where something can be done about it.
mod consoles;

use crate::{
    components::{icon::icon, when::When},
    cx::Cx,
    fetched::Fetched,
    pages::host::pool_findings,
    routes::{HostTab, Route, VmTab},
    state,
    text::{self, T, fill, plural, t},
    words,
};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};
use wxa_model::{
    Host, HostId, HostKind, Link, PoolDetails, PowerState, Task, TaskOutcome, UnixMillis, Vm,
    health::{Finding, Level},
    host_details::Told,
};
use wxa_wire::{FindingsView, HostFindings};

/// Of each kind so many are named, the others are counted.
const NAMED: usize = 5;
/// Lines in the list.
const SHOWN: usize = 8;
/// A failed act is news for so long, in milliseconds.
const NEWS_MS: u64 = 86_400_000;
/// The GET that reads what was found when hosts were last looked at: of all of them. Hosts are not asked for it, pools are,
/// as they answer from memory.
pub const URL: &str = "/api/v1/findings";
/// Somebody may look closely at a host at any time, and most often nobody does.
const EVERY: Duration = Duration::from_secs(30);

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct One {
    pub level: Level,
    pub class: &'static str,
    pub image: &'static str,
    pub title: String,
    pub more: String,
    pub href: String,
    pub at: Option<UnixMillis>,
}

impl One {
    /// Notes are good to know and no more.
    pub fn needs_somebody(&self) -> bool {
        self.level != Level::Note
    }
}

/// All that is known to be wrong, kept current while the calling component lives.
pub(super) fn start(cx: Cx) -> Memo<Vec<One>> {
    let found = Fetched::<FindingsView>::new(URL);
    found.again_while(|_| true, EVERY);
    Memo::new(move |_| all(cx, &found.get().unwrap_or_default()))
}

/// All that is known to be wrong, worst first. Tracks what it depends on.
fn all(cx: Cx, found: &FindingsView) -> Vec<One> {
    let now = cx.clock.now.get_untracked();
    let hosts = cx.live.hosts.get();
    let mut all = of_hosts(&hosts, now);
    let guests = cx.live.guests();
    let crashed = cx.live.counts().values().map(|count| count.crashed).sum();
    all.extend(of_vms(guests.iter().map(AsRef::as_ref), crashed, &|id| {
        cx.live.host(id).map(|host| host.name.clone()).unwrap_or_default()
    }));
    all.extend(consoles::told(guests.iter().map(AsRef::as_ref), now));
    cx.live
        .tasks
        .with(|tasks| all.extend(of_tasks(tasks.iter().map(AsRef::as_ref), now)));
    for found in &found.hosts {
        if let Some(host) = hosts.iter().find(|host| host.id == found.host) {
            let members = cx.live.members(host.id);
            let members: Vec<&Host> = members.iter().map(AsRef::as_ref).collect();
            all.extend(of_look(host, &members, found));
        }
    }
    all.extend(unseen(&hosts, found));
    all.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| b.at.cmp(&a.at)));
    all
}

#[component]
pub(super) fn Wrong(all: Memo<Vec<One>>) -> impl IntoView {
    let count = Memo::new(move |_| all.with(|all| all.iter().filter(|one| one.needs_somebody()).count()));
    view! {
        <section aria-labelledby="is-wrong">
            <div class="sec">
                <h2 id="is-wrong">{t(T::WhatIsWrong)}</h2>
                <span class="muted small">{move || Some(count.get()).filter(|n| *n > 0)}</span>
            </div>
            {move || {
                let all = all.get();
                if all.is_empty() {
                    return view! { <p class="st st-running calm">{icon("check")}{t(T::NothingIsWrong)}</p> }.into_any();
                }
                let more = all.len().saturating_sub(SHOWN);
                view! {
                    <ul>
                        {all.into_iter().take(SHOWN).map(line).collect_view()}
                        {(more > 0).then(|| view! { <li class="item"><span></span><span class="muted small">{fill(T::ManyMore, &[("n", &more)])}</span></li> })}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
    .into_any()
}

fn line(one: One) -> AnyView {
    let word = match one.level {
        Level::Bad => T::Critical,
        Level::Warn => T::Warning,
        Level::Note => T::Note,
    };
    view! {
        <li class="item">
            <span class=one.class>{icon(one.image)}<span class="sr">{t(word)}</span></span>
            <div class="cut">
                <a href=one.href>{one.title}</a>
                <p class="cut" title=one.more.clone()>{one.more.clone()}</p>
            </div>
            {one.at.map(|at| view! { <When at=at/> })}
        </li>
    }
    .into_any()
}

fn of_hosts(hosts: &[Arc<Host>], now: UnixMillis) -> Vec<One> {
    let is_heard = |id: HostId| hosts.iter().any(|host| host.id == id && host.link.is_up());
    let wrong = hosts.iter().filter(|host| match (&host.link, host.kind) {
        (Link::Up | Link::Connecting, _) => false,
        // Of a pool that is not heard nothing is known about its members.
        (_, HostKind::Member { pool }) => is_heard(pool),
        _ => true,
    });
    wrong
        .map(|host| {
            let (class, image, words) = state::link(host, now);
            let (why, at) = match &host.link {
                Link::Down { why, since, .. } => (why.clone(), Some(host.last_word.unwrap_or(*since))),
                Link::Unauthenticated { why } => (why.clone(), None),
                Link::Up
                | Link::Connecting
                | Link::KeyChanged { .. }
                | Link::JumpKeyChanged { .. }
                | Link::OtherPool { .. } => (t(T::NothingIsSent).to_owned(), None),
            };
            One {
                level: Level::Bad,
                class,
                image,
                title: format!("{}: {}", host.name, lower(&words)),
                more: words::first_line(&why),
                href: Route::Host(host.id, HostTab::Overview).path(),
                at,
            }
        })
        .collect()
}

/// A sentence's beginning in the middle of one.
fn lower(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest
        .next()
        .map(|c| c.to_lowercase().to_string())
        .unwrap_or_default();
    first + rest.as_str()
}

/// `all` crashed, as far as they are counted; not each of them may be among `vms` yet.
fn of_vms<'a>(
    vms: impl Iterator<Item = &'a Vm>,
    all: usize,
    host_name: &dyn Fn(HostId) -> String,
) -> Vec<One> {
    let crashed: Vec<&Vm> = vms.filter(|vm| vm.power == PowerState::Crashed).collect();
    let count = all.max(crashed.len());
    let one = |title: String, more: String, href: String| One {
        level: Level::Bad,
        class: "st-crashed",
        image: "cross",
        title,
        more,
        href,
        at: None,
    };
    let named = crashed.iter().take(NAMED).map(|vm| {
        one(
            fill(T::VmCrashed, &[("name", &vm.name)]),
            fill(T::OnHostNamed, &[("host", &host_name(vm.host))]),
            Route::Vm(vm.id, VmTab::Overview).path(),
        )
    });
    let mut all: Vec<One> = named.collect();
    let more = count - crashed.len().min(NAMED);
    if more > 0 {
        let href = "/vms?q=state:crashed".to_owned();
        all.push(one(plural(T::MoreCrashed, more), String::new(), href));
    }
    all
}

fn of_tasks<'a>(tasks: impl Iterator<Item = &'a Task>, now: UnixMillis) -> Vec<One> {
    let news = tasks.filter(|task| task.ended_at.is_some_and(|ended| now.since(ended) < NEWS_MS));
    let failed = news.filter_map(|task| {
        let act = fill(
            T::ActOnVm,
            &[("act", &text::action(task.action)), ("name", &task.vm_name)],
        );
        let (class, image, title, why) = match &task.outcome {
            Some(TaskOutcome::Failed { why }) => ("st-warn", "warning", T::FailedAct, why),
            Some(TaskOutcome::Unknown { why }) => ("st-stale", "question", T::UnknownAct, why),
            Some(TaskOutcome::Done | TaskOutcome::Cancelled { .. }) | None => return None,
        };
        Some(One {
            level: Level::Warn,
            class,
            image,
            title: fill(title, &[("act", &act)]),
            more: words::first_line(why),
            href: Route::Task(task.id).path(),
            at: task.ended_at,
        })
    });
    failed.take(NAMED).collect()
}

/// That hosts were not looked at closely since the server started: of those nothing is found, and that says nothing.
fn unseen(hosts: &[Arc<Host>], found: &FindingsView) -> Option<One> {
    let count = usize::try_from(found.unseen).ok().filter(|count| *count > 0)?;
    let is_seen = |id: HostId| found.hosts.iter().any(|one| one.host == id);
    let first = hosts
        .iter()
        .find(|host| host.kind.pool().is_none() && !is_seen(host.id))?;
    Some(One {
        level: Level::Note,
        class: "muted",
        image: "info",
        title: plural(T::NobodyLookedAt, count),
        more: t(T::NobodyLookedMore).to_owned(),
        href: Route::Host(first.id, HostTab::Overview).path(),
        at: None,
    })
}

/// What a close look found, without what is told of crashed VMs and lost members already.
fn of_look(host: &Host, members: &[&Host], look: &HostFindings) -> Vec<One> {
    let found: Vec<Finding> = match host.kind {
        HostKind::Pool => {
            let pool = PoolDetails {
                repositories: Told::Told(look.repositories.clone()),
                networks: Told::Untold(String::new()),
                templates: Told::Untold(String::new()),
                default_templates: Vec::new(),
                snapshots: Told::Untold(String::new()),
                messages: Vec::new(),
            };
            pool_findings(host, members, &[], Some(&pool))
        }
        HostKind::Plain => look.findings.clone(),
        HostKind::Member { .. } => Vec::new(),
    };
    let found = found
        .into_iter()
        .filter(|finding| finding.level != Level::Note || host.kind == HostKind::Pool);
    found
        .take(NAMED)
        .map(|finding| {
            let (class, image) = match finding.level {
                Level::Bad => ("st-crashed", "cross"),
                Level::Warn => ("st-warn", "warning"),
                Level::Note => ("muted", "info"),
            };
            One {
                level: finding.level,
                class,
                image,
                title: finding.title,
                more: format!("{}: {}", host.name, finding.advice),
                href: Route::Host(host.id, HostTab::Overview).path(),
                at: None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use uuid::Uuid;

    const NOW: UnixMillis = sample::NOW;

    fn down() -> Link {
        Link::Down {
            since: UnixMillis(NOW.0 - 1000),
            why: "timed out\nmore".into(),
            retry_at: NOW,
        }
    }

    #[test]
    fn a_host_that_is_not_heard_is_told_once_and_not_for_each_of_its_members() {
        let pool = Host {
            link: down(),
            ..sample::pool(20, "prod")
        };
        let member = Host {
            link: down(),
            ..sample::member(21, 20, "xcp-01")
        };
        let hosts = [
            Arc::new(pool.clone()),
            Arc::new(member.clone()),
            Arc::new(sample::host(1, Link::Up)),
        ];
        let wrong = of_hosts(&hosts, NOW);
        assert_eq!(wrong.len(), 1);
        assert!(
            wrong[0].title.starts_with("prod: not reached"),
            "{}",
            wrong[0].title
        );
        assert_eq!(wrong[0].more, "timed out");
        let heard = Host {
            link: Link::Up,
            ..pool
        };
        let wrong = of_hosts(&[Arc::new(heard), Arc::new(member)], NOW);
        assert!(wrong[0].title.starts_with("xcp-01"), "{}", wrong[0].title);
    }

    #[test]
    fn many_crashed_vms_are_named_in_part_and_counted() {
        let vms: Vec<Vm> = (0..8)
            .map(|n| sample::vm(n, &format!("vm-{n}"), PowerState::Crashed))
            .collect();
        let wrong = of_vms(vms.iter(), 8, &|_| "xen-1".into());
        assert_eq!(wrong.len(), NAMED + 1);
        assert_eq!(wrong[0].title, "vm-0 crashed");
        assert_eq!(wrong[NAMED].title, "3 more VMs crashed");
        assert_eq!(wrong[NAMED].href, "/vms?q=state:crashed");
    }

    #[test]
    fn an_act_that_failed_is_news_for_a_day() {
        let vm = sample::vm(1, "web-01", PowerState::Halted);
        let failed = |ended: u64| Task {
            ended_at: Some(UnixMillis(ended)),
            outcome: Some(TaskOutcome::Failed {
                why: "no memory\nlong".into(),
            }),
            ..sample::task(7, &vm)
        };
        let (new, old) = (failed(NOW.0 - 1000), failed(NOW.0 - 2 * NEWS_MS));
        let wrong = of_tasks([&new, &old, &sample::task(8, &vm)].into_iter(), NOW);
        assert_eq!(wrong.len(), 1);
        assert_eq!(
            (wrong[0].title.as_str(), wrong[0].more.as_str()),
            ("Reboot web-01 failed", "no memory")
        );
    }

    #[test]
    fn hosts_that_nobody_looked_at_are_not_said_to_be_well() {
        let hosts = [1, 2, 3].map(|n| Arc::new(sample::host(n, Link::Up)));
        let seen = HostFindings {
            host: hosts[0].id,
            at: NOW,
            findings: Vec::new(),
            repositories: Vec::new(),
        };
        let found = |unseen| FindingsView {
            hosts: vec![seen.clone()],
            unseen,
        };
        let note = unseen(&hosts, &found(2)).unwrap();
        assert_eq!(note.title, "2 hosts were not looked at closely yet");
        assert!(note.href.contains(&hosts[1].id.to_string()) && !note.needs_somebody());
        assert_eq!(unseen(&hosts, &found(0)), None);
    }

    #[test]
    fn what_a_pool_told_is_here_too() {
        let pool = sample::pool(20, "prod");
        let told = sample::pool_details().known.and_then(|known| known.details.pool);
        let look = HostFindings {
            host: pool.id,
            at: NOW,
            findings: Vec::new(),
            repositories: told
                .and_then(|pool| pool.repositories.get().cloned())
                .unwrap_or_default(),
        };
        let found = of_look(&pool, &[], &look);
        assert!(
            found
                .iter()
                .any(|one| one.title.contains("nfs-fast is 93 % full")),
            "{found:?}"
        );
        assert_eq!(HostId(Uuid::from_u128(20)), pool.id);
    }
}
