//! The same acts as commands: what an administrator would type on the host.
use crate::{
    browser,
    components::icon::small_icon,
    text::{self, T, fill, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::VmId;
use wxa_wire::{CommandView, ErrorBody, operation::VmCommands};

/// Asked for only when somebody wants to see them.
#[component]
pub(super) fn Commands(id: VmId) -> impl IntoView {
    let reply = RwSignal::new(None::<Result<Vec<CommandView>, ErrorBody>>);
    let ask = move |_| {
        spawn_local(async move {
            reply.set(Some(transport::call::<VmCommands>(id, &()).await));
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
            view! { <button type="button" class="btn quiet link" on:click=ask>{t(T::ShowCommands)}</button> }
                .into_any()
        }
        Some(Ok(commands)) => {
            view! { <div class="cmds" role="status">{commands.into_iter().map(line).collect_view()}</div> }
                .into_any()
        }
        Some(Err(body)) => view! { <p class="problem">{words::error(&body).detail}</p> }.into_any(),
    }
}
