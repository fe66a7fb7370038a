//! Help: first steps, words, filters, keys, and which version this is. Plain links and text: it works before the page is
//! alive, and without WebAssembly.
mod words;

use crate::{
    components::help::all_keys,
    cx::cx,
    routes::url::Url,
    text::{T, fill, t},
};
use leptos::prelude::*;
use words::WORDS;

/// A filter, and what it finds.
const FILTERS: [(&str, T); 15] = [
    ("web", T::FilterFree),
    ("\"web server\"", T::FilterQuoted),
    ("name:web-01", T::FilterName),
    ("state:running", T::FilterState),
    ("phase:panicked", T::FilterPhase),
    ("host:xen-1", T::FilterHost),
    ("pool:prod", T::FilterPool),
    ("ip:10.20.", T::FilterAddress),
    ("site:Vienna", T::FilterSite),
    ("tag:prod", T::FilterTag),
    ("type:pvh", T::FilterType),
    ("mem:>=8G", T::FilterMemory),
    ("cpu:<4", T::FilterCpus),
    ("!state:halted", T::FilterNot),
    ("(tag:prod | tag:test) host:xen-1", T::FilterOr),
];

/// The sections: anchor, heading.
const SECTIONS: [(&str, T); 5] = [
    ("first-steps", T::HelpFirstSteps),
    ("words", T::HelpWords),
    ("filters", T::HelpFilters),
    ("keys", T::Keys),
    ("about", T::HelpAbout),
];

/// The page.
#[component]
pub fn HelpPage() -> impl IntoView {
    let jump = |(anchor, heading): (&'static str, T)| {
        view! { <a href=format!("#{anchor}")>{t(heading)}</a> }
    };
    view! {
        <div class="head head-pad">
            <div class="title"><h1>{t(T::Help)}</h1></div>
        </div>
        <div class="scroll" tabindex="-1">
            <div class="help-page">
                <nav class="jump" aria-label=t(T::HelpOnThisPage)>{SECTIONS.map(jump).into_iter().collect_view()}</nav>
                {section(0, first_steps())}
                {section(1, words())}
                {section(2, filters())}
                {section(3, all_keys())}
                {section(4, about())}
            </div>
        </div>
    }
    .into_any()
}

fn section(at: usize, inside: AnyView) -> AnyView {
    let (anchor, heading) = SECTIONS.get(at).copied().unwrap_or(("help", T::Help));
    view! {
        <section class="card" id=anchor aria-label=t(heading)>
            <h2>{t(heading)}</h2>
            {inside}
        </section>
    }
    .into_any()
}

fn first_steps() -> AnyView {
    let steps = [
        (T::StepHost, T::StepHostMore),
        (T::StepFind, T::StepFindMore),
        (T::StepAct, T::StepActMore),
        (T::StepConsole, T::StepConsoleMore),
        (T::StepSeveral, T::StepSeveralMore),
    ];
    let step = |(what, more): (T, T)| view! { <li><b>{t(what)}</b>" "{t(more)}</li> };
    view! { <ol class="steps">{steps.map(step).into_iter().collect_view()}</ol> }.into_any()
}

fn words() -> AnyView {
    let word = |(word, meaning): (T, T)| view! { <dt>{t(word)}</dt><dd>{t(meaning)}</dd> };
    view! { <dl class="terms">{WORDS.map(word).into_iter().collect_view()}</dl> }.into_any()
}

fn filters() -> AnyView {
    let row = |(filter, finds): (&'static str, T)| {
        let href = Url::parse("/vms").with("q", filter).text();
        view! { <tr><td><a class="link mono" href=href>{filter}</a></td><td>{t(finds)}</td></tr> }
    };
    view! {
        <p>{t(T::FiltersIntro)}</p>
        <table class="plain filters" aria-label=t(T::HelpFilters)>
            <tbody>{FILTERS.map(row).into_iter().collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn about() -> AnyView {
    let build = cx().boot.with_value(|boot| boot.build.clone());
    let version = fill(
        T::AboutVersion,
        &[("version", &env!("CARGO_PKG_VERSION")), ("build", &build)],
    );
    let docs = env!("CARGO_PKG_REPOSITORY");
    view! {
        <p>{version}</p>
        <p><a class="link" href=docs rel="noreferrer">{t(T::AboutDocs)}</a></p>
        <p>{t(T::AboutLicence)}" "<a class="link" href="/licenses">{t(T::AboutLicences)}</a></p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_that_is_shown_is_one() {
        for (filter, _) in FILTERS {
            assert!(crate::filter::parse(filter).is_ok(), "{filter}");
        }
    }
}
