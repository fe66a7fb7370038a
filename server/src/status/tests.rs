//! Pages as they are written: what they say, that nothing in them is markup of others, that they are small.
mod hostile;
mod said;
mod shape;

use wxa_model::status::{Language, view::StatusView};

use super::{
    reading::{Exports, Kind, Reading, Reload},
    render::{Rendered, render},
    when::Zone,
};

const PAGE: Kind = Kind::Page(Reload::EveryMinute);
const PATH: &str = "/s/T0KEN";

fn reading(view: &StatusView, kind: Kind, language: Language) -> Reading {
    let zone = Zone::named(&view.time_zone).expect("a zone");
    Reading {
        kind,
        language,
        own_zone: zone.clone(),
        zone,
        own_language: view.language,
        path: PATH.into(),
        origin: String::new(),
        valid_until: None,
        exports: Exports::There,
    }
}

fn rendered(view: &StatusView, kind: Kind, language: Language) -> Rendered {
    render(view, &reading(view, kind, language))
}

fn html(view: &StatusView, kind: Kind, language: Language) -> String {
    String::from_utf8(rendered(view, kind, language).plain.to_vec()).expect("text")
}

/// What is read out: the text of a document, a line for each block, with the names of images and controls.
fn said(html: &str) -> String {
    let (_, body) = html.split_once("<body>").expect("a body");
    let mut lines = String::new();
    let mut rest = body;
    while let Some((text, after)) = rest.split_once('<') {
        lines.push_str(&plain(text));
        let (tag, tail) = after.split_once('>').expect("a whole tag");
        let name = tag
            .split([' ', '/'])
            .find(|part| !part.is_empty())
            .unwrap_or_default();
        if let Some((_, label)) = tag.split_once("aria-label=\"") {
            let label = label.split('"').next().unwrap_or_default();
            lines.push_str(&format!("\n[{}]", plain(label)));
        }
        if tag.contains("aria-hidden=\"true\"") && name == "p" {
            let (_, tail) = tail.split_once("</p>").expect("an end");
            rest = tail;
            continue;
        }
        if name == "title" {
            let (_, tail) = tail.split_once("</title>").expect("an end");
            rest = tail;
            continue;
        }
        let words = [
            "b", "bdi", "time", "small", "path", "rect", "use", "symbol", "pattern", "g", "svg",
        ];
        let cells = ["dt", "dd", "td", "th", "span"];
        if cells.contains(&name) {
            lines.push(' ');
        } else if !words.contains(&name) {
            lines.push('\n');
        }
        rest = tail;
    }
    let lines: Vec<String> = lines
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n") + "\n"
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replace('\u{a0}', " ")
}
