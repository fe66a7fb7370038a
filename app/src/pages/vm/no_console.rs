//! Why a pool's VM has no text console, and where that can be changed.
use crate::{
    components::empty::Empty,
    cx::cx,
    routes::{HostTab, Route},
    text::{T, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{HostId, NoConsole, Vm};

#[component]
pub(super) fn NoTextConsole(vm: RwSignal<Option<Arc<Vm>>>) -> impl IntoView {
    let cx = cx();
    let known = Memo::new(move |_| {
        vm.with(|vm| {
            let vm = vm.as_ref()?;
            let host = cx.live.host(vm.host)?;
            Some((vm.no_console, host.reached_through()))
        })
    });
    move || {
        let (why, pool) = known.get().map_or((None, None), |(why, pool)| (why, Some(pool)));
        let text = t(match why {
            Some(NoConsole::NoSsh) => T::NoConsoleNoSsh,
            Some(NoConsole::KeyUnconfirmed) => T::NoConsoleKey,
            Some(NoConsole::NoSerialPort) => T::NoConsolePort,
            None => T::NoTextConsoleMore,
        });
        let in_settings = matches!(why, Some(NoConsole::NoSsh | NoConsole::KeyUnconfirmed));
        let way = pool
            .filter(|_| in_settings)
            .map(|pool| way_out(cx.may_administer(), pool));
        view! { <Empty image="console" title=t(T::NoTextConsole) text=text>{way}</Empty> }
    }
}

/// Where it is set up, for who may; for others, whom to ask.
fn way_out(may: bool, pool: HostId) -> AnyView {
    match may {
        true => view! {
            <p><a class="btn" href=Route::Host(pool, HostTab::Settings).path()>{t(T::NoConsoleSetUp)}</a></p>
        }
        .into_any(),
        false => view! { <p class="muted">{t(T::NoConsoleAsk)}</p> }.into_any(),
    }
}
