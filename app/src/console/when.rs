//! Moments to the second, and spans to the tenth of one: a boot has many things in a minute.
use crate::{clock, cx::Cx, format};
use leptos::prelude::*;
use wxa_model::UnixMillis;

/// A moment as the reader wants it written, with its second. In the browser only: it is told in its time zone.
pub fn exact(cx: Cx, at: UnixMillis) -> String {
    let now = cx.clock.now.get_untracked();
    let text = cx
        .prefs
        .now
        .with_untracked(|preferences| clock::local_time(at, now, preferences));
    with_second(&text, at)
}

/// Zones differ by whole minutes.
fn with_second(text: &str, at: UnixMillis) -> String {
    let second = at.0 / 1000 % 60;
    match text.rsplit_once(':') {
        Some((hour, rest)) => {
            let (minute, half) = rest.split_at(rest.len().min(2));
            format!("{hour}:{minute}:{second:02}{half}")
        }
        None => text.to_owned(),
    }
}

/// How long something took: `14.0 s`, `3 min`.
pub fn took(ms: u64) -> String {
    if ms < 100_000 {
        format!("{} s", format::number(ms as f32 / 1000.0))
    } else {
        format::span(ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_stands_where_each_way_of_writing_has_it() {
        let at = UnixMillis(1_795_392_007_500);
        for (text, exact) in [
            ("14:05", "14:05:07"),
            ("23 Nov 2:05 pm", "23 Nov 2:05:07 pm"),
            ("2026-11-23 09:00", "2026-11-23 09:00:07"),
        ] {
            assert_eq!(with_second(text, at), exact);
        }
        assert_eq!(took(14_040), "14.0 s");
        assert_eq!(took(180_000), "3 min");
    }
}
