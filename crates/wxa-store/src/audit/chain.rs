//! The journal over the audit log: each link is sealed with a key over the link before and the part it covers.
//!
//! Whoever has the database but not the key can neither change, remove, insert nor reorder rows without the journal
//! telling; see `docs/decisions/0019-audit-journal.md` for what this protects against and what not.
use super::AuditRow;
use crate::{Error, Store};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sqlx::{Sqlite, Transaction};
use std::{fmt, str::FromStr, sync::Arc};
use zeroize::Zeroizing;

/// Rows that are taken in at once when the journal begins.
const TAKEN_IN: i64 = 1000;
/// A key as HMAC-SHA256 takes it: filled up with zeros.
const BLOCK: usize = 64;
/// What stands for "the link before" at the very first one.
const NOTHING: [u8; 32] = [0; 32];

/// The key that links are sealed with. It is in no output of any kind.
#[derive(Clone)]
pub struct ChainKey(Arc<Zeroizing<[u8; BLOCK]>>);

impl ChainKey {
    /// From key material that is used for nothing else.
    pub fn new(material: [u8; 32]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        for (to, from) in block.iter_mut().zip(material) {
            *to = from;
        }
        Self(Arc::new(block))
    }

    /// A seal over `parts`; where one part ends and the next begins is covered too.
    pub fn seal(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new((&**self.0).into());
        mac.update(b"webxenadmin audit journal v1");
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey")
    }
}

/// A link by its number and seal. As text: `17:a3f0…`, to be noted elsewhere and compared later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// Which link.
    pub n: u64,
    /// Its seal.
    pub mac: [u8; 32],
}

impl ChainHead {
    /// Before the first link.
    pub const START: Self = Self { n: 0, mac: NOTHING };
}

impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.n)?;
        self.mac.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text names no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not the head of an audit journal: it looks like 17:a3f0… with 64 digits after the colon")]
pub struct NoHead;

impl FromStr for ChainHead {
    type Err = NoHead;
    fn from_str(text: &str) -> Result<Self, NoHead> {
        let (n, hex) = text.trim().split_once(':').ok_or(NoHead)?;
        let mut mac = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(NoHead);
        }
        for (byte, at) in mac.iter_mut().zip((0..).step_by(2)) {
            let digits = hex.get(at..at + 2).ok_or(NoHead)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NoHead)?;
        }
        Ok(Self {
            n: n.parse().map_err(|_| NoHead)?,
            mac,
        })
    }
}

/// Which part of a row a link covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// No part: up to which row the log was there before the journal.
    Start,
    /// What is known before the act.
    Begin,
    /// How it ended.
    End,
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Begin => "begin",
            Self::End => "end",
        }
    }
}

/// The seal of link `n` after `before`, over `part` of `row`.
pub(super) fn seal(key: &ChainKey, n: i64, before: &[u8], part: Part, row: &AuditRow) -> [u8; 32] {
    let number = |value: i64| value.to_le_bytes().to_vec();
    let maybe = |value: Option<Vec<u8>>| {
        let mut bytes = vec![u8::from(value.is_some())];
        bytes.extend(value.unwrap_or_default());
        bytes
    };
    let text = |value: &String| value.clone().into_bytes();
    let covered: Vec<Vec<u8>> = match part {
        Part::Start => Vec::new(),
        Part::Begin => vec![
            text(&row.id),
            number(row.at),
            text(&row.who),
            maybe(row.user.as_ref().map(text)),
            text(&row.from_address),
            text(&row.request_id),
            text(&row.what),
            text(&row.on_label),
            text(&row.on_id),
        ],
        Part::End => vec![
            text(&row.id),
            maybe(row.ended_at.map(number)),
            maybe(row.outcome.as_ref().map(text)),
            text(&row.detail),
        ],
    };
    let (n, seq) = (number(n), number(row.seq));
    let mut parts: Vec<&[u8]> = vec![&n, before, part.name().as_bytes(), &seq];
    parts.extend(covered.iter().map(Vec::as_slice));
    key.seal(&parts)
}

/// Adds a link; the transaction must hold the write lock.
pub(super) async fn append(
    tx: &mut Transaction<'static, Sqlite>,
    key: &ChainKey,
    part: Part,
    row: &AuditRow,
) -> Result<ChainHead, Error> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select n, mac from audit_link order by n desc limit 1")
            .fetch_optional(&mut **tx)
            .await?;
    let (last, before) = last.unwrap_or((0, NOTHING.to_vec()));
    let n = last.saturating_add(1);
    let mac = seal(key, n, &before, part, row);
    sqlx::query(r#"insert into audit_link (n, part, "row", mac) values (?, ?, ?, ?)"#)
        .bind(n)
        .bind(part.name())
        .bind(row.seq)
        .bind(mac.as_slice())
        .execute(&mut **tx)
        .await?;
    Ok(ChainHead {
        n: u64::try_from(n).unwrap_or_default(),
        mac,
    })
}

impl Store {
    /// Begins the journal where there is none, and takes in the rows that are there, as they are now. Returns how
    /// many those were, and the new head; none where the journal had begun already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_chain_start(&self, key: &ChainKey) -> Result<Option<(u64, ChainHead)>, Error> {
        let mut tx = self.begin().await?;
        let begun: bool = sqlx::query_scalar("select exists (select 1 from audit_link)")
            .fetch_one(&mut *tx)
            .await?;
        if begun {
            return Ok(None);
        }
        let last: i64 = sqlx::query_scalar("select coalesce(max(seq), 0) from audit")
            .fetch_one(&mut *tx)
            .await?;
        let mut head = append(&mut tx, key, Part::Start, &AuditRow::nothing(last)).await?;
        let (mut seen, mut taken_in) = (0, 0);
        loop {
            let rows: Vec<AuditRow> =
                sqlx::query_as("select * from audit where seq > ? order by seq limit ?")
                    .bind(seen)
                    .bind(TAKEN_IN)
                    .fetch_all(&mut *tx)
                    .await?;
            let Some(newest) = rows.last() else { break };
            seen = newest.seq;
            for row in &rows {
                taken_in += 1;
                head = append(&mut tx, key, Part::Begin, row).await?;
                if row.outcome.is_some() {
                    head = append(&mut tx, key, Part::End, row).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(Some((taken_in, head)))
    }

    /// The journal's newest link; none while it is empty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_chain_head(&self) -> Result<Option<ChainHead>, Error> {
        let last: Option<(i64, Vec<u8>)> =
            sqlx::query_as("select n, mac from audit_link order by n desc limit 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(last.and_then(|(n, mac)| head(n, &mac)))
    }

    /// Whether the journal still holds this link.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_chain_holds(&self, link: &ChainHead) -> Result<bool, Error> {
        if *link == ChainHead::START {
            return Ok(true);
        }
        Ok(
            sqlx::query_scalar("select exists (select 1 from audit_link where n = ? and mac = ?)")
                .bind(i64::try_from(link.n).unwrap_or(i64::MAX))
                .bind(link.mac.as_slice())
                .fetch_one(&self.pool)
                .await?,
        )
    }
}

pub(super) fn head(n: i64, mac: &[u8]) -> Option<ChainHead> {
    Some(ChainHead {
        n: u64::try_from(n).ok()?,
        mac: mac.try_into().ok()?,
    })
}

impl AuditRow {
    /// Stands for "no row" in a start link.
    pub(super) fn nothing(seq: i64) -> Self {
        Self {
            seq,
            id: String::new(),
            at: 0,
            who: String::new(),
            user: None,
            from_address: String::new(),
            request_id: String::new(),
            what: String::new(),
            on_label: String::new(),
            on_id: String::new(),
            ended_at: None,
            outcome: None,
            detail: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = ChainHead {
            n: 17,
            mac: std::array::from_fn(|n| n as u8 ^ 0xa5),
        };
        assert_eq!(head.to_string().parse(), Ok(head));
        for text in ["", "17", "17:", "17:xx", ":00", "é:ü", &format!("{head}0")] {
            assert_eq!(text.parse::<ChainHead>(), Err(NoHead), "{text}");
        }
    }

    #[test]
    fn a_seal_tells_where_parts_end_and_which_key_it_was() {
        let key = ChainKey::new([1; 32]);
        assert_ne!(key.seal(&[b"ab", b"c"]), key.seal(&[b"a", b"bc"]));
        assert_ne!(key.seal(&[b"ab"]), ChainKey::new([2; 32]).seal(&[b"ab"]));
        assert_eq!(format!("{key:?}"), "ChainKey");
    }
}
