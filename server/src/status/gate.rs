//! What is shown instead of a page: the question for its password, or that there is none.
use wxa_model::status::Language;

use super::{
    figures,
    html::Html,
    reading::{Kind, Reload},
    sheet,
    words::{Words, fill},
};

/// Why the page is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// It asks for its password; with what was wrong the last time.
    Password(Option<Wrong>),
    /// There is no such page, or no longer, or not for this reader. Which of these is not told.
    Gone,
    /// Too many wrong links came from this address.
    Busy {
        /// When to come back, in seconds.
        retry_after_s: u64,
    },
    /// No page can be shown now.
    Later {
        /// When to come back, in seconds.
        retry_after_s: u64,
    },
}

/// What was wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is another one.
    Password,
    /// It would have travelled in the open.
    Insecure,
    /// There were too many attempts.
    Wait {
        /// When to come back, in seconds.
        retry_after_s: u64,
    },
}

/// The form the sheet is that of.
pub(super) const KIND: Kind = Kind::Page(Reload::Never);

/// The document. It has nothing of the page that is not shown.
pub(super) fn document(gate: Gate, language: Language) -> String {
    let words = Words::of(language);
    let wait = |seconds: u64| figures::duration(seconds.saturating_mul(1000), words);
    let title = match gate {
        Gate::Password(_) => words.password_title,
        Gate::Gone => words.gone_title,
        Gate::Busy { .. } => words.busy_title,
        Gate::Later { .. } => words.later_title,
    };
    let mut html = Html::default();
    html.raw(r#"<!doctype html><html lang=""#).raw(language.tag());
    html.raw(r#""><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">"#);
    html.raw(r#"<meta name="robots" content="noindex,nofollow"><meta name="color-scheme" content="light dark"><title>"#);
    html.text(title)
        .raw(r#"</title><link rel="icon" href="data:,"><style>"#);
    html.raw(sheet::text(KIND))
        .raw(r#"</style></head><body><main><div class="gate"><h1>"#);
    html.text(title).raw("</h1>");
    match gate {
        Gate::Gone => paragraph(&mut html, words.gone_why),
        Gate::Busy { retry_after_s } => {
            paragraph(
                &mut html,
                &fill(words.busy_why, &[("span", &wait(retry_after_s))]),
            );
        }
        Gate::Later { retry_after_s } => {
            paragraph(
                &mut html,
                &fill(words.later_why, &[("span", &wait(retry_after_s))]),
            );
        }
        Gate::Password(wrong) => {
            paragraph(&mut html, words.password_why);
            // To where it stands: the address holds the link, and the query how the page is wanted.
            html.raw(r#"<form method="post"><label for="password">"#)
                .text(words.password)
                .raw(r#"</label><input id="password" name="password" type="password" required autofocus"#)
                .raw(r#" autocomplete="current-password" maxlength="1024""#);
            if wrong.is_some() {
                html.raw(r#" aria-invalid="true" aria-describedby="wrong""#);
            }
            html.raw(">");
            if let Some(wrong) = wrong {
                html.raw(r#"<p id="wrong" class="wrong" role="alert">"#);
                html.text(match wrong {
                    Wrong::Password => words.password_wrong.to_owned(),
                    Wrong::Insecure => words.password_insecure.to_owned(),
                    Wrong::Wait { retry_after_s } => {
                        fill(words.password_wait, &[("span", &wait(retry_after_s))])
                    }
                });
                html.raw("</p>");
            }
            html.raw("<button>")
                .text(words.password_open)
                .raw("</button></form>");
        }
    }
    html.raw("</div></main></body></html>");
    html.into_string()
}

fn paragraph(html: &mut Html, text: &str) {
    html.raw("<p>").text(text).raw("</p>");
}
