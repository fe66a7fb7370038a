//! Replacing plain addresses in style sheets and scripts by content-hashed ones.

use std::collections::BTreeMap;

/// Replaces each `url(…)` and each quoted string that is the plain address of a file in `files` (name → served address).
/// `/vendor/NAME`, `/assets/NAME` and `/NAME` are plain addresses of NAME.
pub fn addresses(text: &str, files: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, served) in files {
        for plain in [
            format!("/vendor/{name}"),
            format!("/assets/{name}"),
            format!("/{name}"),
        ] {
            for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("(", ")")] {
                out = out.replace(
                    &format!("{open}{plain}{close}"),
                    &format!("{open}{served}{close}"),
                );
            }
        }
    }
    out
}

/// Points the glue at its module and its snippets, both beside it under new names.
pub fn glue(text: &str, module: (&str, &str), snippets: (&str, &str)) -> String {
    let (old_module, new_module) = module;
    let (old_snippets, new_snippets) = snippets;
    text.replace(old_module, new_module)
        .replace(&format!("'./{old_snippets}/"), &format!("'./{new_snippets}/"))
        .replace(&format!("\"./{old_snippets}/"), &format!("\"./{new_snippets}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_become_hashed_ones() {
        let files = BTreeMap::from([("fonts/a.woff2".to_owned(), "/assets/fonts/a.12.woff2".to_owned())]);
        let css = "@font-face{src:url(/vendor/fonts/a.woff2)}.x{background:url(\"/fonts/a.woff2\")}.y{content:\"a.woff2\"}";
        assert_eq!(
            addresses(css, &files),
            "@font-face{src:url(/assets/fonts/a.12.woff2)}.x{background:url(\"/assets/fonts/a.12.woff2\")}.y{content:\"a.woff2\"}"
        );
    }

    #[test]
    fn the_glue_finds_its_module_and_snippets() {
        let js = "import { a } from './snippets/app-1/inline0.js'; new URL('x_bg.wasm', import.meta.url)";
        assert_eq!(
            glue(js, ("x_bg.wasm", "x_bg.9.wasm"), ("snippets", "snippets-7")),
            "import { a } from './snippets-7/app-1/inline0.js'; new URL('x_bg.9.wasm', import.meta.url)"
        );
    }
}
