//! What XAPI says when something was not done: a code and what belongs to it.

use super::value::Ref;

/// An error as the wire has it: the code first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure(pub(super) Vec<String>);

impl Failure {
    pub(super) fn new<S: Into<String>>(code: &str, params: impl IntoIterator<Item = S>) -> Self {
        let code = [code.to_owned()].into_iter();
        Self(code.chain(params.into_iter().map(Into::into)).collect())
    }

    pub(super) fn bare(code: &str) -> Self {
        Self(vec![code.to_owned()])
    }

    pub(super) fn handle(class: &str, reference: &str) -> Self {
        Self::new("HANDLE_INVALID", [class, reference])
    }

    pub(super) fn session(reference: &str) -> Self {
        Self::new("SESSION_INVALID", [reference])
    }

    pub(super) fn unknown_method(method: &str) -> Self {
        Self::new("MESSAGE_METHOD_UNKNOWN", [method])
    }

    pub(super) fn field_type(field: &str) -> Self {
        Self::new("FIELD_TYPE_ERROR", [field])
    }

    pub(super) fn count(method: &str, expected: usize, received: usize) -> Self {
        let (expected, received) = (expected.to_string(), received.to_string());
        Self::new("MESSAGE_PARAMETER_COUNT_MISMATCH", [method, &expected, &received])
    }

    pub(super) fn power_state(vm: Ref, expected: &[&str], actual: &str) -> Self {
        let expected: Vec<String> = expected.iter().map(|state| state.to_lowercase()).collect();
        let params = [vm.to_string(), expected.join(", "), actual.to_lowercase()];
        Self::new("VM_BAD_POWER_STATE", params)
    }

    pub(super) fn not_allowed(why: &str) -> Self {
        Self::new("OPERATION_NOT_ALLOWED", [why])
    }

    pub(super) fn invalid(field: &str, value: &str) -> Self {
        Self::new("INVALID_VALUE", [field, value])
    }

    pub(super) fn code(&self) -> &str {
        self.0.first().map_or("INTERNAL_ERROR", String::as_str)
    }

    pub(super) fn params(&self) -> &[String] {
        self.0.get(1..).unwrap_or_default()
    }
}
