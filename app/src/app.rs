//! The root: gathers what is shared, and in the browser brings the page to life.
use crate::{
    boot, browser,
    frame::{Frame, Page},
    keys, live,
    pages::gate::GatePage,
    parts::Part,
    routes::Route,
    steps, title,
};
use leptos::prelude::*;

/// The whole page below `<body>`; hydrated with `leptos::mount::hydrate_body(App)`.
#[component]
pub fn App() -> impl IntoView {
    let (cx, build) = boot::prepared();
    provide_context(cx);
    // The public pages are served without the module, so they are not in it.
    let public = || untrack(|| cx.nav.route()).filter(|route| route.is_public());
    if cfg!(feature = "ssr")
        && let Some(route) = public()
    {
        return view! { <GatePage route=route/> }.into_any();
    }
    // Somebody without an account: nothing is asked of the server but the console's socket.
    if untrack(|| cx.nav.route()) == Some(Route::Guest) {
        Effect::new(move |ran: Option<()>| {
            if ran.is_none() {
                keys::start_for_guest();
                steps::at_last(move || cx.clock.start());
            }
        });
        return Part::Objects.draw(Page::Guest);
    }
    // Effects run in the browser only: there, once, after hydration.
    Effect::new(move |ran: Option<()>| {
        if ran.is_none() {
            // The rest of the page is there before anything that somebody does.
            for event in ["keydown", "input", "click"] {
                browser::before_any(event, |_| steps::now());
            }
            keys::start(cx);
            let build = build.clone();
            steps::at_last(move || {
                cx.nav.start();
                cx.clock.start();
                cx.bulk.start(cx);
                live::socket::start(cx.live, cx.clock, build);
            });
        }
    });
    Effect::new(move |_| document().set_title(&title::title(cx)));
    view! { <Frame/> }.into_any()
}
