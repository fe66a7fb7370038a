//! The pages before sign-in: plain forms, served and sent without WebAssembly.
use crate::{
    components::icon::icon,
    cx::cx,
    routes::Route,
    text::{T, t},
    words,
};
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
            <p class="info bad" role="alert">{icon("warning")}<span>{words::problem(&code, query("wait").parse().ok())}</span></p>
        }
    });
    let (title, form) = match route {
        Route::Setup => (T::FirstAdministrator, setup()),
        Route::Link => (T::SignInByLink, link()),
        Route::Reset => (T::SetNewPassword, reset()),
        _ => (T::SignIn, login()),
    };
    view! {
        <div class="gate">
            <main id="main">
                <p class="brand">{icon("logo")}"WebXenAdmin"</p>
                <h1>{t(title)}</h1>
                {problem}
                {form}
            </main>
            <footer>
                <span>{t(T::WorksWithoutScript)}</span>
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
        view! { <p class="info">{icon("info")}<span>{t(T::AfterwardsYouReturn)}<b class="mono">{next.clone()}</b></span></p> }
    });
    view! {
        <form method="post" action="/login">
            {returns}
            {hidden("next", next.clone())}
            <label>
                {t(T::UserName)}
                <span class="field"><input name="name" autocomplete="username" autocapitalize="off" required=true autofocus=true/></span>
            </label>
            <label>
                {t(T::Password)}
                <span class="field"><input name="password" type="password" autocomplete="current-password" required=true/></span>
            </label>
            <button class="btn primary" type="submit">{t(T::SignIn)}</button>
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
                {t(T::OneTimeToken)}
                <span class="field"><input name="token" autocomplete="off" required=true/></span>
            </label>
        }
        .into_any()
    };
    view! {
        <form method="post" action="/setup">
            <p class="info">
                {icon("info")}
                <span>{t(T::NoDefaultPassword)}</span>
            </p>
            {token}
            <label>
                {t(T::UserName)}
                <span class="field"><input name="name" autocomplete="username" autocapitalize="off" required=true autofocus=true/></span>
            </label>
            {new_password()}
            <button class="btn primary" type="submit">{t(T::MakeAccount)}</button>
        </form>
    }
    .into_any()
}

fn link() -> AnyView {
    view! {
        <form method="post" action="/link">
            <p class="info">{icon("key")}<span>{t(T::LinkOnce)}</span></p>
            {hidden("token", query("token"))}
            <button class="btn primary" type="submit" autofocus=true>{t(T::SignIn)}</button>
            <a class="btn" href="/login">{t(T::UsePassword)}</a>
        </form>
    }
    .into_any()
}

fn reset() -> AnyView {
    let token = query("token");
    if token.is_empty() {
        return view! { <p><a class="btn" href="/login">{t(T::SignInInstead)}</a></p> }.into_any();
    }
    view! {
        <form method="post" action="/reset">
            <p class="info">
                {icon("key")}
                <span>{t(T::ResetOnce)}</span>
            </p>
            {hidden("token", token)}
            {new_password()}
            <button class="btn primary" type="submit">{t(T::SetPasswordAndSignIn)}</button>
        </form>
    }
    .into_any()
}

fn new_password() -> AnyView {
    view! {
            <label>
                {t(T::PasswordRule)}
                <span class="field">
                    <input name="password" type="password" autocomplete="new-password" minlength="12" required=true/>
                </span>
            </label>
            <label>
                {t(T::PasswordAgain)}
                <span class="field">
                    <input name="password_again" type="password" autocomplete="new-password" minlength="12" required=true/>
                </span>
            </label>
    }
    .into_any()
}
