//! A modal dialog: the browser keeps the focus inside and gives it back.
use leptos::{html, prelude::*};

/// Shows its children in a `<dialog>` while `open`.
#[component]
pub fn Dialog(
    /// Names it for those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// The class beside `dialog`.
    class: &'static str,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// It was closed by Escape or a click beside it.
    on_close: Callback<()>,
    /// What it shows; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        if let Some(dialog) = node.get() {
            if open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
    });
    let beside = move |event: leptos::ev::MouseEvent| {
        // The backdrop belongs to the dialog itself: what is inside has another target.
        let on_itself = node.get_untracked().is_some_and(|dialog| {
            let dialog: &web_sys::EventTarget = dialog.as_ref();
            event.target().as_ref() == Some(dialog)
        });
        if on_itself {
            on_close.run(());
        }
    };
    // The browser tells of it afterwards: meanwhile it may be open again.
    let closed = move || {
        let is_open = node.get_untracked().is_some_and(|dialog| dialog.open());
        if !is_open {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class=format!("dialog {class}")
            aria-label=move || label.get()
            node_ref=node
            on:close=move |_| closed()
            on:click=beside
        >
            {move || open.get().then(|| view! { <div class="dialog-body">{children()}</div> })}
        </dialog>
    }
    .into_any()
}
