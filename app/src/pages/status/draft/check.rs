//! A check while it is edited: the fields of all kinds are kept, so that going from one kind to another loses nothing.
use super::{Field, Place, Problem, problem::too_long, trimmed};
use crate::text::{S, s, s_fill};
use leptos::prelude::*;
use wxa_model::{
    CheckId,
    status::{Check, CheckKind},
};
use wxa_wire::CheckParams;

/// How often, for a new one, in seconds.
const EVERY_S: u32 = 60;
/// How many days before its end a certificate is worth a warning.
const DAYS: u16 = 14;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Tcp,
    Http,
    Certificate,
    Login,
}

impl Kind {
    /// All of them.
    pub(in super::super) const ALL: [Self; 4] = [Self::Http, Self::Tcp, Self::Certificate, Self::Login];

    /// In the form.
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Http => "http",
            Self::Certificate => "certificate",
            Self::Login => "login",
        }
    }

    /// In words.
    pub(in super::super) fn label(self) -> &'static str {
        s(match self {
            Self::Tcp => S::CheckTcp,
            Self::Http => S::CheckHttp,
            Self::Certificate => S::CheckCertificate,
            Self::Login => S::CheckLogin,
        })
    }
}

/// A check as it is typed.
#[derive(Clone, Copy)]
pub(in super::super) struct CheckEdit {
    /// Names it while it has no id.
    pub key: u32,
    /// Which one it replaces; none for a new one.
    pub id: RwSignal<Option<CheckId>>,
    pub kind: RwSignal<Kind>,
    pub host: RwSignal<String>,
    pub port: RwSignal<String>,
    pub url: RwSignal<String>,
    pub status: RwSignal<String>,
    pub text: RwSignal<String>,
    pub days: RwSignal<String>,
    pub every_s: RwSignal<u32>,
    pub inside: RwSignal<bool>,
}

impl CheckEdit {
    /// A new one.
    pub(super) fn empty(key: u32) -> Self {
        Self {
            key,
            id: RwSignal::default(),
            kind: RwSignal::new(Kind::Http),
            host: RwSignal::default(),
            port: RwSignal::new("443".into()),
            url: RwSignal::default(),
            status: RwSignal::default(),
            text: RwSignal::default(),
            days: RwSignal::new(DAYS.to_string()),
            every_s: RwSignal::new(EVERY_S),
            inside: RwSignal::new(false),
        }
    }

    /// Begins with what is saved.
    pub(super) fn new(key: u32, saved: &CheckParams) -> Self {
        let edit = Self::empty(key);
        edit.id.set(saved.id);
        edit.every_s.set(saved.every_s);
        edit.inside.set(saved.may_go_inside);
        let place = |host: &str, port: u16| {
            edit.host.set(host.to_owned());
            edit.port.set(port.to_string());
        };
        match &saved.kind {
            CheckKind::Tcp { host, port } => {
                edit.kind.set(Kind::Tcp);
                place(host, *port);
            }
            CheckKind::Http { url, status, text } => {
                edit.kind.set(Kind::Http);
                edit.url.set(url.clone());
                edit.status
                    .set(status.map(|status| status.to_string()).unwrap_or_default());
                edit.text.set(text.clone().unwrap_or_default());
            }
            CheckKind::Certificate { host, port, days } => {
                edit.kind.set(Kind::Certificate);
                place(host, *port);
                edit.days.set(days.to_string());
            }
            CheckKind::Login => edit.kind.set(Kind::Login),
        }
        edit
    }

    /// What would be saved. Tracks all of it.
    pub(super) fn params(self) -> CheckParams {
        let host = trimmed(self.host);
        let port = number(self.port).unwrap_or_default();
        let kind = match self.kind.get() {
            Kind::Tcp => CheckKind::Tcp { host, port },
            Kind::Certificate => CheckKind::Certificate {
                host,
                port,
                days: number(self.days).unwrap_or_default(),
            },
            Kind::Login => CheckKind::Login,
            Kind::Http => CheckKind::Http {
                url: trimmed(self.url),
                status: number(self.status),
                // Spaces around it may be meant.
                text: Some(self.text.get()).filter(|text| !text.is_empty()),
            },
        };
        CheckParams {
            id: self.id.get(),
            kind,
            every_s: self.every_s.get(),
            may_go_inside: self.inside.get() && self.kind.get() != Kind::Login,
        }
    }

    /// What is to be corrected. Tracks all of it.
    pub(super) fn problems(self, service: u32, to: &mut Vec<Problem>) {
        let mut say = |field, text: String| {
            to.push(Problem::new(Place::Check(service, self.key, field), text));
        };
        match self.kind.get() {
            Kind::Http => {
                let url = trimmed(self.url);
                if let Some(text) = too_long(&url, Check::URL_MOST) {
                    say(Field::Url, text);
                } else if !is_address(&url) {
                    say(Field::Url, s(S::BadUrl).into());
                }
                let status = number(self.status);
                let is_fine = status.is_some_and(|status| (100..600).contains(&status));
                if !trimmed(self.status).is_empty() && !is_fine {
                    say(Field::Status, s(S::BadStatus).into());
                }
                let text = self.text.with(|text| too_long(text, Check::TEXT_MOST));
                if let Some(text) = text {
                    say(Field::Text, text);
                }
            }
            Kind::Login => {}
            Kind::Tcp | Kind::Certificate => {
                let host = trimmed(self.host);
                if host.is_empty() {
                    say(Field::Host, s(S::MissingHost).into());
                } else if let Some(text) = too_long(&host, Check::HOST_MOST) {
                    say(Field::Host, text);
                }
                if number(self.port).is_none_or(|port| port == 0) {
                    say(Field::Port, s(S::BadPort).into());
                }
            }
        }
        let days = number(self.days);
        if self.kind.get() == Kind::Certificate && !days.is_some_and(|days| Check::DAYS.contains(&days)) {
            let (from, to) = Check::DAYS.into_inner();
            say(Field::Days, s_fill(S::BadDays, &[("from", &from), ("to", &to)]));
        }
    }
}

/// Whether it looks like an address of a page; the server looks closer.
fn is_address(url: &str) -> bool {
    let url = url.to_lowercase();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

fn number(typed: RwSignal<String>) -> Option<u16> {
    trimmed(typed).parse().ok()
}
