//! The state in two words, as an image for other pages.
use super::{
    html::Html,
    page::{Cx, Glyph, Lead},
};

/// Longer titles are cut, in characters.
const LONGEST: usize = 40;
/// About how wide a character is at this size, in pixels. The text is fitted to it.
const CHAR: usize = 7;

/// An SVG image.
pub(super) fn badge(cx: &Cx<'_>) -> String {
    let title: String = cx.view.title.chars().take(LONGEST).collect();
    let lead = Lead::of(cx);
    let word = lead.word();
    let colour = match lead.glyph() {
        Glyph::Ok => "#12693a",
        Glyph::Down => "#b0202b",
        Glyph::Work => "#0a5aab",
        Glyph::Warn => "#7d4b00",
        _ => "#66583a",
    };
    let (left, right) = (width(&title), width(word));
    let all = left + right;
    let mut svg = Html::default();
    svg.raw(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="20" viewBox="0 0 {all} 20" role="img" aria-label=""#
    ));
    svg.text(&title).raw(": ").text(word).raw(r#""><title>"#);
    svg.text(&title).raw(": ").text(word).raw("</title>");
    svg.raw(&format!(
        concat!(
            r##"<clipPath id="r"><rect width="{all}" height="20" rx="4"/></clipPath><g clip-path="url(#r)">"##,
            r##"<path fill="#30363d" d="M0 0h{left}v20H0z"/><path fill="{colour}" d="M{left} 0h{right}v20H{left}z"/></g>"##,
            r##"<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">"##
        ),
        all = all,
        left = left,
        right = right,
        colour = colour
    ));
    for (text, middle, wide) in [(title.as_str(), left / 2, left), (word, left + right / 2, right)] {
        let wide = wide - 12;
        svg.raw(&format!(
            r#"<text x="{middle}" y="14" textLength="{wide}" lengthAdjust="spacingAndGlyphs">"#
        ));
        svg.text(text).raw("</text>");
    }
    svg.raw("</g></svg>");
    svg.into_string()
}

fn width(text: &str) -> usize {
    text.chars().count().max(1) * CHAR + 12
}
