//! First run, sign-in, one's own session and preferences.
use secrecy::SecretString;
use wxa_core::Error;
use wxa_model::{Preferences, UserId};
use wxa_wire::{SessionView, SetupView, operation as op};

use super::{Call, Reply};
use crate::{cookie, session};

pub(super) async fn setup_get(call: Call<op::SetupGet>) -> Result<SetupView, Error> {
    let needed = call.app.core.setup_needed().await?;
    Ok(SetupView { needed })
}

pub(super) async fn setup_create(call: Call<op::SetupCreate>) -> Result<Reply<SessionView>, Error> {
    let token = SecretString::from(call.params.token.0);
    let password = SecretString::from(call.params.password.0);
    let made = call
        .app
        .core
        .setup_create(&call.ctx, &token, &call.params.name, &password)
        .await?;
    Ok(Reply::with_cookie(
        session::view(&made),
        session::cookie(&call.app, &made),
    ))
}

pub(super) async fn session_create(call: Call<op::SessionCreate>) -> Result<Reply<SessionView>, Error> {
    let password = SecretString::from(call.params.password.0);
    let made = call
        .app
        .core
        .session_create(&call.ctx, &call.params.name, &password)
        .await?;
    Ok(Reply::with_cookie(
        session::view(&made),
        session::cookie(&call.app, &made),
    ))
}

pub(super) async fn session_get(call: Call<op::SessionGet>) -> Result<SessionView, Error> {
    let user: UserId = call.ctx.user.ok_or(Error::Unauthenticated)?;
    let grants = call.ctx.grants.to_vec();
    Ok(SessionView {
        user,
        name: call.ctx.name,
        grants,
    })
}

pub(super) async fn session_delete(call: Call<op::SessionDelete>) -> Result<Reply<()>, Error> {
    call.app.core.session_delete(&call.ctx).await?;
    Ok(Reply::with_cookie((), Some(cookie::clear())))
}

pub(super) async fn preferences_get(call: Call<op::PreferencesGet>) -> Result<Preferences, Error> {
    call.app.core.preferences_get(&call.ctx).await
}

pub(super) async fn preferences_set(call: Call<op::PreferencesSet>) -> Result<Reply<Preferences>, Error> {
    let kept = call.app.core.preferences_set(&call.ctx, call.params).await?;
    let look = cookie::set_look(&kept);
    Ok(Reply::with_cookie(kept, look))
}
