//! Accounts, for administrators.
use secrecy::SecretString;
use wxa_core::Error;
use wxa_wire::{ResetLink, SessionEntry, TokenCreated, TokenView, UserCreated, UserView, operation as op};

use super::{Call, user_views as view};

pub(super) async fn user_list(call: Call<op::UserList>) -> Result<Vec<UserView>, Error> {
    let users = call.app.core.user_list(&call.ctx).await?;
    Ok(users.into_iter().map(view::user).collect())
}

pub(super) async fn user_create(call: Call<op::UserCreate>) -> Result<UserCreated, Error> {
    let (core, params) = (&call.app.core, call.params);
    let password = params.password.map(|password| SecretString::from(password.0));
    let user = core
        .user_create(&call.ctx, &params.name, password.as_ref(), &params.grants)
        .await?;
    let link = match password {
        Some(_) => None,
        None => Some(view::reset_link(&core.user_reset_link(&call.ctx, user).await?)),
    };
    Ok(UserCreated { user, link })
}

pub(super) async fn user_rename(call: Call<op::UserRename>) -> Result<(), Error> {
    let core = &call.app.core;
    core.user_rename(&call.ctx, call.id, &call.params.name).await
}

pub(super) async fn user_set_grants(call: Call<op::UserSetGrants>) -> Result<(), Error> {
    let core = &call.app.core;
    core.user_set_grants(&call.ctx, call.id, &call.params.grants)
        .await
}

pub(super) async fn user_disable(call: Call<op::UserDisable>) -> Result<(), Error> {
    call.app.core.user_disable(&call.ctx, call.id).await
}

pub(super) async fn user_enable(call: Call<op::UserEnable>) -> Result<(), Error> {
    call.app.core.user_enable(&call.ctx, call.id).await
}

pub(super) async fn user_delete(call: Call<op::UserDelete>) -> Result<(), Error> {
    call.app.core.user_delete(&call.ctx, call.id).await
}

pub(super) async fn user_reset_link(call: Call<op::UserResetLink>) -> Result<ResetLink, Error> {
    let link = call.app.core.user_reset_link(&call.ctx, call.id).await?;
    Ok(view::reset_link(&link))
}

pub(super) async fn user_sessions(call: Call<op::UserSessions>) -> Result<Vec<SessionEntry>, Error> {
    let sessions = call.app.core.user_sessions(&call.ctx, call.id).await?;
    Ok(view::sessions(sessions, call.ctx.session))
}

pub(super) async fn user_end_sessions(call: Call<op::UserEndSessions>) -> Result<(), Error> {
    call.app.core.user_end_sessions(&call.ctx, call.id).await
}

pub(super) async fn user_tokens(call: Call<op::UserTokens>) -> Result<Vec<TokenView>, Error> {
    let tokens = call.app.core.user_tokens(&call.ctx, call.id).await?;
    Ok(tokens.into_iter().map(view::token).collect())
}

pub(super) async fn user_token_create(call: Call<op::UserTokenCreate>) -> Result<TokenCreated, Error> {
    let new = view::new_token(call.params);
    let made = call.app.core.user_token_create(&call.ctx, call.id, new).await?;
    Ok(view::token_created(made))
}
