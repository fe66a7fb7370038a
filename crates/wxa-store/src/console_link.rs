//! Links that open one console to somebody without an account.
use crate::{Error, Store, TokenHash, row};
use std::fmt;
use wxa_model::{ConsoleKind, ConsoleLinkId, UnixMillis, UserId, VmId};

/// A link as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsoleLinkRecord {
    /// Ours; of no use for opening anything.
    pub id: ConsoleLinkId,
    /// The hash of its secret.
    pub hash: TokenHash,
    /// Of which VM.
    pub vm: VmId,
    /// Which console; none for the VM's first text console.
    pub kind: Option<ConsoleKind>,
    /// For whom.
    pub name: String,
    /// Whether its holder may type.
    pub typing: LinkTyping,
    /// The account that made it.
    pub creator: UserId,
    /// That account's name, as it was.
    pub by: String,
    /// When it was made.
    pub made_at: UnixMillis,
    /// When it ends.
    pub until: UnixMillis,
    /// When it was taken back; none while it was not.
    pub revoked_at: Option<UnixMillis>,
}

/// Whether a link's holder may type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTyping {
    /// When given the keyboard.
    Allowed,
    /// Only watch.
    No,
}

impl ConsoleLinkRecord {
    /// Whether it has neither been taken back nor ended.
    pub fn is_open(&self, now: UnixMillis) -> bool {
        self.revoked_at.is_none() && now < self.until
    }
}

impl fmt::Debug for ConsoleLinkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleLinkRecord")
            .field("id", &self.id)
            .field("vm", &self.vm)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: String,
    hash: Vec<u8>,
    vm: String,
    kind: Option<String>,
    name: String,
    typing: bool,
    creator: String,
    by: String,
    made_at: i64,
    until: i64,
    revoked_at: Option<i64>,
}

impl LinkRow {
    fn record(self) -> Result<ConsoleLinkRecord, Error> {
        let malformed = |column| Error::Malformed { column };
        Ok(ConsoleLinkRecord {
            id: row::parse(&self.id, "console_link.id")?,
            hash: TokenHash::try_from(self.hash.as_slice()).map_err(|_| malformed("console_link.hash"))?,
            vm: row::parse(&self.vm, "console_link.vm")?,
            kind: match self.kind.as_deref() {
                None => None,
                Some(name) => Some(kind(name).ok_or(malformed("console_link.kind"))?),
            },
            name: self.name,
            typing: if self.typing {
                LinkTyping::Allowed
            } else {
                LinkTyping::No
            },
            creator: row::parse(&self.creator, "console_link.creator")?,
            by: self.by,
            made_at: row::from_sql(self.made_at),
            until: row::from_sql(self.until),
            revoked_at: self.revoked_at.map(row::from_sql),
        })
    }
}

const KINDS: [(ConsoleKind, &str); 3] = [
    (ConsoleKind::Pv, "pv"),
    (ConsoleKind::Serial, "serial"),
    (ConsoleKind::Graphical, "graphical"),
];

fn kind(name: &str) -> Option<ConsoleKind> {
    KINDS
        .into_iter()
        .find(|(_, other)| *other == name)
        .map(|(kind, _)| kind)
}

fn kind_name(kind: ConsoleKind) -> Option<&'static str> {
    KINDS
        .into_iter()
        .find(|(other, _)| *other == kind)
        .map(|(_, name)| name)
}

impl Store {
    /// The link of which that is kept, whether it opens anything or not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn console_link_by_hash(&self, hash: &TokenHash) -> Result<Option<ConsoleLinkRecord>, Error> {
        let row: Option<LinkRow> = sqlx::query_as("select * from console_link where hash = ?")
            .bind(hash.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        row.map(LinkRow::record).transpose()
    }

    /// The link of that id, whether it opens anything or not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn console_link_get(&self, id: ConsoleLinkId) -> Result<Option<ConsoleLinkRecord>, Error> {
        let row: Option<LinkRow> = sqlx::query_as("select * from console_link where id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(LinkRow::record).transpose()
    }

    /// The links to a VM's consoles that are open, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn console_link_list(
        &self,
        vm: VmId,
        now: UnixMillis,
    ) -> Result<Vec<ConsoleLinkRecord>, Error> {
        let rows: Vec<LinkRow> = sqlx::query_as(
            "select * from console_link where vm = ? and revoked_at is null and until > ? order by made_at desc, id",
        )
        .bind(vm.to_string())
        .bind(row::to_sql(now))
        .fetch_all(&self.pool)
        .await?;
        Ok(row::readable(rows, LinkRow::record))
    }

    /// Keeps a link, unless its VM has `most` open ones already, and forgets those that ended before `forget`. Returns whether it
    /// was kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn console_link_insert(
        &self,
        link: &ConsoleLinkRecord,
        most: u32,
        forget: UnixMillis,
    ) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from console_link where coalesce(revoked_at, until) < ?")
            .bind(row::to_sql(forget))
            .execute(&mut *tx)
            .await?;
        let count: i64 = sqlx::query_scalar(
            "select count(*) from console_link where vm = ? and revoked_at is null and until > ?",
        )
        .bind(link.vm.to_string())
        .bind(row::to_sql(link.made_at))
        .fetch_one(&mut *tx)
        .await?;
        if count >= i64::from(most) {
            return Ok(false);
        }
        sqlx::query(
            r#"insert into console_link (id, hash, vm, kind, name, typing, creator, "by", made_at, until)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"#,
        )
        .bind(link.id.to_string())
        .bind(link.hash.as_slice())
        .bind(link.vm.to_string())
        .bind(link.kind.and_then(kind_name))
        .bind(&link.name)
        .bind(link.typing == LinkTyping::Allowed)
        .bind(link.creator.to_string())
        .bind(&link.by)
        .bind(row::to_sql(link.made_at))
        .bind(row::to_sql(link.until))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives the links of VMs to what these are called from now on, first and second of each pair.
    ///
    /// # Errors
    /// When the database does not answer; nothing is changed then.
    pub async fn console_link_move(&self, vms: &[(VmId, VmId)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (from, to) in vms {
            sqlx::query("update console_link set vm = ? where vm = ?")
                .bind(to.to_string())
                .bind(from.to_string())
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes a link back. Returns whether it was there and had not been taken back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn console_link_revoke(&self, id: ConsoleLinkId, now: UnixMillis) -> Result<bool, Error> {
        let done = sqlx::query("update console_link set revoked_at = ? where id = ? and revoked_at is null")
            .bind(row::to_sql(now))
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn link(n: u128) -> ConsoleLinkRecord {
        ConsoleLinkRecord {
            id: ConsoleLinkId(Uuid::from_u128(n)),
            hash: [u8::try_from(n).expect("a small number"); 32],
            vm: VmId(Uuid::from_u128(7)),
            kind: Some(ConsoleKind::Serial),
            name: "Support".into(),
            typing: LinkTyping::Allowed,
            creator: UserId(Uuid::from_u128(9)),
            by: "ada".into(),
            made_at: UnixMillis(NOW.0 + u64::try_from(n).expect("a small number")),
            until: UnixMillis(NOW.0 + 1000),
            revoked_at: None,
        }
    }

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("db")).await.expect("opens");
        (folder, store)
    }

    #[tokio::test]
    async fn a_link_is_found_by_its_hash_and_listed_while_it_is_open() {
        let (_folder, store) = store().await;
        let watches = ConsoleLinkRecord {
            kind: None,
            typing: LinkTyping::No,
            ..link(2)
        };
        for link in [link(1), watches.clone()] {
            assert!(
                store
                    .console_link_insert(&link, 5, UnixMillis(0))
                    .await
                    .expect("kept")
            );
        }
        let by_hash = store.console_link_by_hash(&[1; 32]).await.expect("answers");
        assert_eq!(by_hash, Some(link(1)));
        let listed = store.console_link_list(link(1).vm, NOW).await.expect("answers");
        assert_eq!(listed, [watches, link(1)]);
        assert!(store.console_link_revoke(link(1).id, NOW).await.expect("answers"));
        assert!(!store.console_link_revoke(link(1).id, NOW).await.expect("answers"));
        let listed = store.console_link_list(link(1).vm, NOW).await.expect("answers");
        assert_eq!(listed.len(), 1);
        let later = UnixMillis(NOW.0 + 1000);
        assert_eq!(
            store.console_link_list(link(1).vm, later).await.expect("answers"),
            []
        );
        let kept = store
            .console_link_get(link(1).id)
            .await
            .expect("answers")
            .expect("kept");
        assert!(!kept.is_open(NOW));
    }

    #[tokio::test]
    async fn a_vm_has_so_many_open_links_and_old_ones_are_forgotten() {
        let (_folder, store) = store().await;
        let insert = async |link: &ConsoleLinkRecord, forget| {
            store.console_link_insert(link, 1, forget).await.expect("answers")
        };
        assert!(insert(&link(1), UnixMillis(0)).await);
        assert!(!insert(&link(2), UnixMillis(0)).await);
        let later = ConsoleLinkRecord {
            made_at: UnixMillis(NOW.0 + 5000),
            until: UnixMillis(NOW.0 + 9000),
            ..link(3)
        };
        assert!(insert(&later, UnixMillis(NOW.0 + 2000)).await);
        assert_eq!(store.console_link_get(link(1).id).await.expect("answers"), None);
    }
}
