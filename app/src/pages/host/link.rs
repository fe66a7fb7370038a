//! What is wrong with the connection to a host, and what to do about it. A changed key comes before everything else.
use crate::{
    components::{icon::icon, when::Age},
    cx::cx,
    format,
    routes::{HostTab, Route},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, Link, UnixMillis};
use wxa_wire::{HostTrustParams, KeyOwner, operation::HostTrustKey};

#[component]
pub(super) fn LinkProblem(id: HostId) -> impl IntoView {
    let cx = cx();
    let link = Memo::new(move |_| cx.live.host(id).map(|host| host.link.clone()));
    move || {
        match link.get()? {
        Link::Up => None,
        Link::Connecting => Some(
            view! { <div class="banner" role="status">{icon("reboot")}<span>"Connecting, and reading everything anew…"</span></div> }
                .into_any(),
        ),
        Link::Down { why, retry_at, since } => Some(down(why, retry_at, since)),
        Link::Unauthenticated { why } => Some(
            view! {
                <div class="banner warn" role="alert">
                    {icon("key")}
                    <span>
                        <b>"The host refuses the stored credentials."</b>
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
        Link::JumpKeyChanged { pinned, seen } => {
            Some(view! { <KeyChanged id=id of=KeyOwner::Jump pinned=pinned seen=seen/> }.into_any())
        }
    }
    }
}

fn down(why: String, retry_at: UnixMillis, since: UnixMillis) -> AnyView {
    let clock = cx().clock;
    let retry = Memo::new(move |_| match retry_at.since(clock.now.get()) {
        0 => "Trying again now.".to_owned(),
        ms => format!("Trying again in {}.", format::span(ms + 999)),
    });
    view! {
        <div class="banner warn" role="status">
            {icon("question")}
            <span>
                <b>"No news from the host"</b>
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
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let wanted = StoredValue::new(seen.clone());
    // The end of the fingerprint has to be typed from where it was read: clicking alone compares nothing.
    let tail = StoredValue::new(
        seen.chars()
            .skip(seen.chars().count().saturating_sub(6))
            .collect::<String>(),
    );
    let same = move || tail.with_value(|tail| typed.with(|typed| typed.trim() == tail));
    let trust = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !same() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let params = HostTrustParams {
            fingerprint: wanted.get_value(),
            of,
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
    let whose = match of {
        KeyOwner::Host => "This host",
        KeyOwner::Jump => "The jump host on the way to it",
    };
    view! {
        <section class="key-changed" role="alert">
            <h2>{icon("warning")}{format!("{whose} shows another key than the one that was confirmed")}</h2>
            <p>
                "Nothing is sent to it until you decide. Either it was installed anew or its keys were replaced, or something \
                 between here and there pretends to be it. Ask whoever runs the host, or read the fingerprint on its own screen: "
                <code>"ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"</code>
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
