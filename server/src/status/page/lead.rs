//! The headline: is everything all right, and if not, what is not.
use wxa_model::status::view::{Headline, ServiceView, Trouble};

use super::{Cx, Glyph, icon};
use crate::status::{
    html::Html,
    words::{Sentences, Words, fill},
};

/// Names longer than this are not put into sentences, in characters.
const LONGEST: usize = 40;

/// The headline with what is to be said below it.
#[derive(Debug)]
pub(in crate::status) struct Lead {
    glyph: Glyph,
    /// The state in a word or two.
    word: &'static str,
    /// The first is the headline.
    sentences: Vec<String>,
}

/// The sign of what is not well.
pub(super) fn glyph(trouble: Trouble) -> Glyph {
    match trouble {
        Trouble::Down => Glyph::Down,
        Trouble::Degraded => Glyph::Warn,
        Trouble::Unknown => Glyph::Unknown,
        Trouble::Maintained => Glyph::Work,
    }
}

fn word(trouble: Trouble, words: &Words) -> &'static str {
    match trouble {
        Trouble::Down => words.state_down,
        Trouble::Degraded => words.state_degraded,
        Trouble::Unknown => words.state_unknown,
        Trouble::Maintained => words.state_maintenance,
    }
}

fn sentences(trouble: Trouble, words: &Words) -> &Sentences {
    match trouble {
        Trouble::Down => &words.down,
        Trouble::Degraded => &words.degraded,
        Trouble::Unknown => &words.unknown,
        Trouble::Maintained => &words.maintained,
    }
}

impl Lead {
    /// What is to be said of the view.
    pub(in crate::status) fn of(cx: &Cx<'_>) -> Self {
        Self::said(&cx.view.headline(), cx.view.services.len(), cx.words)
    }

    /// The words for what is to be said of a page with so many services.
    fn said(headline: &Headline<'_>, services: usize, words: &Words) -> Self {
        let one = |glyph, word, sentence: &str| Self {
            glyph,
            word,
            sentences: vec![sentence.into()],
        };
        match headline {
            Headline::Empty => Self {
                sentences: vec![words.no_services.into(), words.no_services_hint.into()],
                ..one(Glyph::Unknown, words.state_unknown, "")
            },
            Headline::AllUp => one(Glyph::Ok, words.state_up, words.all_up),
            Headline::AllUpMaintained => one(Glyph::Ok, words.state_up, words.all_up_maintenance),
            Headline::NothingKnown => one(Glyph::Unknown, words.state_unknown, words.nothing_known),
            Headline::Troubles { worst, troubles, up } => {
                let told = troubles
                    .iter()
                    .map(|(trouble, services)| sentence(sentences(*trouble, words), services));
                let rest = (services > 1).then(|| works(words, *up, services));
                Self {
                    sentences: told.chain(rest).collect(),
                    ..one(glyph(*worst), word(*worst, words), "")
                }
            }
            Headline::Incidents { open, besides } => {
                let first = match open {
                    1 => words.incident.into(),
                    n => fill(words.incidents, &[("n", n)]),
                };
                let rest = match &**besides {
                    Headline::Empty => Vec::new(),
                    Headline::AllUp | Headline::AllUpMaintained if services == 1 => Vec::new(),
                    Headline::AllUp | Headline::AllUpMaintained => vec![works(words, services, services)],
                    other => Self::said(other, services, words).sentences,
                };
                Self {
                    sentences: [vec![first], rest].concat(),
                    ..one(Glyph::Warn, words.state_incident, "")
                }
            }
        }
    }

    /// The headline.
    pub(in crate::status) fn headline(&self) -> &str {
        self.sentences.first().map_or("", String::as_str)
    }

    /// What is to be said besides; may be empty.
    pub(in crate::status) fn rest(&self) -> String {
        self.sentences.get(1..).unwrap_or_default().join(" ")
    }

    /// The state in a word or two.
    pub(in crate::status) fn word(&self) -> &'static str {
        self.word
    }

    /// Its sign.
    pub(in crate::status) fn glyph(&self) -> Glyph {
        self.glyph
    }

    /// As the page shows it.
    pub(in crate::status) fn write(&self, html: &mut Html) {
        html.raw(r#"<div class="lead "#)
            .raw(self.glyph.name())
            .raw(r#""><span class="sign">"#);
        icon(html, self.glyph);
        html.raw("</span><div><h1>").text(self.headline()).raw("</h1>");
        let rest = self.rest();
        if !rest.is_empty() {
            html.raw("<p>").text(rest).raw("</p>");
        }
        html.raw("</div></div>");
    }
}

fn works(words: &Words, n: usize, all: usize) -> String {
    fill(words.works_of, &[("n", &n), ("all", &all)])
}

fn sentence(sentences: &Sentences, services: &[&ServiceView]) -> String {
    let is_short = |service: &&ServiceView| service.name.chars().count() <= LONGEST;
    match services {
        [a] if is_short(a) => fill(sentences.one, &[("a", &a.name)]),
        [_] => sentences.unnamed.into(),
        [a, b] if is_short(a) && is_short(b) => fill(sentences.two, &[("a", &a.name), ("b", &b.name)]),
        more => fill(sentences.many, &[("n", &more.len())]),
    }
}
