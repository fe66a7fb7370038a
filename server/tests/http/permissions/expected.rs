//! What the table promises to each principal.
use axum::http::StatusCode;
use wxa_model::Permission;
use wxa_wire::{OperationRow, close};

use super::principal::Principal;

/// How an operation has to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// It does not know the caller.
    Unauthenticated,
    /// The caller may see the target and not do this.
    Forbidden,
    /// The caller may not see the target.
    NotFound,
    /// It is between the caller and the state of things.
    Let,
}

pub(super) fn expected(who: &Principal, row: &OperationRow) -> Expected {
    let permission = row.permission;
    if permission == Permission::Anyone {
        return Expected::Let;
    }
    let Some(role) = who.role else {
        return Expected::Unauthenticated;
    };
    if who.is_script && permission.needs_a_person() {
        return Expected::Forbidden;
    }
    let on_a_target = match permission {
        Permission::View | Permission::Operate | Permission::Console | Permission::ShareConsole => {
            row.path.contains("{id}")
        }
        // Of hosts it is told who may not administer them; what a VM is called is nobody's business elsewhere.
        Permission::Administer => row.path.starts_with("/api/v1/vms/"),
        _ => false,
    };
    if on_a_target && !who.is_here {
        return Expected::NotFound;
    }
    if permission.least_role().is_some_and(|least| role < least) {
        return Expected::Forbidden;
    }
    // One's own account and pages reach no further than that, and what is asked for is somebody else's.
    let is_own = matches!(permission, Permission::OwnAccount | Permission::Publish);
    if is_own && row.path.contains("{id}") && role < wxa_model::Role::Admin {
        return Expected::NotFound;
    }
    Expected::Let
}

impl Expected {
    pub(super) fn check(self, row: &OperationRow, status: StatusCode, body: &str, place: &str) {
        match self {
            Self::Unauthenticated => assert_eq!(status, StatusCode::UNAUTHORIZED, "{place}"),
            Self::Forbidden => assert_eq!(status, StatusCode::FORBIDDEN, "{place}"),
            Self::NotFound => assert_eq!(status, StatusCode::NOT_FOUND, "{place}"),
            Self::Let => {
                let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
                // A wrong password is no missing right.
                assert!(!refused || row.permission == Permission::Anyone, "{place}");
                let is_fault = status.is_server_error() && status != StatusCode::BAD_GATEWAY;
                assert!(!is_fault, "{place}");
                let unread = body.contains(r#""field":"body""#);
                assert!(
                    !unread,
                    "give it a well-formed body in permissions/asked.rs: {place}"
                );
            }
        }
    }

    /// How a socket has to end at once; none when it may go on.
    pub(super) fn close_code(self) -> Option<u16> {
        match self {
            Self::Unauthenticated => Some(close::SIGNED_OUT),
            Self::Forbidden => Some(close::FORBIDDEN),
            Self::NotFound => Some(close::NOT_FOUND),
            Self::Let => None,
        }
    }
}
