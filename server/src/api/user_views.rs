//! Accounts, sessions and API tokens as they travel.
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use wxa_core::{ApiTokenRecord, NewLink, NewToken, SessionRecord, UserRecord};
use wxa_model::SessionId;
use wxa_wire::{ResetLink, SecretText, SessionEntry, TokenCreateParams, TokenCreated, TokenView, UserView};

pub(super) fn user(record: UserRecord) -> UserView {
    UserView {
        id: record.id,
        name: record.name,
        grants: record.grants,
        created_at: record.created_at,
        last_seen_at: record.last_seen_at,
        disabled_at: record.disabled_at,
        has_password: record.has_password,
    }
}

/// `own` is the session that asks.
pub(super) fn sessions(records: Vec<SessionRecord>, own: Option<Uuid>) -> Vec<SessionEntry> {
    let entry = |record: SessionRecord| SessionEntry {
        id: SessionId(record.id),
        from: record.from,
        agent: record.agent,
        created_at: record.created_at,
        last_seen_at: record.last_seen_at,
        expires_at: record.expires_at,
        current: own == Some(record.id),
    };
    records.into_iter().map(entry).collect()
}

pub(super) fn token(record: ApiTokenRecord) -> TokenView {
    TokenView {
        id: record.id,
        name: record.name,
        grant: record.grant,
        created_at: record.created_at,
        expires_at: record.expires_at,
        last_used_at: record.last_used_at,
        last_used_from: record.last_used_from,
    }
}

pub(super) fn new_token(params: TokenCreateParams) -> NewToken {
    NewToken {
        name: params.name,
        grant: params.grant,
        days: params.days,
    }
}

pub(super) fn token_created((record, secret): (ApiTokenRecord, SecretString)) -> TokenCreated {
    TokenCreated {
        token: token(record),
        secret: shown_once(&secret),
    }
}

pub(super) fn reset_link(link: &NewLink) -> ResetLink {
    ResetLink {
        token: shown_once(&link.token),
        expires_at: link.expires_at,
    }
}

/// The only way a secret gets into a reply: it was made for it, and is not kept.
fn shown_once(secret: &SecretString) -> SecretText {
    SecretText(secret.expose_secret().to_owned())
}
