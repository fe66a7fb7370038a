//! Filters as services of status pages go by them: a service must not lose what stops running, so neither what a VM does,
//! nor how far its guest has come, nor its addresses decide.
use super::{
    Field, Filter, Subject,
    parse::{conditions, parse},
};

impl<'a> Subject<'a> {
    /// The same as a service's filter looks at it.
    pub fn of_service(self) -> Self {
        Self {
            state: "",
            phase: None,
            addresses: &[],
            ..self
        }
    }
}

/// Parses a service's filter.
///
/// # Errors
/// One sentence that says what is wrong and what would be right: also for a filter that would hide an outage, and for one of
/// which some says nothing.
pub fn parse_of_service(text: &str) -> Result<Filter, String> {
    let filter = parse(text)?;
    if filter.is_unfinished() {
        return Err("Part of the filter says nothing, so every VM passes it: write it to its end.".into());
    }
    if filter.is_about(Field::State) {
        return Err(
            "Leave “state:” out: a VM that stops would leave the service, and nobody would see that it is down.".into(),
        );
    }
    if filter.is_about(Field::Phase) {
        return Err(
            "Leave “phase:” out: a VM that boots or goes down would come and go, and nobody would see that it is down.".into(),
        );
    }
    if filter.is_about(Field::Address) {
        return Err(
            "Leave “ip:” out: a VM that stops has no addresses any more, and would leave the service.".into(),
        );
    }
    Ok(filter)
}

/// The text of a filter for a service, without those of its conditions that a service cannot go by. None where nothing would be
/// left, and where leaving them out would say something else: between `|`.
pub fn text_for_service(text: &str) -> Option<String> {
    let moving = [Field::State, Field::Phase, Field::Address];
    let goes = |filter: &Filter| !moving.iter().any(|field| filter.is_about(*field));
    let kept: Vec<&str> = conditions(text)?
        .into_iter()
        .filter(|(_, filter)| goes(filter))
        .map(|(written, _)| written)
        .collect();
    let left = kept.join(" ");
    parse_of_service(&left).ok().map(|_| left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_hide_an_outage_is_refused_with_what_would_be_right() {
        let why = |text| parse_of_service(text).expect_err(text);
        assert!(why("tag:web !(power:halted)").contains("state:"));
        assert!(why("ip:10.0.0.1").contains("ip:"));
        assert!(why("tag:web !phase:panicked").contains("phase:"));
        for unfinished in ["", "()", "tag:", "web mem:>"] {
            assert!(why(unfinished).contains("says nothing"), "{unfinished}");
        }
        assert!(why("sate:running").contains("sate"));
        assert!(parse_of_service("tag:web running").is_ok());
    }

    #[test]
    fn what_a_service_cannot_go_by_is_left_out_where_the_rest_says_the_same() {
        let left = |text| text_for_service(text);
        assert_eq!(left("tag:web state:running").as_deref(), Some("tag:web"));
        assert_eq!(left("phase:login tag:web").as_deref(), Some("tag:web"));
        assert_eq!(
            left(" !state:halted \"two words\" host:\"xen 1\"  ip:10.0 ").as_deref(),
            Some("\"two words\" host:\"xen 1\"")
        );
        assert_eq!(
            left("(state:running | state:paused) (tag:a | tag:b)").as_deref(),
            Some("(tag:a | tag:b)")
        );
        assert_eq!(
            left("! state:running tag:a(tag:b)").as_deref(),
            Some("tag:a (tag:b)")
        );
        for none in ["state:running", "tag:a | state:running", "", "tag:", "tag:a )"] {
            assert_eq!(left(none), None, "{none}");
        }
    }
}
