//! The same acts as commands: what an administrator would type on the host.
use crate::{
    browser,
    components::icon::small_icon,
    cx::cx,
    text::{self, T, fill, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostKind, VmId};
use wxa_wire::{CommandView, ErrorBody, PlaceParams, operation::VmCommands};

/// Asked for only when somebody wants to see them.
#[component]
pub(super) fn Commands(id: VmId) -> impl IntoView {
    let cx = cx();
    let host = untrack(|| cx.live.vm(id).get()).map(|vm| vm.host);
    let show = match host.map(|host| untrack(|| cx.live.kind(host))) {
        None | Some(HostKind::Plain) => T::ShowCommands,
        Some(HostKind::Pool | HostKind::Member { .. }) => T::ShowCommandsXe,
    };
    let reply = RwSignal::new(None::<Result<Vec<CommandView>, ErrorBody>>);
    let ask = move |_| {
        spawn_local(async move {
            reply.set(Some(
                transport::call::<VmCommands>(id, &PlaceParams::default()).await,
            ));
        });
    };
    let line = |view: CommandView| {
        let text = view.command.clone();
        view! {
            <div class="cmd">
                <span class="muted">{text::action(view.action)}</span>
                <code class="cut grow">{view.command}</code>
                <button
                    type="button"
                    class="btn quiet sq"
                    aria-label=fill(T::CopyCommand, &[("act", &text::action(view.action).to_lowercase())])
                    on:click=move |_| browser::copy(&text)
                >
                    {small_icon("copy")}
                </button>
            </div>
        }
    };
    move || match reply.get() {
        None => {
            view! { <button type="button" class="btn quiet link" on:click=ask>{t(show)}</button> }.into_any()
        }
        Some(Ok(commands)) => {
            view! { <div class="cmds" role="status">{commands.into_iter().map(line).collect_view()}</div> }
                .into_any()
        }
        Some(Err(body)) => view! { <p class="problem">{words::error(&body).detail}</p> }.into_any(),
    }
}
