//! In which form, language and time zone a reader wants a page.
use wxa_model::{UnixMillis, status::Language};

use super::when::Zone;
use crate::forms::escaped;

/// The longest query that is looked at, in bytes.
const LONGEST: usize = 512;

/// A form that a page comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// For people.
    Page(Reload),
    /// For a screen on a wall: this of its pages, from 0.
    Kiosk(u16),
    /// An image that says the state in two words.
    Badge,
    /// Everything, for programs.
    Json,
    /// Incidents and maintenance, for feed readers.
    Feed,
}

/// Whether a page loads itself anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reload {
    /// Once a minute.
    #[default]
    EveryMinute,
    /// Only when the reader does it.
    Never,
}

/// How a page is to be written.
#[derive(Clone, Debug)]
pub struct Reading {
    /// In which form.
    pub kind: Kind,
    /// In which language.
    pub language: Language,
    /// In which time zone.
    pub zone: Zone,
    /// The language that the page or its link has for those who ask for no other.
    pub own_language: Language,
    /// The time zone that the page or its link has for those who ask for no other.
    pub own_zone: Zone,
    /// The page's path: `/s/…` or `/status/…`.
    pub path: String,
    /// The address that browsers reach us under, where it is known: `https://status.example`.
    pub origin: String,
    /// When the link ends.
    pub valid_until: Option<UnixMillis>,
    /// Whether programs find the page too.
    pub exports: Exports,
}

/// Whether a page's feed and JSON are below its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exports {
    /// They are.
    There,
    /// They are not: it is shown to its author only.
    Missing,
}

impl Reading {
    /// The query that asks for this page in another way; `?` alone for its own.
    pub(super) fn href(&self, language: Language, zone: &Zone, kind: Kind) -> String {
        let mut query = String::from("?");
        let mut add = |pair: &str| {
            if query.len() > 1 {
                query.push('&');
            }
            query.push_str(pair);
        };
        match kind {
            Kind::Page(Reload::Never) => add("reload=off"),
            Kind::Kiosk(0) => add("kiosk"),
            Kind::Kiosk(page) => add(&format!("kiosk={}", u32::from(page) + 1)),
            Kind::Page(Reload::EveryMinute) | Kind::Badge | Kind::Json | Kind::Feed => {}
        }
        if language != self.own_language {
            add(&format!("lang={}", language.tag()));
        }
        if zone.name() != self.own_zone.name() {
            add(&format!("tz={}", escaped(zone.name())));
        }
        query
    }
}

/// What a reader asks for in the query. What is not understood is left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub(super) language: Option<Language>,
    pub(super) zone: Option<Zone>,
    pub(super) kiosk: Option<u16>,
    pub(super) reload: Reload,
}

impl Wish {
    /// From the query of an address.
    pub(super) fn of(query: Option<&str>) -> Self {
        let mut wish = Self::default();
        let query = query.filter(|query| query.len() <= LONGEST).unwrap_or_default();
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "lang" => wish.language = Language::from_tag(value),
                "tz" => wish.zone = Zone::named(&value.replace("%2F", "/").replace("%2B", "+")),
                "kiosk" => {
                    let page = value.parse::<u16>().unwrap_or(1).saturating_sub(1);
                    wish.kiosk = Some(page);
                }
                "reload" if value == "off" => wish.reload = Reload::Never,
                _ => {}
            }
        }
        wish
    }

    /// The same as a query, with what was understood only; empty when nothing was.
    pub(super) fn query(&self) -> String {
        let kiosk = self.kiosk.map(|page| format!("kiosk={}", u32::from(page) + 1));
        let reload = (self.reload == Reload::Never).then(|| "reload=off".to_owned());
        let language = self.language.map(|language| format!("lang={}", language.tag()));
        let zone = self
            .zone
            .as_ref()
            .map(|zone| format!("tz={}", escaped(zone.name())));
        let pairs: Vec<String> = [kiosk, reload, language, zone].into_iter().flatten().collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }

    /// The form of the page itself.
    pub(super) fn kind(&self) -> Kind {
        self.kiosk.map_or(Kind::Page(self.reload), Kind::Kiosk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reading() -> Reading {
        Reading {
            kind: Kind::Page(Reload::EveryMinute),
            language: Language::En,
            zone: Zone::utc(),
            own_language: Language::En,
            own_zone: Zone::utc(),
            path: "/s/x".into(),
            origin: String::new(),
            valid_until: None,
            exports: Exports::There,
        }
    }

    #[test]
    fn a_link_to_another_form_is_understood_again() {
        let zone = Zone::named("Etc/GMT+5").expect("a zone");
        let href = reading().href(Language::De, &zone, Kind::Kiosk(2));
        assert_eq!(href, "?kiosk=3&lang=de&tz=Etc/GMT%2B5");
        let wish = Wish::of(href.strip_prefix('?'));
        assert_eq!(wish.kind(), Kind::Kiosk(2));
        assert_eq!(wish.language, Some(Language::De));
        assert_eq!(wish.query(), href);
        assert_eq!(wish.zone.expect("a zone").name(), "Etc/GMT+5");
        assert_eq!(
            reading().href(Language::En, &Zone::utc(), Kind::Page(Reload::EveryMinute)),
            "?"
        );
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in any::<String>()) {
            let _wish = Wish::of(Some(&query));
        }
    }
}
