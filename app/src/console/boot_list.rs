//! The boots that are kept, with what happened in each, beside the terminal.
use super::{
    boots::{Timeline, timelines},
    desk::Desk,
    kept, when, words,
};
use crate::{
    components::icon::icon,
    text::{C, c, c_fill},
};
use leptos::prelude::*;
use wxa_model::{Bytes, console::GuestPhase};
use wxa_wire::ConsoleFormat;

/// The list, newest first.
#[component]
pub(super) fn BootList(desk: Desk) -> impl IntoView {
    let known = move || desk.marks.and_then(|marks| marks.get());
    move || {
        let Some(known) = known() else {
            return view! { <p class="muted small">{c(C::StripWaiting)}</p> }.into_any();
        };
        let bytes = Bytes(kept::length(&known.kept));
        let since = known
            .boots
            .first()
            .map(|boot| c_fill(C::KeptSince, &[("when", &when::exact(desk.cx, boot.at))]));
        let boots = timelines(&known)
            .iter()
            .rev()
            .map(|line| boot(desk, line))
            .collect_view();
        view! {
            <p class="muted small">{c_fill(C::StripKept, &[("bytes", &bytes)])}{since}</p>
            {known.boots.is_empty().then(|| view! { <p class="muted">{c(C::BootsEmpty)}</p> })}
            <ol class="console-boots">{boots}</ol>
        }
        .into_any()
    }
}

/// What became of a boot.
fn outcome(line: &Timeline) -> String {
    match line.boot.login_ms {
        Some(ms) => c_fill(C::BootLogin, &[("span", &when::took(ms))]),
        None if line.ended_in(GuestPhase::Panicked) => c(C::PhasePanicked).to_owned(),
        None if line.ended_in(GuestPhase::Login) => c(C::BootUntimed).to_owned(),
        None => c(C::BootNoLogin).to_owned(),
    }
}

fn boot(desk: Desk, line: &Timeline) -> AnyView {
    let began = line.boot.offset;
    let took = outcome(line);
    let class = if line.ended_in(GuestPhase::Panicked) {
        "st-crashed"
    } else if line.is_slow() {
        "st-warn"
    } else {
        "muted"
    };
    let events = line
        .events
        .iter()
        .map(|mark| {
            let (text, is_bad) = words::event(mark.what);
            let offset = mark.offset;
            view! {
                <li>
                    <button type="button" class="console-hit" on:click=move |_| desk.jump(offset)>
                        <time>{when::exact(desk.cx, mark.at)}</time>
                        <span class=if is_bad { "st-crashed" } else { "" }>{text}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    let file = desk.download(ConsoleFormat::Text, Some(began), line.until);
    view! {
        <li>
            <div class="console-boot">
                <button type="button" class="console-hit" on:click=move |_| desk.jump(began)>
                    <time>{when::exact(desk.cx, line.boot.at)}</time>
                    <span class=class>{took}</span>
                </button>
                <a class="btn quiet sq" href=file download aria-label=c(C::BootDownload) title=c(C::BootDownload)>
                    {icon("download")}
                </a>
            </div>
            <ul>{events}</ul>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::boots::Stage;
    use wxa_model::UnixMillis;
    use wxa_wire::ConsoleBoot;

    #[test]
    fn a_boot_whose_prompt_was_seen_is_not_said_to_have_none() {
        let boot = |login_ms, phase| {
            outcome(&Timeline {
                boot: ConsoleBoot {
                    offset: 0,
                    at: UnixMillis(0),
                    login_ms,
                },
                until: None,
                stages: vec![Stage {
                    phase,
                    offset: 0,
                    ms: None,
                }],
                events: Vec::new(),
                usual_ms: None,
            })
        };
        assert_eq!(boot(Some(14_000), GuestPhase::Login), "login after 14.0 s");
        assert_eq!(
            boot(None, GuestPhase::Login),
            "login, but how long it took was not seen",
            "it was read from what the host had logged"
        );
        assert_eq!(boot(None, GuestPhase::Panicked), "Kernel panic");
        assert_eq!(boot(None, GuestPhase::Kernel), "no login prompt seen");
    }
}
