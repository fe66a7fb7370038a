//! Accounts, their sessions and API tokens.
use super::NOW;
use crate::{Boot, routes};
use uuid::Uuid;
use wxa_model::{Grant, HostId, Role, Scope, SessionId, SiteId, TokenId, UnixMillis, UserId};
use wxa_wire::{SessionEntry, TokenView, UserView};

/// An account's id.
pub fn user_id(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

/// Puts accounts, sessions and API tokens among a page's replies.
pub fn with_users(boot: &mut Boot) {
    let grant = |role, scope| Grant { role, scope };
    let user = |n, name: &str, grants: Vec<Grant>| UserView {
        id: user_id(n),
        name: name.into(),
        grants,
        created_at: NOW,
        last_seen_at: Some(UnixMillis(NOW.0 - 120_000)),
        disabled_at: None,
        has_password: true,
    };
    let on_host = grant(Role::Operator, Scope::Host(HostId(Uuid::from_u128(1))));
    let in_site = grant(Role::Viewer, Scope::Site(SiteId(Uuid::from_u128(1))));
    let tagged = grant(Role::Viewer, Scope::Tag("lab".into()));
    let mut eve = user(3, "eve", vec![tagged.clone()]);
    eve.disabled_at = Some(UnixMillis(NOW.0 - 86_400_000));
    let mut new = user(4, "zoe", vec![]);
    (new.has_password, new.last_seen_at) = (false, None);
    let ops = user(1, "ops", vec![Grant::admin_everywhere()]);
    let users = vec![user(2, "ada", vec![on_host, in_site]), eve, ops, new];
    let session = |n, agent: &str| SessionEntry {
        id: SessionId(Uuid::from_u128(n)),
        from: "192.0.2.7".into(),
        agent: agent.into(),
        created_at: UnixMillis(NOW.0 - 3_600_000),
        last_seen_at: UnixMillis(NOW.0 - 60_000),
        expires_at: UnixMillis(NOW.0 + 3_600_000),
        current: n == 1,
    };
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let token = TokenView {
        id: TokenId(Uuid::from_u128(1)),
        name: "backup".into(),
        grant: tagged,
        created_at: NOW,
        expires_at: UnixMillis(NOW.0 + 86_400_000 * 30),
        last_used_at: None,
        last_used_from: String::new(),
    };
    for user in [None, Some(user_id(2))] {
        let sessions = vec![
            session(if user.is_none() { 1 } else { 2 }, firefox),
            session(3, "curl/8.14.1"),
        ];
        boot.replies.insert(routes::sessions_url(user), json(&sessions));
        boot.replies
            .insert(routes::tokens_url(user), json(&vec![token.clone()]));
    }
    boot.replies.insert(routes::USERS_URL.into(), json(&users));
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
