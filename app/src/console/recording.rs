//! What the forms of recording have in common: amounts as they are typed and shown, and how they are saved.
use crate::{
    cx::cx,
    fetched::Fetched,
    text::{T, fill, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;
use wxa_wire::Operation;

/// In what an amount is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// As it is.
    One,
    /// MiB.
    Mib,
    /// GiB.
    Gib,
}

impl Amount {
    fn size(self) -> u64 {
        match self {
            Self::One => 1,
            Self::Mib => 1 << 20,
            Self::Gib => 1 << 30,
        }
    }
}

/// An amount as it stands in its field: no more digits than say something.
pub fn amount(of: Amount, n: u64) -> String {
    let text = format!("{:.4}", n as f64 / of.size() as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was typed; none where the field is empty.
///
/// # Errors
/// A sentence where it is no amount.
pub fn as_amount(of: Amount, text: &str) -> Result<Option<u64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: f64 = text
        .replace(',', ".")
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite() && *n >= 0.0)
        .ok_or_else(|| fill(T::NoNumber, &[("text", &text)]))?;
    // Beyond what is allowed, the server says what is.
    Ok(Some((number * of.size() as f64).round() as u64))
}

/// A field for an amount.
pub fn amount_field(label: T, value: RwSignal<String>, placeholder: String, may: bool) -> AnyView {
    view! {
        <label>
            {t(label)}
            <span class="field">
                <input
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    placeholder=placeholder
                    disabled=!may
                    value=value.get_untracked()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}

/// A form under way: whether it is being saved, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Saving {
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Saving {
    /// Of a form that is as the server has it.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            problem: RwSignal::default(),
        }
    }

    /// What submitting does: what was typed is sent by `Op`, and `view` asks anew what is kept now.
    pub fn by<Op, V>(
        self,
        id: Op::Id,
        view: Fetched<V>,
        typed: impl Fn() -> Result<Op::Params, String> + 'static,
    ) -> impl Fn(SubmitEvent) + 'static
    where
        Op: Operation<Reply = ()> + 'static,
        Op::Id: Clone,
        V: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let ui = cx().ui;
        move |event| {
            event.prevent_default();
            let params = match typed() {
                Ok(params) if !self.busy.get_untracked() => params,
                Ok(_) => return,
                Err(why) => return self.problem.set(why),
            };
            self.busy.set(true);
            self.problem.set(String::new());
            let id = id.clone();
            spawn_local(async move {
                match transport::call::<Op>(id, &params).await {
                    Ok(()) => {
                        ui.say(Tone::Good, t(T::RecordingSaved), "");
                        view.reload();
                    }
                    // The page may have been left meanwhile.
                    Err(body) => {
                        let _ = self.problem.try_set(words::error(&body).detail);
                    }
                }
                let _ = self.busy.try_set(false);
            });
        }
    }

    /// What is wrong, and for those who may the button that saves.
    pub fn foot(self, may: bool) -> AnyView {
        let Self { busy, problem } = self;
        view! {
            <p class="problem" role="alert">{move || problem.get()}</p>
            {may.then(|| view! {
                <div class="buttons">
                    <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || t(if busy.get() { T::Saving } else { T::Save })}
                    </button>
                </div>
            })}
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_come_back_as_they_were_typed() {
        for (text, bytes) in [("1", 1 << 20), ("0.0625", 64 << 10), ("1,5", 3 << 19), ("0", 0)] {
            assert_eq!(as_amount(Amount::Mib, text), Ok(Some(bytes)));
            assert_eq!(amount(Amount::Mib, bytes), text.replace(',', "."));
        }
        assert_eq!(as_amount(Amount::Gib, " "), Ok(None));
        for text in ["-1", "much", "inf"] {
            assert!(as_amount(Amount::One, text).is_err(), "{text}");
        }
    }
}
