//! The pages before sign-in: plain forms, served and sent without WebAssembly.
use crate::{components::icon::icon, cx::cx, routes::Route, words};
use leptos::prelude::*;

/// The page at `route`, one of the public ones.
#[component]
pub fn GatePage(route: Route) -> impl IntoView {
    let cx = cx();
    let code = cx.boot.with_value(|boot| boot.problem.clone());
    let code = code.unwrap_or_else(|| {
        cx.nav
            .url
            .with_untracked(|url| url.get("error").unwrap_or_default().to_owned())
    });
    let problem = (!code.is_empty()).then(|| {
        view! {
            <p class="info bad" role="alert">{icon("warning")}<span>{words::problem(&code)}</span></p>
        }
    });
    let (title, form) = match route {
        Route::Setup => ("Make the first administrator", setup()),
        Route::Link => ("Sign in by link", link()),
        _ => ("Sign in", login()),
    };
    view! {
        <div class="gate">
            <main id="main">
                <p class="brand">{icon("logo")}"WebXenAdmin"</p>
                <h1>{title}</h1>
                {problem}
                {form}
            </main>
            <footer>
                <span>"Works without JavaScript"</span>
                <span>{concat!("v", env!("CARGO_PKG_VERSION"))}</span>
            </footer>
        </div>
    }
    .into_any()
}

fn hidden(name: &'static str, value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

fn query(key: &'static str) -> String {
    cx().nav
        .url
        .with_untracked(|url| url.get(key).unwrap_or_default().to_owned())
}

fn login() -> AnyView {
    let next = query("next");
    let returns = (next.len() > 1).then(|| {
        view! { <p class="info">{icon("info")}<span>"Afterwards you return to "<b class="mono">{next.clone()}</b></span></p> }
    });
    view! {
        <form method="post" action="/login">
            {returns}
            {hidden("next", next.clone())}
            <label>
                "User name"
                <span class="field"><input name="name" autocomplete="username" autocapitalize="off" required=true autofocus=true/></span>
            </label>
            <label>
                "Password"
                <span class="field"><input name="password" type="password" autocomplete="current-password" required=true/></span>
            </label>
            <button class="btn primary" type="submit">"Sign in"</button>
        </form>
    }
    .into_any()
}

fn setup() -> AnyView {
    let token = query("token");
    let has_token = !token.is_empty();
    let token = if has_token {
        hidden("token", token).into_any()
    } else {
        view! {
            <label>
                "One-time token, as the server printed it at its first start"
                <span class="field"><input name="token" autocomplete="off" required=true/></span>
            </label>
        }
        .into_any()
    };
    view! {
        <form method="post" action="/setup">
            <p class="info">
                {icon("info")}
                <span>"There is no default password. This account may do everything; more accounts come after it."</span>
            </p>
            {token}
            <label>
                "User name"
                <span class="field"><input name="name" autocomplete="username" autocapitalize="off" required=true autofocus=true/></span>
            </label>
            <label>
                "Password, at least 12 characters"
                <span class="field">
                    <input name="password" type="password" autocomplete="new-password" minlength="12" required=true/>
                </span>
            </label>
            <label>
                "The same again"
                <span class="field">
                    <input name="password_again" type="password" autocomplete="new-password" minlength="12" required=true/>
                </span>
            </label>
            <button class="btn primary" type="submit">"Make the account and sign in"</button>
        </form>
    }
    .into_any()
}

fn link() -> AnyView {
    view! {
        <form method="post" action="/link">
            <p class="info">{icon("key")}<span>"This link signs you in once. It is of no use to anybody afterwards."</span></p>
            {hidden("token", query("token"))}
            <button class="btn primary" type="submit" autofocus=true>"Sign in"</button>
            <a class="btn" href="/login">"Use a password instead"</a>
        </form>
    }
    .into_any()
}
