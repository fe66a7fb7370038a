//! A sparkline: the last minute as one small path, drawn with attributes only.
use leptos::prelude::*;

const WIDTH: f32 = 44.0;
const HEIGHT: f32 = 18.0;

/// The sparkline of `values`, oldest first, on a scale from 0 to `top`.
#[component]
pub fn Spark(#[prop(into)] values: Signal<Vec<f32>>, #[prop(into)] top: Signal<f32>) -> impl IntoView {
    let line = Memo::new(move |_| values.with(|values| path(values, top.get())));
    let area = move || {
        line.with(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{line}V{HEIGHT}H{}z", start(values.with(Vec::len)))
            }
        })
    };
    view! {
        <svg class="spark" viewBox="0 0 44 18" preserveAspectRatio="none" aria-hidden="true">
            <path class="a" d=area></path>
            <path d=move || line.get()></path>
        </svg>
    }
    .into_any()
}

fn start(count: usize) -> f32 {
    WIDTH - WIDTH * (count.clamp(1, 60) - 1) as f32 / 59.0
}

/// The line through `values`: the newest at the right edge, a minute to the left one; empty for fewer than two.
pub fn path(values: &[f32], top: f32) -> String {
    use std::fmt::Write;
    let mut line = String::new();
    if values.len() < 2 || top <= 0.0 {
        return line;
    }
    let step = WIDTH / 59.0;
    let left = start(values.len());
    for (i, value) in values.iter().enumerate() {
        let x = left + step * i as f32;
        let y = HEIGHT - 1.0 - (value / top).clamp(0.0, 1.0) * (HEIGHT - 2.0);
        let verb = if i == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(line, "{verb}{x:.1} {y:.1}");
    }
    line
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
