//! Guest links: one console for a limited time, for somebody without an account. Made, listed, taken back; only the hash of their
//! secret is kept. What they open is in [`super::guests`].
use super::{KeyboardRight, api::right_at};
use crate::{AuditTarget, Core, Ctx, Error, auth::token};
use secrecy::SecretString;
use uuid::Uuid;
use wxa_model::{ConsoleKind, ConsoleLinkId, Permission, Target, UnixMillis, VmId};
use wxa_store::{ConsoleLinkRecord, LinkTyping};

/// The most open links of a VM.
const LINKS_MOST: u32 = 50;
const NAME_CHARS: usize = 60;
const MINUTE_MS: u64 = 60_000;
/// A week.
const MINUTES_MOST: u32 = 7 * 24 * 60;
/// Links that ended are kept for so long, so that what the audit log tells of them can be looked up.
const KEPT_MS: u64 = 90 * 24 * 60 * MINUTE_MS;

/// A link to make.
#[derive(Clone, Debug)]
pub struct NewConsoleLink {
    /// For whom: the name that others see beside the console.
    pub name: String,
    /// Which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// For how long it opens.
    pub minutes: u32,
    /// Whether its holder may type.
    pub typing: LinkTyping,
}

/// A link, for those who may make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleLinkEntry {
    /// As it is kept.
    pub link: ConsoleLinkRecord,
    /// How many look through it now.
    pub open: u32,
}

impl Core {
    /// Makes a link. Its secret is told here and kept nowhere.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; as for [`Core::console_open`]; [`Error::Forbidden`] for who may not type there; [`Error::Invalid`].
    pub async fn console_link_create(
        &self,
        ctx: &Ctx,
        vm: VmId,
        new: NewConsoleLink,
    ) -> Result<(ConsoleLinkEntry, SecretString), Error> {
        let creator = ctx.require_own_account()?;
        if new.kind == Some(ConsoleKind::Graphical) {
            return Err(invalid("kind", "links open text consoles only"));
        }
        let openable = self.openable(ctx, vm, new.kind)?;
        if openable.right < KeyboardRight::Type {
            return Err(Error::Forbidden);
        }
        let name = name(&new.name)?;
        if !(1..=MINUTES_MOST).contains(&new.minutes) {
            return Err(invalid("minutes", format!("use 1 to {MINUTES_MOST} minutes")));
        }
        let now = self.now();
        let (secret, hash) = token::new();
        let link = ConsoleLinkRecord {
            id: ConsoleLinkId(Uuid::new_v4()),
            hash,
            vm,
            kind: new.kind,
            name,
            typing: new.typing,
            creator,
            by: ctx.who(),
            made_at: now,
            until: UnixMillis(now.0.saturating_add(u64::from(new.minutes) * MINUTE_MS)),
            revoked_at: None,
        };
        let core = self.clone();
        self.audited(
            ctx,
            "console_link_create",
            target(&link, &openable.label),
            async move {
                let forget = UnixMillis(now.0.saturating_sub(KEPT_MS));
                let store = &core.inner.store;
                if !store.console_link_insert(&link, LINKS_MOST, forget).await? {
                    let why = format!("{LINKS_MOST} links to this VM are open already: take one back first");
                    return Err(invalid("name", why));
                }
                Ok((ConsoleLinkEntry { link, open: 0 }, secret))
            },
        )
        .await
    }

    /// The links to a VM's consoles that open something, the latest first.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::NotFound`]; [`Error::Forbidden`] for who may not type there.
    pub async fn console_link_list(&self, ctx: &Ctx, vm: VmId) -> Result<Vec<ConsoleLinkEntry>, Error> {
        ctx.require_person()?;
        self.require_typing(ctx, vm)?;
        let links = self.inner.store.console_link_list(vm, self.now()).await?;
        let entry = |link: ConsoleLinkRecord| ConsoleLinkEntry {
            open: self.live().consoles.guests().count(link.id),
            link,
        };
        Ok(links.into_iter().map(entry).collect())
    }

    /// Takes a link back: it opens nothing any more, and what it had opened is closed. Whoever may make links to the VM can, and who made
    /// it without any rights left.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::NotFound`]; [`Error::Forbidden`] for who may not type there.
    pub async fn console_link_revoke(&self, ctx: &Ctx, id: ConsoleLinkId) -> Result<(), Error> {
        ctx.require_person()?;
        let link = self.inner.store.console_link_get(id).await?;
        let link = link.ok_or(Error::NotFound)?;
        let is_own = ctx.user == Some(link.creator) || ctx.may(Permission::Administer, &Target::INSTALLATION);
        if !is_own {
            self.require_typing(ctx, link.vm)?;
        }
        let published = self.live().inventory.now();
        let vm = published.vm(link.vm).map(|(vm, _)| vm.name.clone());
        let target = target(&link, &vm.unwrap_or_default());
        let core = self.clone();
        self.audited(ctx, "console_link_revoke", target, async move {
            core.inner.store.console_link_revoke(id, core.now()).await?;
            core.live().consoles.guests().note_change();
            Ok(())
        })
        .await
    }

    fn require_typing(&self, ctx: &Ctx, vm: VmId) -> Result<(), Error> {
        let published = self.live().inventory.now();
        let (vm, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !ctx.may(Permission::View, &place.target()) {
            return Err(Error::NotFound);
        }
        match right_at(ctx, &published, vm, place) {
            Some(KeyboardRight::Type | KeyboardRight::Take) => Ok(()),
            Some(KeyboardRight::Watch) | None => Err(Error::Forbidden),
        }
    }
}

/// As the audit log calls it.
fn target(link: &ConsoleLinkRecord, vm: &str) -> AuditTarget {
    let does = match link.typing {
        LinkTyping::Allowed => "typing",
        LinkTyping::No => "watching",
    };
    AuditTarget::new(link.id, format!("{vm}: {} ({does})", link.name))
}

fn name(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(invalid("name", "use one line of text"));
    }
    match text.chars().count() {
        1..=NAME_CHARS => Ok(text.to_owned()),
        _ => Err(invalid("name", format!("use 1 to {NAME_CHARS} characters"))),
    }
}

fn invalid(field: &'static str, why: impl Into<String>) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}
