//! What is wrong with the connection to a host, and what to do about it. A changed key comes before everything else.
use super::other_pool::other_pool;
use crate::{
    components::{icon::icon, when::Age},
    cx::cx,
    format,
    routes::{HostTab, Route},
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind, Link, UnixMillis};
use wxa_wire::{HostTrustParams, KeyOwner, operation::HostTrustKey};

/// What prints the fingerprint on a host.
const SSH_KEY: &str = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";
/// What prints it on a pool's member.
pub(in crate::pages) const CERTIFICATE: &str =
    "openssl x509 -noout -fingerprint -sha256 -in /etc/xensource/xapi-ssl.pem";

#[component]
pub(super) fn LinkProblem(id: HostId) -> impl IntoView {
    let cx = cx();
    let link = Memo::new(move |_| cx.live.host(id).map(|host| host.link.clone()));
    let pool = untrack(|| cx.live.kind(id)) == HostKind::Pool;
    move || {
        match link.get()? {
        Link::Up => None,
        Link::Connecting => Some(
            view! { <div class="banner" role="status">{icon("reboot")}<span>"Connecting, and reading everything anew…"</span></div> }
                .into_any(),
        ),
        Link::Down { why, retry_at, since } => Some(down(pool, why, retry_at, since)),
        Link::Unauthenticated { why } => Some(
            view! {
                <div class="banner warn" role="alert">
                    {icon("key")}
                    <span>
                        <b>{t(if pool { T::PoolRefuses } else { T::HostRefuses })}</b>
                        {format!(" It said: {why} It is not tried again until an administrator sets new ones.")}
                        {cx.may_administer()
                            .then(|| {
                                let settings = Route::Host(id, HostTab::Settings).path();
                                view! { " "<a class="link" href=settings>"Set them under Settings"</a>"." }
                            })}
                    </span>
                </div>
            }
            .into_any(),
        ),
        Link::KeyChanged { pinned, seen } => {
            Some(view! { <KeyChanged id=id of=KeyOwner::Host pinned=pinned seen=seen/> }.into_any())
        }
        other @ Link::OtherPool { .. } => other_pool(id, &other),
        Link::JumpKeyChanged { pinned, seen } => {
            Some(view! { <KeyChanged id=id of=KeyOwner::Jump pinned=pinned seen=seen/> }.into_any())
        }
    }
    }
}

fn down(pool: bool, why: String, retry_at: UnixMillis, since: UnixMillis) -> AnyView {
    let clock = cx().clock;
    let retry = Memo::new(move |_| match retry_at.since(clock.now.get()) {
        0 => "Trying again now.".to_owned(),
        ms => format!("Trying again in {}.", format::span(ms + 999)),
    });
    view! {
        <div class="banner warn" role="status">
            {icon("question")}
            <span>
                <b>{t(if pool { T::NoNewsFromPool } else { T::NoNewsFromHost })}</b>
                ": "
                {why.trim_end_matches('.').to_owned()}
                ". Last heard "
                <Age at=since/>
                "; its VMs are shown as they were then. "
                {move || retry.get()}
            </span>
        </div>
    }
    .into_any()
}

/// The warning that stops everything for the host until a person has compared the keys.
#[component]
fn KeyChanged(id: HostId, of: KeyOwner, pinned: String, seen: String) -> impl IntoView {
    let cx = cx();
    let pool = untrack(|| cx.live.kind(id)) == HostKind::Pool;
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let wanted = StoredValue::new(seen.clone());
    // The end of the fingerprint has to be typed from where it was read: clicking alone compares nothing.
    let tail = StoredValue::new(tail(&seen));
    let same = move || tail.with_value(|tail| typed.with(|typed| same_tail(typed, tail)));
    let trust = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !same() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let params = HostTrustParams {
            fingerprint: wanted.get_value(),
            of,
            ..HostTrustParams::default()
        };
        spawn_local(async move {
            if let Err(body) = transport::call::<HostTrustKey>(id, &params).await {
                let words = words::error(&body);
                cx.ui.say(Tone::Bad, words.title, words.detail);
            }
            busy.set(false);
        });
    };
    let may = untrack(|| cx.may_administer_host(id));
    let (title, command) = match (of, pool) {
        (KeyOwner::Host, false) => (T::HostKeyChanged, SSH_KEY),
        (KeyOwner::Jump, _) => (T::JumpKeyChangedTitle, SSH_KEY),
        (KeyOwner::Host, true) => (T::CertificateChanged, CERTIFICATE),
    };
    view! {
        <section class="key-changed" role="alert">
            <h2>{icon("warning")}{t(title)}</h2>
            <p>
                {t(if pool { T::CertificateChangedMore } else { T::KeyChangedMore })}
                " "
                <code>{command}</code>
            </p>
            <dl class="kv wide">
                <dt>"Confirmed"</dt>
                <dd class="mono wrap">{pinned}</dd>
                <dt>"Shown now"</dt>
                <dd class="mono wrap st-crashed">{seen}</dd>
            </dl>
            {may.then(|| view! {
                <form class="trust" on:submit=trust>
                    <label>
                        "Type the last six characters of the fingerprint you read on the host"
                        <span class="field">
                            <input
                                type="text"
                                autocomplete="off"
                                spellcheck="false"
                                on:input=move |event| typed.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <button
                        type="submit"
                        class="btn danger"
                        aria-disabled=move || (!same() || busy.get()).then_some("true")
                        title=move || (!same()).then_some("The six characters are not those of the key that is shown now")
                    >
                        "Trust the new key"
                    </button>
                </form>
            })}
        </section>
    }
    .into_any()
}

/// The last six characters of a fingerprint; the colons between the pairs of a certificate's do not count.
fn tail(fingerprint: &str) -> String {
    const TYPED: usize = 6;
    // `SHA256:…` holds one colon, before what is compared.
    let end: Vec<char> = fingerprint.chars().filter(|c| *c != ':').collect();
    end.iter().skip(end.len().saturating_sub(TYPED)).collect()
}

fn same_tail(typed: &str, tail: &str) -> bool {
    let typed: String = typed.trim().chars().filter(|c| *c != ':').collect();
    typed == tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_fingerprint_is_six_characters_with_or_without_colons() {
        assert_eq!(tail("SHA256:Zt9gYVjc4p"), "YVjc4p");
        assert_eq!(tail("AA:01:9F:AB:CD"), "9FABCD");
        assert!(same_tail(" 9F:AB:CD ", "9FABCD") && same_tail("9FABCD", "9FABCD"));
        assert!(!same_tail("AB:CD", "9FABCD"));
    }
}
