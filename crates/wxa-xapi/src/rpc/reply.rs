//! The envelope of an answer.
use super::failure::{Failed, Failure};
use crate::loose;
use serde::Deserialize;
use wxa_driver::{Error, ErrorKind};

#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Reply<T> {
    #[serde(default = "none")]
    result: Option<T>,
    #[serde(default)]
    error: Option<Said>,
}

fn none<T>() -> Option<T> {
    None
}

/// A failure as JSON-RPC 2.0 has it.
#[derive(Debug, Default, Deserialize)]
struct Said {
    #[serde(default, deserialize_with = "loose::text")]
    message: String,
    #[serde(default, deserialize_with = "loose::texts")]
    data: Vec<String>,
}

impl<T> Reply<T> {
    /// What was answered. `thumbprint` is the coordinator's certificate, where a member told it.
    pub(super) fn outcome(self, method: &str, thumbprint: Option<String>) -> Result<T, Failed> {
        match (self.error, self.result) {
            (Some(said), _) => Err(Failed::Said(Failure {
                code: crate::text::printable(&said.message),
                params: said.data,
                thumbprint,
            })),
            (None, Some(result)) => Ok(result),
            (None, None) => Err(Error::new(
                ErrorKind::Malformed,
                format!("The host answers {method} with neither a result nor an error."),
            )
            .into()),
        }
    }
}
