//! Every text about something that went wrong: what happened, what it means, what to do.
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

/// The text for `?error=CODE` on the public pages.
pub fn problem(code: &str) -> &'static str {
    match code {
        "credentials" | "unauthenticated" => "That name and password do not match. Try again.",
        "too_many" => "Too many attempts from here. Wait a minute, then try again.",
        "signed_out" => "You were signed out. Sign in again to go on.",
        "token" | "not_found" => {
            "That link was used already or has expired. Ask for a new one where the server runs."
        }
        "short" => "The password needs at least 12 characters.",
        "differ" => "The two passwords are not the same.",
        "name" => "That name cannot be used: take letters, digits, dots, dashes or underscores.",
        "done" | "conflict" => "There is an administrator already: sign in instead.",
        "insecure" => {
            "Signing in over plain HTTP works on the server's own machine only: elsewhere browsers keep no session \
             without HTTPS. Use HTTPS, or an SSH tunnel to the server."
        }
        "forbidden" => "The form came from another address than the server's own. Open this page anew.",
        "invalid" => "Something in the form is not right. Check each field.",
        _ => "That did not work. Try again; the server's log says why.",
    }
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
        "console_open" => "Open console",
        "login_link_create" => "Make a sign-in link",
        "setup_token_create" => "Make a first-run link",
        "user_create" => "Create user",
        "user_disable" => "Disable user",
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
    fn operations_have_names_people_use() {
        assert_eq!(operation("vm_start"), "Start");
        assert_eq!(operation("host_add"), "Add host");
        assert_eq!(operation("pool_make"), "pool make");
    }
}
