//! What guest links open: a console from its opening on, for as long as the link holds.
//!
//! A link holds as long as whoever made it could make it: until its end, unless it was taken back, while the account is there, not disabled, and may
//! type at that console. What was printed before the link was first opened is not shown, whatever its holder asks for (decision 0049).
use super::{Came, Comer, ConsoleViewer, KeyboardRight, ReplayFrom, api::Openable, visit::Visit};
use crate::{AuditTarget, Core, Ctx, Error, auth::token, throttle::Throttle};
use secrecy::SecretString;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};
use wxa_model::{ConsoleLinkId, UnixMillis};
use wxa_store::{ConsoleLinkRecord, LinkTyping};

/// The most who look through one link at once.
const THROUGH_ONE: u32 = 8;
/// The most openings of one link in a minute: each leaves an audit row.
const OPENINGS: u32 = 30;
const MINUTE_MS: u64 = 60_000;
/// No secret of ours is longer.
const SECRET_CHARS: usize = 64;
/// The command line may have taken something away, or the clock was set.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What is open by guest links.
#[derive(Debug, Default)]
pub(crate) struct Guests {
    doors: Mutex<HashMap<ConsoleLinkId, Door>>,
    /// Counts links that were taken back.
    changes: watch::Sender<u64>,
    /// Wrong links, apart from wrong passwords: who guesses holds up nobody who signs in.
    throttle: Throttle,
}

/// What is known of a link since it was first opened in this run.
#[derive(Debug, Default)]
struct Door {
    open: u32,
    /// From where on its holder may see what was printed: (epoch, offset).
    floor: Option<(u64, u64)>,
    /// Openings in the minute that began then.
    openings: (UnixMillis, u32),
    /// When the link ends by itself: the door is forgotten then.
    until: UnixMillis,
}

/// A link that opens something now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleGuest {
    /// The link.
    pub link: ConsoleLinkRecord,
    /// The VM's name, or that of the host itself.
    pub label: String,
}

/// Counts one who looks through a link, for as long as it lives.
#[derive(Debug)]
pub struct GuestStay {
    guests: Arc<Guests>,
    link: ConsoleLinkId,
}

impl Guests {
    /// How many look through a link now.
    pub(super) fn count(&self, link: ConsoleLinkId) -> u32 {
        self.doors().get(&link).map_or(0, |door| door.open)
    }

    /// Some link was taken back: whoever looks through one looks whether it still holds.
    pub(super) fn note_change(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn enter(self: &Arc<Self>, link: &ConsoleLinkRecord, now: UnixMillis) -> Result<GuestStay, Error> {
        let mut doors = self.doors();
        doors.retain(|_, door| door.open > 0 || door.until > now);
        let door = doors.entry(link.id).or_default();
        door.until = link.until;
        if now.since(door.openings.0) >= MINUTE_MS || now < door.openings.0 {
            door.openings = (now, 0);
        }
        if door.open >= THROUGH_ONE || door.openings.1 >= OPENINGS {
            return Err(Error::TooMany { retry_after_s: 30 });
        }
        door.openings.1 += 1;
        door.open += 1;
        Ok(GuestStay {
            guests: self.clone(),
            link: link.id,
        })
    }

    /// From where on a link shows what was printed: where the console stood when it was first opened. Another epoch is another history, of which
    /// nothing was shown yet.
    fn floor(&self, link: ConsoleLinkId, (epoch, end): (u64, u64)) -> u64 {
        let mut doors = self.doors();
        let door = doors.entry(link).or_default();
        match door.floor {
            Some((known, floor)) if known == epoch => floor,
            _ => {
                door.floor = Some((epoch, end));
                end
            }
        }
    }

    fn doors(&self) -> MutexGuard<'_, HashMap<ConsoleLinkId, Door>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for GuestStay {
    fn drop(&mut self) {
        if let Some(door) = self.guests.doors().get_mut(&self.link) {
            door.open = door.open.saturating_sub(1);
        }
    }
}

impl Core {
    /// What a link's secret opens now. `ctx` is of somebody without an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that opens nothing, whatever the reason; [`Error::TooMany`] when too many wrong ones came from
    /// there; as for [`Core::console_open`] otherwise.
    pub async fn console_guest(&self, ctx: &Ctx, secret: &str) -> Result<ConsoleGuest, Error> {
        let link = self.link_of(secret).await?;
        let held = match &link {
            Some(link) => self.held(link).await?,
            None => None,
        };
        match link.zip(held) {
            Some((link, openable)) => Ok(ConsoleGuest {
                link,
                label: openable.label,
            }),
            None => {
                let throttle = &self.live().consoles.guests().throttle;
                match throttle.wrong_token(&ctx.from, self.now()) {
                    Ok(()) => Err(Error::NotFound),
                    Err(retry_after_s) => Err(Error::TooMany { retry_after_s }),
                }
            }
        }
    }

    /// Opens the console of a link. `from` says where the viewer begins to read: what was printed before the
    /// link was first opened is not shown. The audit row ends when the viewer leaves.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that opens nothing any more; [`Error::TooMany`] when too many look; as for [`Core::console_open`]
    /// otherwise.
    pub async fn console_guest_open(
        &self,
        ctx: &Ctx,
        link: &ConsoleLinkRecord,
        from: ReplayFrom,
    ) -> Result<(ConsoleViewer, GuestStay), Error> {
        let Openable { kind, label, .. } = self.held(link).await?.ok_or(Error::NotFound)?;
        let (core, vm, now) = (self.clone(), link.vm, self.now());
        let stay = self.live().consoles.guests().enter(link, now)?;
        let comer = Comer {
            name: link.name.clone(),
            person: None,
            came: Came::ByLink,
            right: match link.typing {
                LinkTyping::Allowed => KeyboardRight::Type,
                LinkTyping::No => KeyboardRight::Watch,
            },
            since: now,
        };
        let ctx = Ctx {
            name: format!("{} (guest of {})", link.name, link.by),
            ..ctx.clone()
        };
        let id = link.id;
        self.to_the_end("console_open", async move {
            let target = AuditTarget::new(vm, label);
            let row = core.audit_begin(&ctx, "console_open", target).await?;
            match core.live().consoles.open(vm, kind, comer, from) {
                Ok(mut viewer) => {
                    let floor = core.live().consoles.guests().floor(id, viewer.end());
                    viewer.not_before(floor);
                    Ok((
                        viewer.with_visit(Visit::new(row, core.live().supervisor.clone())),
                        stay,
                    ))
                }
                Err(error) => {
                    let refused = Err(error);
                    row.conclude(&refused).await;
                    refused
                }
            }
        })
        .await
    }

    /// Resolves when the link does not hold any more.
    pub async fn console_guest_ended(&self, id: ConsoleLinkId) {
        let mut taken_back = self.live().consoles.guests().changes.subscribe();
        let mut accounts = self.inner.session_changes.watch();
        loop {
            taken_back.mark_unchanged();
            accounts.mark_unchanged();
            let left = match self.inner.store.console_link_get(id).await {
                Ok(None) => return,
                Ok(Some(link)) => match self.held(&link).await {
                    Ok(Some(_)) => Duration::from_millis(link.until.0.saturating_sub(self.now().0)),
                    Ok(None) => return,
                    Err(error) => unheard(&error),
                },
                Err(error) => unheard(&error.into()),
            };
            tokio::select! {
                _ = taken_back.changed() => {}
                _ = accounts.changed() => {}
                () = sleep(left.min(LOOK_EVERY)) => {}
            }
        }
    }

    async fn link_of(&self, secret: &str) -> Result<Option<ConsoleLinkRecord>, Error> {
        if secret.len() > SECRET_CHARS {
            return Ok(None);
        }
        let hash = token::hash(&SecretString::from(secret.to_owned()));
        Ok(self.inner.store.console_link_by_hash(&hash).await?)
    }

    /// What a link opens, with the rights of who made it; none when it does not hold.
    async fn held(&self, link: &ConsoleLinkRecord) -> Result<Option<Openable>, Error> {
        if !link.is_open(self.now()) {
            return Ok(None);
        }
        let creator = self.inner.store.user_get(link.creator).await?;
        let Some(creator) = creator.filter(|user| user.disabled_at.is_none()) else {
            return Ok(None);
        };
        let ctx = Ctx {
            user: Some(creator.id),
            grants: creator.grants.into(),
            ..Ctx::anonymous("", "")
        };
        match self.openable(&ctx, link.vm, link.kind) {
            Ok(openable) => Ok(Some(openable).filter(|openable| openable.right >= KeyboardRight::Type)),
            Err(Error::NotFound | Error::Forbidden) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// The server is stopping, the database has a hiccup, or a host has yet to say what it has: none of these ends a link.
fn unheard(error: &Error) -> Duration {
    tracing::debug!(%error, "a guest link could not be looked up");
    LOOK_EVERY
}

#[cfg(test)]
mod tests;
