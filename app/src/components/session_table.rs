//! Sessions: from where, with what browser, since when; and ending them.
use super::{icon::icon, sure::Sure, when::When};
use crate::{
    agent,
    cx::{Cx, cx},
    fetched::Fetched,
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{SessionId, UserId};
use wxa_wire::{
    ErrorBody, SessionEntry,
    operation::{NoId, SessionEnd, SessionEndOthers, UserEndSessions},
};

/// The card: one's own sessions, or (for administrators) those of `user`.
#[component]
pub fn SessionCard(user: Option<UserId>) -> impl IntoView {
    let cx = cx();
    let sessions = Fetched::<Vec<SessionEntry>>::new(crate::routes::sessions_url(user));
    let end_all = move || {
        spawn_local(async move {
            let reply = match user {
                Some(user) => transport::call::<UserEndSessions>(user, &()).await,
                None => transport::call::<SessionEndOthers>(NoId, &()).await,
            };
            ended(cx, reply, sessions);
        });
    };
    let others = move || {
        let all = sessions.get().unwrap_or_default();
        all.iter().any(|session| user.is_some() || !session.current)
    };
    let label = if user.is_some() {
        "End all sessions"
    } else {
        "End all others"
    };
    view! {
        <section class="card" aria-label="Sessions">
            <h2>"Sessions"</h2>
            <p class="muted small">"Where the account is signed in. Ending one closes its pages and consoles at once."</p>
            {sessions.view("user", move |list| table(cx, list, sessions))}
            {move || {
                others().then(|| {
                    view! {
                        <p class="card-acts">
                            <Sure label=label about="" again="Really end them?" on_yes=Callback::new(move |()| end_all())/>
                        </p>
                    }
                })
            }}
        </section>
    }
    .into_any()
}

fn table(cx: Cx, list: Vec<SessionEntry>, sessions: Fetched<Vec<SessionEntry>>) -> AnyView {
    if list.is_empty() {
        return view! { <p class="muted">"Not signed in anywhere."</p> }.into_any();
    }
    view! {
        <table class="plain rows" aria-label="Sessions">
            <thead>
                <tr>
                    <th scope="col">"Browser"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Last seen"</th>
                    <th scope="col"><span class="sr">"Act"</span></th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(|session| row(cx, session, sessions)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(cx: Cx, session: SessionEntry, sessions: Fetched<Vec<SessionEntry>>) -> impl IntoView {
    let browser = agent::words(&session.agent);
    let about = format!("the session of {browser} from {}", session.from);
    let act = if session.current {
        view! { <span class="st st-running">{icon("check")}"This one"</span> }.into_any()
    } else {
        let id = session.id;
        let end = Callback::new(move |()| end(cx, id, sessions));
        view! { <Sure label="End" about=about again="Really?" on_yes=end/> }.into_any()
    };
    view! {
        <tr>
            <td class="cut" title=session.agent>{browser}</td>
            <td class="mono">{session.from}</td>
            <td class="muted" data-label="since"><When at=session.created_at/></td>
            <td class="muted" data-label="seen"><When at=session.last_seen_at/></td>
            <td class="act">{act}</td>
        </tr>
    }
}

fn end(cx: Cx, id: SessionId, sessions: Fetched<Vec<SessionEntry>>) {
    spawn_local(async move { ended(cx, transport::call::<SessionEnd>(id, &()).await, sessions) });
}

fn ended(cx: Cx, reply: Result<(), ErrorBody>, sessions: Fetched<Vec<SessionEntry>>) {
    if let Err(body) = reply {
        let words = words::error(&body);
        cx.ui.say(Tone::Bad, words.title, words.detail);
    }
    sessions.reload();
}
