//! Reading the audit log: filtered, newest first, page by page.
use super::{AuditOutcome, AuditRecord, AuditRow};
use crate::{Error, Store, row};
use sqlx::{QueryBuilder, Sqlite};
use wxa_model::{AuditId, UnixMillis};

/// Which rows to read. Without anything: all, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only the row with this id.
    pub id: Option<AuditId>,
    /// Only those on the object with this id or this name.
    pub on: Option<String>,
    /// Only those of this account, whatever the case of its letters.
    pub by: Option<String>,
    /// Only those of this operation.
    pub what: Option<String>,
    /// Only those that ended so.
    pub outcome: Option<OutcomeFilter>,
    /// Only those from addresses that begin so.
    pub from: Option<String>,
    /// Only those begun at that moment or later.
    pub since: Option<UnixMillis>,
    /// Only those begun before that moment.
    pub until: Option<UnixMillis>,
    /// Only those in which this text occurs, anywhere.
    pub text: Option<String>,
    /// Only rows older than the one of this number: the cursor.
    pub before: Option<u64>,
    /// At most so many; the caller's usual number when none.
    pub limit: Option<u32>,
}

/// How rows ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// In this way.
    Ended(AuditOutcome),
    /// Not yet.
    Open,
}

impl OutcomeFilter {
    /// `done`, `refused`, `failed`, `unknown`, or `open`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Self::Open),
            name => AuditOutcome::from_name(name).map(Self::Ended),
        }
    }
}

impl AuditFilter {
    fn query(&self, limit: u32) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::new("select * from audit where true");
        if let Some(id) = self.id {
            query.push(" and id = ").push_bind(id.to_string());
        }
        if let Some(on) = &self.on {
            query.push(" and (on_id = ").push_bind(on.clone());
            query
                .push(" or on_label = ")
                .push_bind(on.clone())
                .push(" collate nocase)");
        }
        if let Some(by) = &self.by {
            query
                .push(" and who = ")
                .push_bind(by.clone())
                .push(" collate nocase");
        }
        if let Some(what) = &self.what {
            query.push(" and what = ").push_bind(what.clone());
        }
        match self.outcome {
            Some(OutcomeFilter::Ended(outcome)) => {
                query.push(" and outcome = ").push_bind(outcome.name());
            }
            Some(OutcomeFilter::Open) => {
                query.push(" and outcome is null");
            }
            None => {}
        }
        if let Some(from) = &self.from {
            // A range, so that the index serves: nothing that begins so sorts behind the greatest character.
            query.push(" and from_address >= ").push_bind(from.clone());
            query
                .push(" and from_address < ")
                .push_bind(format!("{from}\u{10ffff}"));
        }
        if let Some(since) = self.since {
            query.push(" and at >= ").push_bind(row::to_sql(since));
        }
        if let Some(until) = self.until {
            query.push(" and at < ").push_bind(row::to_sql(until));
        }
        if let Some(text) = &self.text {
            let pattern = format!("%{}%", escaped(text));
            query.push(" and (false");
            for column in [
                "who",
                "what",
                "on_label",
                "on_id",
                "from_address",
                "detail",
                "request_id",
            ] {
                query
                    .push(" or ")
                    .push(column)
                    .push(" like ")
                    .push_bind(pattern.clone());
                query.push(r" escape '\'");
            }
            query.push(")");
        }
        if let Some(before) = self.before {
            query
                .push(" and seq < ")
                .push_bind(i64::try_from(before).unwrap_or(i64::MAX));
        }
        query.push(" order by seq desc limit ").push_bind(limit);
        query
    }
}

/// So that LIKE takes every character for itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

impl Store {
    /// At most `limit` rows that pass `filter`, newest first; the filter's own limit is the caller's to look at.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_list(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditRecord>, Error> {
        let rows: Vec<AuditRow> = filter.query(limit).build_query_as().fetch_all(&self.pool).await?;
        rows.into_iter().map(AuditRow::record).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use sqlx::AssertSqlSafe;

    #[tokio::test]
    async fn in_a_long_log_filters_are_looked_up_and_not_searched_for() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("webxenadmin.db")).await.unwrap();
        let any = AuditFilter::default;
        let text = |text: &str| Some(text.to_owned());
        for filter in [
            AuditFilter {
                by: text("ada"),
                ..any()
            },
            AuditFilter {
                what: text("vm_start"),
                ..any()
            },
            AuditFilter {
                on: text("web-01"),
                ..any()
            },
            AuditFilter {
                outcome: OutcomeFilter::from_name("refused"),
                ..any()
            },
            AuditFilter {
                outcome: OutcomeFilter::from_name("open"),
                ..any()
            },
            AuditFilter {
                from: text("192.0.2."),
                ..any()
            },
            AuditFilter {
                before: Some(50_000),
                ..any()
            },
            AuditFilter {
                by: text("ada"),
                before: Some(50_000),
                ..any()
            },
        ] {
            let sql = format!("explain query plan {}", filter.query(100).sql().as_str());
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(sql))
                .fetch_all(&store.pool)
                .await
                .unwrap();
            assert!(
                plan.iter().any(|(.., step)| step.contains("SEARCH audit USING")),
                "{filter:?}: {plan:?}"
            );
        }
    }
}
