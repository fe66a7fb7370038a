//! What the VM's console tells: how far the guest has come, what went wrong, and how long its boots took.
use crate::{
    clock,
    components::{icon::icon, when::When},
    cx::{Cx, cx},
    fetched::Fetched,
    format,
    routes::marks_url,
    text::{T, fill, t},
    understood::{self, at},
};
use leptos::prelude::*;
use wxa_model::{
    UnixMillis, VmId,
    console::{GuestEvent, GuestPhase, is_slow, usual},
};
use wxa_wire::console::history::{ConsoleMark, ConsoleMarksView};

/// Boots in the chart.
const BOOTS: usize = 30;
/// Events in the list.
const EVENTS: usize = 6;

/// The card; for those who may open the console.
#[component]
pub(super) fn ConsoleCard(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let marks = Fetched::<ConsoleMarksView>::new(marks_url(id));
    let now = Memo::new(move |_| vm.with(|vm| vm.as_ref().and_then(|vm| vm.understood)));
    // Whatever is told is marked too.
    Effect::new(move |before: Option<Option<wxa_model::console::Understood>>| {
        let now = now.get();
        if before.is_some_and(|before| before != now) {
            marks.reload();
        }
        now
    });
    let sentence = move || {
        let told = now.get()?;
        let class = if told.phase == GuestPhase::Panicked {
            "st st-crashed"
        } else {
            ""
        };
        let href = vm.with_untracked(|vm| vm.as_ref().map(|vm| understood::told_at(vm, told)));
        Some(view! {
            <p>
                <span class=class>{understood::sentence(told)}</span>
                " "
                <When at=told.since/>
                " "
                <a class="link" href=href>{t(T::ShowInConsole)}</a>
            </p>
        })
    };
    let nothing = move || {
        let marks = marks.get()?;
        let words = match marks.not_recorded {
            Some(why) => fill(T::NotRecorded, &[("why", &why)]),
            None if now.get().is_none() && marks.marks.is_empty() => t(T::ConsoleTellsNothing).to_owned(),
            None => return None,
        };
        Some(view! { <p class="muted small">{words}</p> })
    };
    view! {
        <section class="card console-card">
            <h2>{t(T::ConsoleTells)}</h2>
            {sentence}
            {nothing}
            {move || marks.get().map(|marks| boots(cx, &marks))}
            {move || marks.get().map(|marks| events(id, &marks))}
        </section>
    }
    .into_any()
}

/// A boot that came to its prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Boot {
    at: UnixMillis,
    login_ms: u64,
    slow: bool,
}

/// The latest boots, and how long those before the last one usually took.
fn latest(marks: &ConsoleMarksView) -> (Vec<Boot>, Option<u64>) {
    let known: Vec<(UnixMillis, u64)> = marks
        .boots
        .iter()
        .filter_map(|boot| Some((boot.at, boot.login_ms?)))
        .collect();
    let all: Vec<u64> = known.iter().map(|(_, login_ms)| *login_ms).collect();
    let before = |n: usize| all.get(..n).unwrap_or_default();
    let boots: Vec<Boot> = known
        .iter()
        .enumerate()
        .map(|(n, (at, login_ms))| Boot {
            at: *at,
            login_ms: *login_ms,
            slow: is_slow(*login_ms, before(n)),
        })
        .collect();
    let shown = boots.get(boots.len().saturating_sub(BOOTS)..).unwrap_or_default();
    (shown.to_vec(), usual(before(all.len().saturating_sub(1))))
}

fn boots(cx: Cx, marks: &ConsoleMarksView) -> AnyView {
    let (boots, usual) = latest(marks);
    let Some(last) = boots.last().copied() else {
        return ().into_any();
    };
    let took = format::took(last.login_ms);
    let usually = usual.map(format::took);
    let words = match &usually {
        Some(usual) => fill(T::TimeToLoginOf, &[("usual", usual), ("last", &took)]),
        None => fill(T::TimeToLoginLast, &[("last", &took)]),
    };
    let warning = usually.filter(|_| last.slow).map(|usual| {
        view! {
            <p class="st st-warn wrap">
                {icon("waiting")}
                {fill(T::SlowBootWarning, &[("took", &took), ("usual", &usual)])}
            </p>
        }
    });
    view! {
        <h3>{t(T::TimeToLogin)}</h3>
        {warning}
        {bars(cx, &boots, usual, words.clone())}
        <p class="muted small">{words}</p>
    }
    .into_any()
}

/// A bar for each boot, and a line where they usually end. Sizes are attributes: the style policy refuses inline styles.
fn bars(cx: Cx, boots: &[Boot], usual: Option<u64>, label: String) -> AnyView {
    const HEIGHT: u64 = 100;
    const STEP: usize = 10;
    let most = boots
        .iter()
        .map(|boot| boot.login_ms)
        .chain(usual)
        .max()
        .unwrap_or(1)
        .max(1);
    let height = move |ms: u64| ms.saturating_mul(HEIGHT).checked_div(most).unwrap_or(0).max(1);
    let bar = |(n, boot): (usize, &Boot)| {
        let tall = height(boot.login_ms);
        let now = cx.clock.now.get_untracked();
        let when = if cx.clock.local.get() {
            clock::local_time(boot.at, now, &cx.prefs.now.get_untracked())
        } else {
            format::ago(now.since(boot.at))
        };
        let title = fill(
            T::BootTook,
            &[("when", &when), ("took", &format::took(boot.login_ms))],
        );
        let x = (BOOTS.saturating_sub(boots.len()) + n) * STEP + 1;
        view! {
            <rect
                class=if boot.slow { "slow" } else { "" }
                x=x
                y=HEIGHT.saturating_sub(tall)
                width=STEP - 2
                height=tall
            >
                <title>{title}</title>
            </rect>
        }
    };
    let line = usual.map(|usual| {
        let y = HEIGHT.saturating_sub(height(usual));
        view! { <line x1=0 x2=BOOTS * STEP y1=y y2=y/> }
    });
    view! {
        <svg
            class="boots"
            role="img"
            aria-label=label
            viewBox=format!("0 0 {} {HEIGHT}", BOOTS * STEP)
            preserveAspectRatio="none"
        >
            {boots.iter().enumerate().map(bar).collect_view()}
            {line}
        </svg>
    }
    .into_any()
}

/// What is worth a line: trouble, panics, prompts and going down.
fn is_told(mark: &ConsoleMark) -> bool {
    match mark.what {
        GuestEvent::Phase(phase) => phase >= GuestPhase::Fsck,
        GuestEvent::OutOfMemory | GuestEvent::Oops | GuestEvent::SoftLockup | GuestEvent::SlowBoot => true,
    }
}

fn events(id: VmId, marks: &ConsoleMarksView) -> AnyView {
    let told = marks.marks.iter().rev().filter(|mark| is_told(mark)).take(EVENTS);
    let items = told.map(|mark| {
        let (class, image, words) = understood::event(mark.what);
        view! {
            <li>
                <span class=format!("st {class}")>{icon(image)}</span>
                <a href=at(id, None, mark.offset)>{words}</a>
                <span class="muted small"><When at=mark.at/></span>
            </li>
        }
    });
    view! { <ul class="told-list">{items.collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_wire::console::history::ConsoleBoot;

    #[test]
    fn the_last_boot_is_compared_with_those_before_it() {
        let boot = |n: u64, login_ms| ConsoleBoot {
            offset: n,
            at: UnixMillis(n),
            login_ms,
        };
        let took = [Some(20_000), None, Some(21_000), Some(22_000), Some(50_000)];
        let marks = ConsoleMarksView {
            boots: took.iter().zip(0..).map(|(took, n)| boot(n, *took)).collect(),
            ..ConsoleMarksView::default()
        };
        let (boots, usual) = latest(&marks);
        assert_eq!(usual, Some(21_000));
        let slow: Vec<bool> = boots.iter().map(|boot| boot.slow).collect();
        assert_eq!(slow, [false, false, false, true]);
    }

    #[test]
    fn only_the_latest_boots_are_shown() {
        let marks = ConsoleMarksView {
            boots: (0..100)
                .map(|n| ConsoleBoot {
                    offset: n,
                    at: UnixMillis(n),
                    login_ms: Some(n),
                })
                .collect(),
            ..ConsoleMarksView::default()
        };
        let (boots, _) = latest(&marks);
        assert_eq!((boots.len(), boots[0].login_ms), (BOOTS, 70));
    }
}
