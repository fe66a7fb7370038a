//! The whole document, rendered on the server.
use crate::{
    App, Boot, boot,
    parts::Part,
    prefs,
    routes::{Route, url, url::Url},
    text,
};
use leptos::{nonce::use_nonce, prelude::*};
use std::collections::BTreeMap;
use wxa_wire::{Operation, operation::IndexGet};

/// Addresses of what the page loads, from the site's manifest. Without a build `js` is empty and nothing is hydrated.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The glue: `webxenadmin.js`.
    pub js: String,
    /// The module: `webxenadmin_bg.wasm`.
    pub wasm: String,
    /// The style sheet: `main.css`.
    pub css: String,
    /// The sprite: `icons.svg`.
    pub icons: String,
    /// `manifest.webmanifest`.
    pub web_manifest: String,
    /// The text font, preloaded so that no text jumps: `fonts/inter.woff2`.
    pub font: String,
    /// The files of each part of the module, by the part's name.
    pub parts: BTreeMap<String, Vec<String>>,
}

impl Assets {
    /// From the manifest's `files` (logical name to address).
    pub fn from_manifest(files: &BTreeMap<String, String>) -> Self {
        let at = |name: &str| files.get(name).cloned().unwrap_or_default();
        Self {
            js: at("webxenadmin.js"),
            wasm: at("webxenadmin_bg.wasm"),
            css: at("main.css"),
            icons: at("icons.svg"),
            web_manifest: at("manifest.webmanifest"),
            font: at("fonts/inter.woff2"),
            parts: parts(files),
        }
    }
}

/// `parts/NAME/FILE` → the files of part NAME.
fn parts(files: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, address) in files {
        let part = name.strip_prefix("parts/").and_then(|rest| rest.split_once('/'));
        if let Some((part, _)) = part {
            parts.entry(part.to_owned()).or_default().push(address.clone());
        }
    }
    parts
}

/// The document of the page in the request's context.
pub fn shell(mut boot: Boot, assets: Assets) -> impl IntoView {
    if !assets.icons.is_empty() {
        boot.vendor.insert("icons".into(), assets.icons.clone());
    }
    let locale = text::for_page(&boot.preferences);
    boot.texts = locale.foreign_texts();
    provide_context(locale);
    provide_context(boot.clone());
    let url = boot::current().1;
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let look = prefs::attributes(&boot.preferences);
    let title = page_title(&boot, &url);
    let is_public = Route::parse(&url.path).is_some_and(Route::is_public);
    let is_built = !assets.js.is_empty();
    let alive = (is_built && !is_public).then(|| scripts(&boot, &assets, &url, &nonce));
    // While somebody types a name and a password, the browser fetches what every page behind them needs.
    let soon = (is_built && is_public).then(|| {
        let files = [&assets.js, &assets.wasm].into_iter().cloned();
        files
            .map(|address| view! { <link rel="prefetch" href=address/> })
            .collect_view()
    });
    let link =
        |rel: &'static str, href: String| (!href.is_empty()).then(|| view! { <link rel=rel href=href/> });
    view! {
        <!DOCTYPE html>
        <html
            lang=boot.preferences.language.name()
            data-theme=look.theme
            data-density=look.density
            data-motion=look.motion
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                // As a property: a title's text is not markup, and leptos' markers between nodes would show in it.
                <title inner_html=escaped(&title)></title>
                {link("icon", favicon())}
                {link("manifest", assets.web_manifest.clone())}
                {(!assets.font.is_empty()).then(|| view! {
                    <link rel="preload" href=assets.font.clone() r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                })}
                {link("stylesheet", assets.css.clone())}
                {alive}
                {soon}
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The icon of the page, which is shorter than what it takes to ask for it.
fn favicon() -> String {
    let mut data = String::new();
    url::encode(include_str!("../../public/favicon.svg").trim(), &mut data);
    // A query's spaces are not an address's.
    format!("data:image/svg+xml,{}", data.replace('+', "%20"))
}

fn page_title(boot: &Boot, url: &Url) -> String {
    let cx = crate::cx::Cx::new(boot.clone(), crate::nav::Nav::new(url.clone()));
    crate::title::title(cx)
}

fn scripts(boot: &Boot, assets: &Assets, url: &Url, nonce: &str) -> AnyView {
    let data = safe(&serde_json::to_string(boot).unwrap_or_else(|_| "{}".into()));
    let start = format!(
        "import init, {{ hydrate }} from {};init({{ module_or_path: {} }}).then(() => hydrate());",
        quoted(&assets.js),
        quoted(&assets.wasm)
    );
    let nonce = nonce.to_owned();
    let needed = Part::at(url).and_then(|part| assets.parts.get(part.name()));
    let modules = std::iter::once(&assets.wasm).chain(needed.into_iter().flatten());
    let preloads = modules
        .map(|address| {
            let address = address.clone();
            view! { <link rel="preload" href=address r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/> }
        })
        .collect_view();
    view! {
        {preloads}
        <link rel="modulepreload" href=assets.js.clone()/>
        {boot.outline.is_some().then(|| view! {
            <link rel="preload" href=IndexGet::ROW.path r#as="fetch" crossorigin="anonymous"/>
        })}
        <script type="application/json" id="boot" nonce=nonce.clone() inner_html=data></script>
        <script type="module" nonce=nonce inner_html=safe(&start)></script>
    }
    .into_any()
}

/// No text inside may end the script element.
fn safe(text: &str) -> String {
    text.replace('<', "\\u003c")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into())
}
