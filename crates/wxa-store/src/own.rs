//! What people say about hosts and VMs: tags and notes.
use crate::{Error, Store, row};
use std::collections::BTreeMap;
use wxa_model::{HostId, VmId};

/// What tags and notes are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OwnKey {
    /// A host.
    Host(HostId),
    /// A VM.
    Vm(VmId),
}

impl OwnKey {
    fn columns(self) -> (&'static str, String) {
        match self {
            Self::Host(id) => ("host", id.to_string()),
            Self::Vm(id) => ("vm", id.to_string()),
        }
    }

    fn from_columns(kind: &str, object: &str) -> Result<Self, Error> {
        match kind {
            "host" => Ok(Self::Host(row::parse(object, "object_tag.object")?)),
            "vm" => Ok(Self::Vm(row::parse(object, "object_tag.object")?)),
            _ => Err(Error::Malformed {
                column: "object_tag.kind",
            }),
        }
    }
}

/// What is said about one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRecord {
    /// Tags, in order.
    pub tags: Vec<String>,
    /// Notes; empty for none.
    pub notes: String,
}

impl Store {
    /// Everything that is said about anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn own_list(&self) -> Result<BTreeMap<OwnKey, OwnRecord>, Error> {
        let tags: Vec<(String, String, String)> =
            sqlx::query_as("select kind, object, tag from object_tag order by kind, object, tag")
                .fetch_all(&self.pool)
                .await?;
        let notes: Vec<(String, String, String)> =
            sqlx::query_as("select kind, object, notes from object_notes")
                .fetch_all(&self.pool)
                .await?;
        let mut all: BTreeMap<OwnKey, OwnRecord> = BTreeMap::new();
        for (kind, object, tag) in tags {
            let own = all.entry(OwnKey::from_columns(&kind, &object)?).or_default();
            own.tags.push(tag);
        }
        for (kind, object, notes) in notes {
            all.entry(OwnKey::from_columns(&kind, &object)?)
                .or_default()
                .notes = notes;
        }
        Ok(all)
    }

    /// What is said about one object.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn own_get(&self, on: OwnKey) -> Result<OwnRecord, Error> {
        let (kind, object) = on.columns();
        let notes: Option<String> =
            sqlx::query_scalar("select notes from object_notes where kind = ? and object = ?")
                .bind(kind)
                .bind(&object)
                .fetch_optional(&self.pool)
                .await?;
        let tags =
            sqlx::query_scalar("select tag from object_tag where kind = ? and object = ? order by tag")
                .bind(kind)
                .bind(&object)
                .fetch_all(&self.pool)
                .await?;
        Ok(OwnRecord {
            tags,
            notes: notes.unwrap_or_default(),
        })
    }

    /// Gives and takes tags, unless that would make more than `most`. Returns all it has then; none for too many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tags_change(
        &self,
        on: OwnKey,
        add: &[String],
        remove: &[String],
        most: usize,
    ) -> Result<Option<Vec<String>>, Error> {
        let (kind, object) = on.columns();
        let mut tx = self.begin().await?;
        for tag in remove {
            sqlx::query("delete from object_tag where kind = ? and object = ? and tag = ?")
                .bind(kind)
                .bind(&object)
                .bind(tag)
                .execute(&mut *tx)
                .await?;
        }
        for tag in add {
            sqlx::query("insert or ignore into object_tag (kind, object, tag) values (?, ?, ?)")
                .bind(kind)
                .bind(&object)
                .bind(tag)
                .execute(&mut *tx)
                .await?;
        }
        let tags: Vec<String> =
            sqlx::query_scalar("select tag from object_tag where kind = ? and object = ? order by tag")
                .bind(kind)
                .bind(&object)
                .fetch_all(&mut *tx)
                .await?;
        if tags.len() > most && !add.is_empty() {
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(tags))
    }

    /// Replaces notes that are `was` now. Returns whether they were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notes_replace(&self, on: OwnKey, was: &str, notes: &str) -> Result<bool, Error> {
        let (kind, object) = on.columns();
        let mut tx = self.begin().await?;
        let now: Option<String> =
            sqlx::query_scalar("select notes from object_notes where kind = ? and object = ?")
                .bind(kind)
                .bind(&object)
                .fetch_optional(&mut *tx)
                .await?;
        if now.unwrap_or_default() != was {
            return Ok(false);
        }
        if notes.is_empty() {
            sqlx::query("delete from object_notes where kind = ? and object = ?")
                .bind(kind)
                .bind(&object)
                .execute(&mut *tx)
                .await?;
        } else {
            sqlx::query("insert or replace into object_notes (kind, object, notes) values (?, ?, ?)")
                .bind(kind)
                .bind(&object)
                .bind(notes)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Says of each second object what is said of the first: it is the same one under a new id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn own_copy(&self, pairs: &[(OwnKey, OwnKey)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (from, to) in pairs {
            let ((kind, from), (to_kind, to)) = (from.columns(), to.columns());
            for sql in [
                "insert or ignore into object_tag (kind, object, tag) \
                 select ?3, ?4, tag from object_tag where kind = ?1 and object = ?2",
                "insert or ignore into object_notes (kind, object, notes) \
                 select ?3, ?4, notes from object_notes where kind = ?1 and object = ?2",
            ] {
                sqlx::query(sql)
                    .bind(kind)
                    .bind(&from)
                    .bind(to_kind)
                    .bind(&to)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
