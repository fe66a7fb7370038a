//! Incidents and maintenance.
use serde::{Deserialize, Deserializer, Serialize};
use wxa_model::{
    ServiceId, UnixMillis,
    status::{Counts, Incident, IncidentStage, Maintenance},
};

/// An incident to open, with the first thing that is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentParams {
    /// In a few words.
    pub title: String,
    /// Which services it touches; none for all.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// When it began; none for now.
    #[serde(default)]
    pub began_at: Option<UnixMillis>,
    /// How far it is.
    pub stage: IncidentStage,
    /// What is told.
    pub text: String,
}

/// What an incident is to become; what was told of it stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentSetParams {
    /// In a few words.
    pub title: String,
    /// Which services it touches; none for all.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// When it began.
    pub began_at: UnixMillis,
    /// When it was over; `null` for one that is not over. Left out, that stays as it is.
    #[serde(default, deserialize_with = "told", skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Option<UnixMillis>>,
}

/// What is told, `null` too, is something else than nothing.
fn told<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<UnixMillis>>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

/// Something to tell of an incident. `resolved` ends it, any other stage opens it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateParams {
    /// How far it is.
    pub stage: IncidentStage,
    /// What is told.
    pub text: String,
}

/// Maintenance to announce, or what announced maintenance is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceParams {
    /// In a few words.
    pub title: String,
    /// What readers will notice.
    #[serde(default)]
    pub text: String,
    /// Which services it touches; none for all.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// When it begins.
    pub from: UnixMillis,
    /// When it ends.
    pub until: UnixMillis,
    /// Whether time that is not up counts against availability.
    #[serde(default)]
    pub counts: Counts,
}

/// Everything that was told on a page, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesView {
    /// Incidents.
    pub incidents: Vec<Incident>,
    /// Maintenance.
    pub maintenance: Vec<Maintenance>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_left_out_is_something_else_than_one_that_is_taken_away() {
        let end = |more: &str| {
            let text = format!(r#"{{"title":"Slow","began_at":1{more}}}"#);
            serde_json::from_str::<IncidentSetParams>(&text).map(|params| params.ended_at)
        };
        for (text, told) in [
            ("", None),
            (r#","ended_at":null"#, Some(None)),
            (r#","ended_at":7"#, Some(Some(UnixMillis(7)))),
        ] {
            assert_eq!(end(text).expect("params"), told);
            let params = IncidentSetParams {
                title: "Slow".into(),
                services: vec![],
                began_at: UnixMillis(1),
                ended_at: told,
            };
            let written = serde_json::to_string(&params).expect("text");
            assert_eq!(
                serde_json::from_str::<IncidentSetParams>(&written).expect("params"),
                params
            );
        }
    }
}
