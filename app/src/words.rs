//! Every text about something that went wrong: what happened, what it means, what to do.
use crate::text::{T, fill, t};
use wxa_wire::{ErrorBody, ErrorCode};

/// A fault as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub title: &'static str,
    /// What it means and what to do, with the request's id where there is one.
    pub detail: String,
}

/// The text for an error reply.
pub fn error(body: &ErrorBody) -> Words {
    let title = match body.code {
        ErrorCode::Unauthenticated => "You are signed out",
        ErrorCode::Forbidden => "Not allowed",
        ErrorCode::NotFound => "Not there any more",
        ErrorCode::Invalid => "Something in it is not right",
        ErrorCode::Conflict => "Not possible now",
        ErrorCode::TooMany => "Too many attempts",
        ErrorCode::HostUnavailable => "The host does not answer",
        ErrorCode::OutcomeUnknown => "It is not known whether it was done",
        ErrorCode::NotRecorded => "The server cannot keep records",
        ErrorCode::Internal => "A fault in WebXenAdmin",
        ErrorCode::Offline => "The server cannot be reached",
    };
    let mut detail = match &body.refusal {
        Some(refusal) => refusal.sentence.clone(),
        None => body.message.clone(),
    };
    let advice = match body.code {
        ErrorCode::Unauthenticated => "Sign in again to go on.",
        ErrorCode::OutcomeUnknown => "The VM's state will tell as soon as the host is heard again.",
        ErrorCode::Internal => "Try again; if it stays, look for the request in the server's log.",
        ErrorCode::Offline => "Check the network; the page goes on by itself once it is back.",
        _ => "",
    };
    for more in [advice, &request(body)] {
        if !more.is_empty() {
            if !detail.is_empty() {
                detail.push(' ');
            }
            detail.push_str(more);
        }
    }
    Words { title, detail }
}

fn request(body: &ErrorBody) -> String {
    let worth_it = matches!(body.code, ErrorCode::Internal | ErrorCode::HostUnavailable);
    if worth_it && !body.request_id.is_empty() {
        format!("Request {}.", body.request_id)
    } else {
        String::new()
    }
}

/// The text for `?error=CODE&wait=SECONDS` on the public pages.
pub fn problem(code: &str, wait: Option<u64>) -> String {
    if let ("too_many", Some(seconds)) = (code, wait) {
        let span = crate::format::span(seconds.saturating_mul(1000));
        return fill(T::GateTooManyFor, &[("span", &span)]);
    }
    let key = match code {
        "credentials" | "unauthenticated" => T::GateCredentials,
        "too_many" => T::GateTooMany,
        "signed_out" => T::GateSignedOut,
        "token" | "not_found" => T::GateToken,
        "short" => T::GateShort,
        "differ" => T::GateDiffer,
        "name" => T::GateName,
        "done" | "conflict" => T::GateDone,
        "insecure" => T::GateInsecure,
        "forbidden" => T::GateForbidden,
        "not_recorded" => T::GateNotRecorded,
        "invalid" => T::GateInvalid,
        _ => T::GateOther,
    };
    t(key).to_owned()
}

/// `text`, or `other` when there is none.
pub fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// As much of a long text as a row has room for: its first line, at most 160 characters.
pub fn first_line(text: &str) -> String {
    const ROOM: usize = 160;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > ROOM {
        let cut: String = line.chars().take(ROOM).collect();
        format!("{}…", cut.trim_end())
    } else {
        line.to_owned()
    }
}

/// Operations that leave audit rows: those of the table, and those that have no row there.
pub fn audited() -> Vec<&'static str> {
    const ELSEWHERE: [&str; 8] = [
        "audit_accept",
        "login_link_create",
        "session_create_by_link",
        "setup_token_create",
        "user_create",
        "user_disable",
        "user_set_grants",
        "user_set_password",
    ];
    let table = wxa_wire::OPERATIONS.iter();
    let mut names: Vec<_> = table
        .filter(|row| row.audited == wxa_wire::operation::Audited::Yes)
        .map(|row| row.name)
        .chain(ELSEWHERE)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What an audit row's operation is called.
pub fn operation(name: &str) -> String {
    if let Some(action) = wxa_model::Action::from_name(name) {
        return action.label().into();
    }
    match name {
        "setup_create" => "First administrator",
        "session_create" => "Sign-in",
        "session_create_by_link" => "Sign-in by link",
        "session_delete" => "Sign-out",
        "host_probe" => "Fetch host key",
        "host_test" => "Test host",
        "host_add" => "Add host",
        "host_remove" => "Remove host",
        "host_trust_key" => "Trust host key",
        "host_set_credential" => "Set credentials",
        "host_set" => "Change host",
        "host_set_tags" | "vm_set_tags" => "Change tags",
        "host_set_notes" | "vm_set_notes" => "Change notes",
        "filter_save" => "Save filter",
        "filter_set" => "Change filter",
        "filter_delete" => "Delete filter",
        "audit_accept" => "Accept the audit log",
        "audit_export" => "Export the audit log",
        "audit_verify" => "Check the audit log",
        "preferences_set" => "Change own settings",
        "console_open" => "Open console",
        "console_history" | "console_search" => "Read what a console printed",
        "console_link_create" => "Make guest link",
        "console_link_revoke" => "Take guest link back",
        "screen_open" => "Open screen",
        "login_link_create" => "Make a sign-in link",
        "setup_token_create" => "Make a first-run link",
        "user_create" => "Create user",
        "user_disable" => "Disable user",
        "user_enable" => "Enable user",
        "user_rename" => "Rename user",
        "user_delete" => "Remove user",
        "user_reset_link" => "Make a reset link",
        "user_end_sessions" => "End all sessions",
        "session_end" => "End session",
        "session_end_others" => "End other sessions",
        "account_set_password" => "Change own password",
        "password_reset" => "New password by link",
        "token_create" | "user_token_create" => "Make API token",
        "token_revoke" => "Revoke API token",
        "status_page_create" => "Make status page",
        "status_page_set" => "Change status page",
        "status_page_delete" => "Delete status page",
        "status_link_create" => "Make status link",
        "status_link_rotate" => "Rotate status link",
        "status_link_revoke" => "Revoke status link",
        "incident_create" => "Write incident",
        "incident_set" => "Change incident",
        "incident_update_add" => "Tell more of incident",
        "incident_delete" => "Delete incident",
        "maintenance_create" => "Plan maintenance",
        "maintenance_set" => "Change maintenance",
        "maintenance_delete" => "Delete maintenance",
        "user_set_password" => "Set password",
        "user_set_grants" => "Set grants",
        other => return other.replace('_', " "),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::{Refusal, RefusalCode};

    fn body(code: ErrorCode) -> ErrorBody {
        ErrorBody {
            code,
            message: "It broke.".into(),
            field: None,
            refusal: None,
            request_id: "r-17".into(),
        }
    }

    #[test]
    fn an_error_says_what_happened_and_what_to_do() {
        let words = error(&body(ErrorCode::Internal));
        assert_eq!(words.title, "A fault in WebXenAdmin");
        assert_eq!(
            words.detail,
            "It broke. Try again; if it stays, look for the request in the server's log. Request r-17."
        );
        assert_eq!(error(&body(ErrorCode::NotFound)).detail, "It broke.");
    }

    #[test]
    fn a_refusal_speaks_for_itself() {
        let mut conflict = body(ErrorCode::Conflict);
        conflict.refusal = Some(Refusal::new(RefusalCode::WrongState, "It is already running."));
        assert_eq!(error(&conflict).detail, "It is already running.");
    }

    #[test]
    fn a_row_has_room_for_one_line() {
        assert_eq!(
            first_line("refused: no memory\n\nThe host said:\n…"),
            "refused: no memory"
        );
        assert_eq!(first_line(&"x".repeat(200)).chars().count(), 161);
        assert_eq!(first_line(""), "");
        assert_eq!(or("", "none"), "none");
    }

    #[test]
    fn operations_have_names_people_use() {
        assert_eq!(operation("vm_start"), "Start");
        assert_eq!(operation("host_add"), "Add host");
        assert_eq!(operation("pool_make"), "pool make");
    }
}
