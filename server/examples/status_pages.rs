//! Writes made-up status pages in every form into a folder, to look at them:
//! `cargo run -p server --example status_pages -- FOLDER`.
use server::status::{Exports, Kind, Reading, Reload, Zone, render};
use std::{env, fs, io, path::Path};
use wxa_model::status::Language;

#[path = "../src/status/sample.rs"]
mod sample;

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/status-pages".into());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    for (name, view) in sample::all() {
        for language in Language::ALL {
            for (form, kind) in [
                ("html", Kind::Page(Reload::EveryMinute)),
                ("kiosk.html", Kind::Kiosk(0)),
                ("kiosk2.html", Kind::Kiosk(1)),
                ("badge.svg", Kind::Badge),
                ("feed.atom", Kind::Feed),
                ("json", Kind::Json),
            ] {
                let zone = Zone::named(&view.time_zone).unwrap_or_else(Zone::utc);
                let reading = Reading {
                    kind,
                    language,
                    own_zone: zone.clone(),
                    zone,
                    own_language: view.language,
                    path: "/s/0123456789012345678901234567890123456789012".into(),
                    origin: String::new(),
                    valid_until: None,
                    exports: Exports::There,
                };
                let page = render(&view, &reading);
                let file = format!("{name}.{}.{form}", language.tag());
                let packed = page.gzip.as_ref().map_or(0, bytes::Bytes::len);
                fs::write(folder.join(&file), &page.plain)?;
                writeln(&format!(
                    "{file:32} {:7} bytes, {packed:6} packed",
                    page.plain.len()
                ))?;
            }
        }
    }
    Ok(())
}

fn writeln(line: &str) -> io::Result<()> {
    use io::Write;
    writeln!(io::stdout(), "{line}")
}
