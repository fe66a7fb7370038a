//! The root: gathers what is shared, and in the browser brings the page to life.
use crate::{boot, cx::Cx, frame::Frame, keys, live, nav::Nav, pages::gate::GatePage, text::Locale, title};
use leptos::prelude::*;

/// The whole page below `<body>`; hydrated with `leptos::mount::hydrate_body(App)`.
#[component]
pub fn App() -> impl IntoView {
    let (boot, url) = boot::current();
    let build = boot.build.clone();
    Locale::begin(&boot.preferences, boot.texts.clone());
    let cx = Cx::new(boot, Nav::new(url));
    provide_context(cx);
    // The public pages are served without the module, so they are not in it.
    let public = || untrack(|| cx.nav.route()).filter(|route| route.is_public());
    if cfg!(feature = "ssr")
        && let Some(route) = public()
    {
        return view! { <GatePage route=route/> }.into_any();
    }
    // Effects run in the browser only: there, once, after hydration.
    Effect::new(move |ran: Option<()>| {
        if ran.is_none() {
            cx.nav.start();
            cx.clock.start();
            keys::start(cx);
            cx.bulk.start(cx);
            live::socket::start(cx.live, cx.clock, build.clone());
        }
    });
    Effect::new(move |_| document().set_title(&title::title(cx)));
    view! { <Frame/> }.into_any()
}
