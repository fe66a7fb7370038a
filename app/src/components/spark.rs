//! A sparkline: the last minute as one small path, drawn with attributes only.
use crate::markup::Markup;
use leptos::prelude::*;

const WIDTH: f32 = 44.0;
const HEIGHT: f32 = 18.0;

/// The sparkline of `values`, oldest first, on a scale from 0 to `top`.
#[component]
pub fn Spark(#[prop(into)] values: Signal<Vec<f32>>, #[prop(into)] top: Signal<f32>) -> impl IntoView {
    let line = Memo::new(move |_| values.with(|values| path(values, top.get())));
    let area = move || line.with(|line| area(line, values.with(Vec::len)));
    view! {
        <svg class="spark" viewBox="0 0 44 18" preserveAspectRatio="none" aria-hidden="true">
            <path class="a" d=area></path>
            <path d=move || line.get()></path>
        </svg>
    }
    .into_any()
}

/// The same as markup.
pub fn markup(values: &[f32], top: f32) -> Markup {
    let line = path(values, top);
    let mut all = Markup::new();
    let attributes = [
        ("class", "spark"),
        ("viewBox", "0 0 44 18"),
        ("preserveAspectRatio", "none"),
        ("aria-hidden", "true"),
    ];
    all.open("svg", &attributes);
    // Without a line there is nothing to draw: most of a large list's VMs may be halted.
    if !line.is_empty() {
        let area = area(&line, values.len());
        all.add(&Markup::of("path", &[("class", "a"), ("d", &area)], ""));
        all.add(&Markup::of("path", &[("d", &line)], ""));
    }
    all.close("svg");
    all
}

/// What is below the line through `count` values.
fn area(line: &str, count: usize) -> String {
    if line.is_empty() {
        return String::new();
    }
    let mut area = format!("{line}V{HEIGHT}H");
    tenths(start(count), &mut area);
    area.push('z');
    area
}

fn start(count: usize) -> f32 {
    WIDTH - WIDTH * (count.clamp(1, 60) - 1) as f32 / 59.0
}

/// The line through `values`: the newest at the right edge, a minute to the left one; empty for fewer than two.
pub fn path(values: &[f32], top: f32) -> String {
    let mut line = String::new();
    if values.len() < 2 || top <= 0.0 {
        return line;
    }
    let step = WIDTH / 59.0;
    let left = start(values.len());
    for (i, value) in values.iter().enumerate() {
        let x = left + step * i as f32;
        let y = HEIGHT - 1.0 - (value / top).clamp(0.0, 1.0) * (HEIGHT - 2.0);
        line.push(if i == 0 { 'M' } else { 'L' });
        tenths(x, &mut line);
        line.push(' ');
        tenths(y, &mut line);
    }
    line
}

/// Writes a number that is not negative with one decimal. The formatter of floats takes many times as long, and there are
/// thousands of them with each measurement.
fn tenths(value: f32, out: &mut String) {
    let tenths = (value * 10.0).round().max(0.0) as u32;
    let (whole, rest) = (tenths / 10, tenths % 10);
    if whole >= 10 {
        out.push(digit(whole / 10));
    }
    out.push(digit(whole));
    out.push('.');
    out.push(digit(rest));
}

fn digit(number: u32) -> char {
    char::from_digit(number % 10, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_value_is_at_the_right_edge() {
        assert_eq!(path(&[0.0, 1.0], 1.0), "M43.3 17.0L44.0 1.0");
        assert_eq!(path(&[1.0], 1.0), "");
        assert_eq!(path(&[5.0, 9.0], 1.0), "M43.3 1.0L44.0 1.0");
        assert!(path(&[0.5; 60], 1.0).starts_with("M0.0 9.0"));
    }
}
