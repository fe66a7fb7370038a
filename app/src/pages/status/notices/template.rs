//! What to begin with: plain words that fit most incidents and most maintenance.
use crate::text::{S, s, s_fill};
use leptos::prelude::*;

/// A title and a text, with `{service}` for what it touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Template {
    title: S,
    text: S,
}

const fn template(title: S, text: S) -> Template {
    Template { title, text }
}

/// For incidents.
pub(super) const INCIDENTS: [Template; 4] = [
    template(S::IncSlowTitle, S::IncSlowText),
    template(S::IncDownTitle, S::IncDownText),
    template(S::IncPartTitle, S::IncPartText),
    template(S::IncOutsideTitle, S::IncOutsideText),
];

/// For maintenance.
pub(super) const MAINTENANCE: [Template; 3] = [
    template(S::MntUpdateTitle, S::MntUpdateText),
    template(S::MntMoveTitle, S::MntMoveText),
    template(S::MntNetworkTitle, S::MntNetworkText),
];

impl Template {
    /// Title and text about `service`.
    fn filled(self, service: &str) -> (String, String) {
        let service = if service.is_empty() {
            s(S::SomeService)
        } else {
            service
        };
        let text = |key| capital(s_fill(key, &[("service", &service)]));
        (text(self.title), text(self.text))
    }
}

/// With a capital first: a sentence may begin with what was filled in.
fn capital(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// A choice of them that fills title and text; `service` is what is touched.
pub(super) fn choice(
    templates: &'static [Template],
    service: impl Fn() -> String + 'static,
    title: RwSignal<String>,
    text: RwSignal<String>,
) -> AnyView {
    let option = |(n, one): (usize, &Template)| {
        view! { <option value=n.to_string()>{one.filled("").0}</option> }
    };
    let choose = move |event| {
        let chosen = event_target_value(&event)
            .parse()
            .ok()
            .and_then(|n: usize| templates.get(n));
        let (new_title, new_text) = chosen.map(|one| one.filled(&service())).unwrap_or_default();
        title.set(new_title);
        text.set(new_text);
    };
    view! {
        <label>
            {s(S::Template)}
            <select class="field" on:change=choose>
                <option value="">{s(S::TemplateBlank)}</option>
                {templates.iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_speaks_of_what_is_touched_and_begins_with_a_capital() {
        for one in INCIDENTS.iter().chain(&MAINTENANCE) {
            for service in ["", "e-mail"] {
                let (title, text) = one.filled(service);
                for sentence in [&title, &text] {
                    assert!(!sentence.contains('{'), "{sentence}");
                    assert!(sentence.starts_with(char::is_uppercase), "{sentence}");
                }
            }
        }
        assert_eq!(INCIDENTS[0].filled("Web shop").0, "Web shop is slow");
        assert_eq!(INCIDENTS[0].filled("").0, "The service is slow");
    }
}
