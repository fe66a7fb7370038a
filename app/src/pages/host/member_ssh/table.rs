//! The hosts of a pool, each with the key that was confirmed, the one it shows, and whether it can be used.
use super::MemberSsh;
use crate::{
    components::icon::icon,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_wire::{PoolSshMember, PoolSshView};

/// What prints a host's key on its own screen.
const SSH_KEY: &str = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";

pub(super) fn table(card: MemberSsh, view: PoolSshView) -> AnyView {
    if view.members.is_empty() {
        return view! { <p class="muted">{t(T::NoMembersYet)}</p> }.into_any();
    }
    let to_compare = view.members.iter().any(asks);
    view! {
        <table class="plain rows" aria-label=t(T::MemberSsh)>
            <thead>
                <tr>
                    <th scope="col">{t(T::Hosts)}</th>
                    <th scope="col">{t(T::HostKey)}</th>
                    <th scope="col">{t(T::SshState)}</th>
                </tr>
            </thead>
            <tbody>{view.members.into_iter().map(|member| row(card, member)).collect_view()}</tbody>
        </table>
        {to_compare.then(|| view! {
            <p class="muted small">{t(T::MemberKeyCommand)}" "<code>{SSH_KEY}</code></p>
        })}
    }
    .into_any()
}

/// Whether a person has to compare the key that it shows.
fn asks(member: &PoolSshMember) -> bool {
    member.shown.is_some() && member.shown != member.pinned
}

fn row(card: MemberSsh, member: PoolSshMember) -> AnyView {
    let (class, image, word) = state(&member);
    let host = member.host;
    let question = asks(&member).then(|| fill(T::ComparedMember, &[("name", &member.name)]));
    let pinned = member
        .pinned
        .filter(|pinned| member.shown.as_ref() != Some(pinned));
    view! {
        <tr>
            <td>{member.name}" "<span class="muted mono small">{member.address}</span></td>
            <td class="key">
                {pinned.map(|key| view! { <p class="mono small muted">{key}</p> })}
                {member.shown.map(|key| view! {
                    <p class="mono small">{member.algorithm.unwrap_or_default()}" "{key}</p>
                })}
                {question.map(|question| view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || card.compared.with(|all| all.contains(&host))
                            on:change=move |event| {
                                let yes = event_target_checked(&event);
                                card.compared.update(|all| {
                                    all.retain(|one| *one != host);
                                    if yes {
                                        all.push(host);
                                    }
                                });
                            }
                        />
                        {question}
                    </label>
                })}
            </td>
            <td><span class=class>{icon(image)}{word}</span></td>
        </tr>
    }
    .into_any()
}

/// How it stands: class, icon, words.
fn state(member: &PoolSshMember) -> (&'static str, &'static str, String) {
    let why = |why: &String| fill(T::SshProblem, &[("why", why)]);
    match (&member.pinned, &member.shown, &member.problem) {
        (Some(pinned), Some(shown), _) if pinned != shown => {
            ("st st-crashed", "warning", t(T::KeyIsAnother).to_owned())
        }
        (_, _, Some(problem)) => ("st st-warn", "question", why(problem)),
        (Some(_), Some(_), None) if member.usable == Some(true) => {
            ("st st-running", "check", t(T::SshAnswers).to_owned())
        }
        (Some(_), _, None) => ("st", "check", t(T::KeyConfirmed).to_owned()),
        (None, _, None) => ("st st-warn", "question", t(T::KeyNotConfirmed).to_owned()),
    }
}
