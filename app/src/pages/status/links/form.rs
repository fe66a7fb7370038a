//! Making a link: whom it is for, for how long, and what else it takes to open it.
use super::{All, Fresh};
use crate::{
    components::icon::icon,
    cx::cx,
    pages::status::{
        fields::{Line, optional, send},
        look::{language_name, zones},
    },
    text::{S, s, s_fill, s_plural},
    transport, words,
};
use leptos::{html, prelude::*, task::spawn_local};
use wxa_model::{Network, UnixMillis, status::Language};
use wxa_wire::{SecretText, StatusLinkParams, operation::StatusLinkCreate};

const DAY_MS: u64 = 86_400_000;
/// For how long a link can be made, in days; none is for ever.
const DAYS: [Option<u32>; 6] = [Some(1), Some(7), Some(30), Some(90), Some(365), None];
/// What is proposed.
const DAYS_USUAL: Option<u32> = Some(90);
/// The fewest characters of a password; the server has the same bound.
const PASSWORD: usize = 8;

/// A link as it is typed.
#[derive(Clone, Copy)]
struct Edit {
    label: RwSignal<String>,
    days: RwSignal<Option<u32>>,
    password: RwSignal<String>,
    addresses: RwSignal<String>,
    language: RwSignal<Option<Language>>,
    time_zone: RwSignal<String>,
}

/// A field of it that may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Label,
    Password,
    Addresses,
}

impl Edit {
    fn new() -> Self {
        Self {
            label: RwSignal::default(),
            days: RwSignal::new(DAYS_USUAL),
            password: RwSignal::default(),
            addresses: RwSignal::default(),
            language: RwSignal::default(),
            time_zone: RwSignal::default(),
        }
    }

    fn clear(self) {
        self.label.set(String::new());
        self.password.set(String::new());
        self.addresses.set(String::new());
    }

    /// What is to be corrected. Tracks it.
    fn wrong(self, field: Field) -> Option<String> {
        match field {
            Field::Label => {
                let is_missing = self.label.with(|label| label.trim().is_empty());
                is_missing.then(|| s(S::MissingLabel).to_owned())
            }
            Field::Password => {
                let count = self.password.with(|password| password.chars().count());
                (count > 0 && count < PASSWORD).then(|| s(S::ShortPassword).to_owned())
            }
            Field::Addresses => {
                let typed = self.addresses.get();
                let wrong = split(&typed).find(|one| one.parse::<Network>().is_err())?;
                Some(s_fill(S::BadAddress, &[("what", &wrong)]))
            }
        }
    }

    fn params(self, now: UnixMillis) -> StatusLinkParams {
        let days = self.days.get_untracked();
        let password = self.password.get_untracked();
        let time_zone = self.time_zone.get_untracked();
        StatusLinkParams {
            label: self.label.get_untracked().trim().to_owned(),
            expires_at: days.map(|days| UnixMillis(now.0 + u64::from(days) * DAY_MS)),
            password: (!password.is_empty()).then_some(SecretText(password)),
            addresses: split(&self.addresses.get_untracked())
                .map(str::to_owned)
                .collect(),
            language: self.language.get_untracked(),
            time_zone: (!time_zone.is_empty()).then_some(time_zone),
        }
    }
}

fn split(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split([',', ' ', '\n', ';'])
        .map(str::trim)
        .filter(|one| !one.is_empty())
}

#[component]
pub(super) fn LinkForm(all: All) -> impl IntoView {
    let cx = cx();
    let edit = Edit::new();
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let fold = NodeRef::<html::Details>::new();
    let wrong = move |field: Field| Signal::derive(move || tried.get().then(|| edit.wrong(field)).flatten());
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let fields = [Field::Label, Field::Password, Field::Addresses];
        if busy.get_untracked() || untrack(|| fields.into_iter().any(|field| edit.wrong(field).is_some())) {
            return;
        }
        let params = edit.params(cx.clock.now.get_untracked());
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<StatusLinkCreate>(all.shared.id, &params).await {
                Ok(made) => {
                    edit.clear();
                    tried.set(false);
                    all.fresh.set(Some((made, Fresh::Made)));
                    if let Some(fold) = fold.get_untracked() {
                        fold.set_open(false);
                    }
                    all.links.reload();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <details class="fold" node_ref=fold>
            <summary class="btn">{icon("plus")}{s(S::MakeLink)}</summary>
            <form class="form status-form" on:submit=make>
                <div class="pair">
                    {Line::new("link-label", s(S::LinkLabel), edit.label)
                        .hint(s(S::LinkLabelHint))
                        .wrong(wrong(Field::Label))
                        .view()}
                    <label>{s(S::LinkExpires)}{days(edit)}</label>
                </div>
                {Line::new("link-password", optional(S::LinkPassword), edit.password)
                    .kind("password")
                    .more(s(S::LinkPasswordMore))
                    .wrong(wrong(Field::Password))
                    .view()}
                {Line::new("link-addresses", optional(S::LinkAddresses), edit.addresses)
                    .hint(s(S::LinkAddressesHint))
                    .more(s(S::LinkAddressesMore))
                    .wrong(wrong(Field::Addresses))
                    .view()}
                <div class="pair">
                    <label>{s(S::LinkLanguage)}{language(edit)}</label>
                    <label>{s(S::LinkZone)}{zones::select(edit.time_zone, s(S::AsThePage))}</label>
                </div>
                <p class="problem" role="alert">{move || problem.get()}</p>
                <div class="dialog-acts">{send(S::MakeLinkNow, S::Making, busy)}</div>
            </form>
        </details>
    }
    .into_any()
}

fn days(edit: Edit) -> AnyView {
    let words = |days: Option<u32>| match days {
        None => s(S::ExpiresNever).to_owned(),
        Some(365) => s(S::ExpiresYear).to_owned(),
        Some(days) => s_plural(S::ExpiresDays, days as usize),
    };
    let value = |days: Option<u32>| days.map(|days| days.to_string()).unwrap_or_default();
    let option =
        |days| view! { <option value=value(days) selected=days == DAYS_USUAL>{words(days)}</option> };
    let choose = move |event| edit.days.set(event_target_value(&event).parse().ok());
    view! { <select class="field" on:change=choose>{DAYS.map(option).into_iter().collect_view()}</select> }
        .into_any()
}

fn language(edit: Edit) -> AnyView {
    let option =
        |language: Language| view! { <option value=language.tag()>{language_name(language)}</option> };
    let choose = move |event| edit.language.set(Language::from_tag(&event_target_value(&event)));
    view! {
        <select class="field" on:change=choose>
            <option value="">{s(S::AsThePage)}</option>
            {Language::ALL.map(option).into_iter().collect_view()}
        </select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_is_wrong_with_it_before_it_is_made() {
        Owner::new().with(|| {
            let edit = Edit::new();
            assert!(edit.wrong(Field::Label).is_some());
            edit.label.set(" Board ".into());
            edit.password.set("short".into());
            assert!(edit.wrong(Field::Password).is_some());
            edit.password.set("long enough".into());
            edit.addresses
                .set("192.0.2.0/24, 2001:db8::/32 192.0.2.7;office".into());
            assert_eq!(
                edit.wrong(Field::Addresses).as_deref(),
                Some("“office” is no address or network.")
            );
            edit.addresses.set("192.0.2.0/24, 2001:db8::/32 192.0.2.7".into());
            for field in [Field::Label, Field::Password, Field::Addresses] {
                assert_eq!(edit.wrong(field), None, "{field:?}");
            }
            let params = edit.params(UnixMillis(5));
            assert_eq!(params.label, "Board");
            assert_eq!(params.expires_at, Some(UnixMillis(5 + 90 * DAY_MS)));
            assert_eq!(params.addresses, ["192.0.2.0/24", "2001:db8::/32", "192.0.2.7"]);
            edit.days.set(None);
            assert_eq!(edit.params(UnixMillis(5)).expires_at, None);
        });
    }
}
