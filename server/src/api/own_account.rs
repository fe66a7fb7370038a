//! One's own account: password, sessions, API tokens.
use wxa_core::Error;
use wxa_wire::{SessionEntry, TokenCreated, TokenView, operation as op};

use super::{Call, user_views as view};

pub(super) async fn account_set_password(call: Call<op::AccountSetPassword>) -> Result<(), Error> {
    let (old, new) = (call.params.old.0.into(), call.params.new.0.into());
    call.app.core.account_set_password(&call.ctx, &old, &new).await
}

pub(super) async fn session_list(call: Call<op::SessionList>) -> Result<Vec<SessionEntry>, Error> {
    let sessions = call.app.core.session_list(&call.ctx).await?;
    Ok(view::sessions(sessions, call.ctx.session))
}

pub(super) async fn session_end(call: Call<op::SessionEnd>) -> Result<(), Error> {
    call.app.core.session_end(&call.ctx, call.id.0).await
}

pub(super) async fn session_end_others(call: Call<op::SessionEndOthers>) -> Result<(), Error> {
    call.app.core.session_end_others(&call.ctx).await
}

pub(super) async fn token_list(call: Call<op::TokenList>) -> Result<Vec<TokenView>, Error> {
    let tokens = call.app.core.token_list(&call.ctx).await?;
    Ok(tokens.into_iter().map(view::token).collect())
}

pub(super) async fn token_create(call: Call<op::TokenCreate>) -> Result<TokenCreated, Error> {
    let new = view::new_token(call.params);
    let made = call.app.core.token_create(&call.ctx, new).await?;
    Ok(view::token_created(made))
}

pub(super) async fn token_revoke(call: Call<op::TokenRevoke>) -> Result<(), Error> {
    call.app.core.token_revoke(&call.ctx, call.id).await
}
