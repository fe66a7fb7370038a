//! The list of keys.
use super::dialog::Dialog;
use crate::cx::cx;
use leptos::prelude::*;

const KEYS: [(&str, &str); 12] = [
    ("Ctrl K", "search or act"),
    ("/", "filter the list"),
    ("j  k", "move down, up"),
    ("x", "mark for acting on several"),
    ("Enter", "open"),
    ("Esc", "close, or clear the marks"),
    ("g v", "VMs"),
    ("g h", "the first host"),
    ("g t", "tasks"),
    ("g a", "audit log"),
    ("g c", "console of the selected VM"),
    ("?", "this list"),
];

/// The dialog with all keys.
#[component]
pub fn Help() -> impl IntoView {
    let open = cx().ui.help;
    let row = |(key, what): (&'static str, &'static str)| {
        let keys = key.split(' ').filter(|key| !key.is_empty());
        let keys = keys.map(|key| view! { <kbd>{key}</kbd>" " }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
    };
    view! {
        <Dialog label="Keys".to_owned() class="help" open=open on_close=Callback::new(move |()| open.set(false))>
            <h2>"Keys"</h2>
            <dl class="keys">{KEYS.map(row).into_iter().collect_view()}</dl>
            <p class="muted small">
                "Filters: " <code>"state:running host:xen-1 mem:>8G tag:prod \"free text\""</code>
                ", " <code>"!"</code> " not, " <code>"|"</code> " or, " <code>"( )"</code>
            </p>
            <div class="dialog-acts">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button>
            </div>
        </Dialog>
    }
    .into_any()
}
