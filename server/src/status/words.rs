//! Every text that readers of a status page see, in each language, in one place.
mod english;
mod german;

use std::fmt::Display;
use wxa_model::status::{IncidentStage, Language, Standing};

/// The texts of one language. `{…}` is filled in.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) decimal: &'static str,
    pub(super) date: &'static str,
    pub(super) months: [&'static str; 12],
    /// From Monday.
    pub(super) weekdays: [&'static str; 7],
    pub(super) day: &'static str,
    pub(super) days: &'static str,

    pub(super) updated: &'static str,
    pub(super) reloads: &'static str,
    pub(super) reload_stop: &'static str,
    pub(super) reloads_not: &'static str,
    pub(super) reload_start: &'static str,

    pub(super) all_up: &'static str,
    pub(super) all_up_maintenance: &'static str,
    pub(super) no_services: &'static str,
    pub(super) no_services_hint: &'static str,
    pub(super) down: Sentences,
    pub(super) degraded: Sentences,
    pub(super) unknown: Sentences,
    pub(super) maintained: Sentences,
    pub(super) incident: &'static str,
    pub(super) incidents: &'static str,
    pub(super) works_of: &'static str,
    pub(super) nothing_known: &'static str,

    pub(super) services: &'static str,
    pub(super) state_up: &'static str,
    pub(super) state_degraded: &'static str,
    pub(super) state_down: &'static str,
    pub(super) state_unknown: &'static str,
    pub(super) state_maintenance: &'static str,
    pub(super) state_incident: &'static str,
    pub(super) since: &'static str,
    pub(super) no_word_since: &'static str,
    pub(super) no_word_yet: &'static str,
    pub(super) parts_work: &'static str,
    pub(super) spans: [&'static str; 4],
    pub(super) spans_in_full: [&'static str; 4],
    pub(super) share_unknown: &'static str,
    pub(super) bars: &'static str,
    pub(super) bars_unknown: &'static str,
    pub(super) bars_none: &'static str,
    pub(super) bars_troubles: &'static str,
    pub(super) bars_no_trouble: &'static str,
    pub(super) legend_unknown: &'static str,
    pub(super) legend_days: &'static str,
    pub(super) more: &'static str,
    pub(super) parts: &'static str,
    pub(super) more_parts: &'static str,
    pub(super) time_span: &'static str,
    pub(super) available: &'static str,
    pub(super) days_with_trouble: &'static str,
    pub(super) earlier_days: &'static str,
    pub(super) all_day_unknown: &'static str,
    pub(super) to: &'static str,

    pub(super) incident_open: &'static str,
    pub(super) incidents_past: &'static str,
    pub(super) maintenance_now: &'static str,
    pub(super) maintenance_planned: &'static str,
    pub(super) touches: &'static str,
    pub(super) stages: [&'static str; 4],

    pub(super) capacity: &'static str,
    pub(super) of_cpu: &'static str,
    pub(super) of_memory: &'static str,
    pub(super) of_storage: &'static str,
    pub(super) nearly_full: &'static str,
    pub(super) servers: &'static str,
    pub(super) machines: &'static str,
    pub(super) saved: &'static str,
    pub(super) unheard_one: &'static str,
    pub(super) unheard: &'static str,

    pub(super) times_in: &'static str,
    pub(super) in_utc: &'static str,
    pub(super) in_own_zone: &'static str,
    pub(super) valid_until: &'static str,
    pub(super) forms: &'static str,
    pub(super) kiosk: &'static str,
    pub(super) feed: &'static str,
    pub(super) page_of: &'static str,

    pub(super) password_title: &'static str,
    pub(super) password_why: &'static str,
    pub(super) password: &'static str,
    pub(super) password_open: &'static str,
    pub(super) password_wrong: &'static str,
    pub(super) password_insecure: &'static str,
    pub(super) password_wait: &'static str,
    pub(super) gone_title: &'static str,
    pub(super) gone_why: &'static str,
    pub(super) busy_title: &'static str,
    pub(super) busy_why: &'static str,
    pub(super) later_title: &'static str,
    pub(super) later_why: &'static str,
}

/// What is said of one, two and many services.
#[derive(Debug)]
pub(super) struct Sentences {
    /// `{a}`.
    pub(super) one: &'static str,
    /// `{a}` and `{b}`.
    pub(super) two: &'static str,
    /// `{n}`, more than one.
    pub(super) many: &'static str,
    /// One whose name is too long for a sentence.
    pub(super) unnamed: &'static str,
}

impl Words {
    /// Those of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &english::WORDS,
            Language::De => &german::WORDS,
        }
    }

    /// How something is, in a word or two.
    pub(super) fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Up => self.state_up,
            Standing::Degraded => self.state_degraded,
            Standing::Down => self.state_down,
            Standing::Unknown => self.state_unknown,
        }
    }

    /// How far an incident is.
    pub(super) fn stage(&self, stage: IncidentStage) -> &'static str {
        let [investigating, identified, monitoring, resolved] = self.stages;
        match stage {
            IncidentStage::Investigating => investigating,
            IncidentStage::Identified => identified,
            IncidentStage::Monitoring => monitoring,
            IncidentStage::Resolved => resolved,
        }
    }
}

/// The language's own name, for those who look for it.
pub(super) fn own_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
    }
}

/// Fills in what stands in braces. What is filled in is not looked at again.
pub(super) fn fill(text: &str, with: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = with.iter().find(|(key, _)| *key == name) {
            out.push_str(&value.to_string());
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The placeholders of all texts, in order, as the debugging form shows them.
    fn placeholders(words: &Words) -> Vec<String> {
        let all = format!("{words:?}");
        all.split(": \"")
            .map(|text| {
                let mut found: Vec<&str> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
                    .filter(|name| name.chars().all(|c| c.is_ascii_lowercase()))
                    .collect();
                found.sort_unstable();
                found.join(",")
            })
            .collect()
    }

    #[test]
    fn every_language_says_what_english_says() {
        for language in Language::ALL {
            let words = Words::of(language);
            assert_eq!(placeholders(words), placeholders(&english::WORDS), "{language:?}");
            assert!(
                !format!("{words:?}").contains(": \"\""),
                "{language:?} leaves out a text"
            )
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", &"{b}"), ("b", &"x")]), "{b} and x");
        assert_eq!(fill("{none} {", &[]), " ");
    }
}
