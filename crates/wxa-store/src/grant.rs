//! Grants as rows.
use crate::{Error, Store, row};
use sqlx::SqliteExecutor;
use wxa_model::{Grant, Role, Scope, UserId};

#[derive(sqlx::FromRow)]
pub(crate) struct GrantRow {
    pub(crate) user: String,
    role: String,
    scope: String,
    target: String,
}

impl GrantRow {
    pub(crate) fn grant(&self) -> Result<Grant, Error> {
        from_columns(&self.role, &self.scope, &self.target)
    }
}

pub(crate) fn from_columns(role: &str, scope: &str, target: &str) -> Result<Grant, Error> {
    let role = Role::from_name(role).ok_or(Error::Malformed { column: "grant.role" })?;
    let scope = match scope {
        "everything" => Scope::Everything,
        "site" => Scope::Site(row::parse(target, "grant.target")?),
        "host" => Scope::Host(row::parse(target, "grant.target")?),
        "tag" => Scope::Tag(target.to_owned()),
        _ => {
            return Err(Error::Malformed {
                column: "grant.scope",
            });
        }
    };
    Ok(Grant { role, scope })
}

pub(crate) fn scope_columns(scope: &Scope) -> (&'static str, String) {
    match scope {
        Scope::Everything => ("everything", String::new()),
        Scope::Site(id) => ("site", id.to_string()),
        Scope::Host(id) => ("host", id.to_string()),
        Scope::Tag(tag) => ("tag", tag.clone()),
    }
}

pub(crate) async fn insert(
    connection: &mut sqlx::SqliteConnection,
    user: UserId,
    grants: &[Grant],
) -> Result<(), Error> {
    for grant in grants {
        let (scope, target) = scope_columns(&grant.scope);
        sqlx::query(r#"insert or ignore into user_grant ("user", role, scope, target) values (?, ?, ?, ?)"#)
            .bind(user.to_string())
            .bind(grant.role.name())
            .bind(scope)
            .bind(target)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) async fn of_user(db: impl SqliteExecutor<'_>, user: UserId) -> Result<Vec<Grant>, Error> {
    let rows: Vec<GrantRow> = sqlx::query_as(r#"select * from user_grant where "user" = ? order by rowid"#)
        .bind(user.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(GrantRow::grant).collect()
}

impl Store {
    /// The tags that some account's or API token's grant reaches by: whoever may change one of these on an object
    /// changes rights.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn granted_tags(&self) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(
            "select target from user_grant where scope = 'tag' \
             union select target from api_token where scope = 'tag' order by target",
        )
        .fetch_all(&self.pool)
        .await?)
    }
}

/// Fails when nobody is left who can administer the installation; called at the end of a change, before its commit.
pub(crate) async fn demand_an_admin(connection: &mut sqlx::SqliteConnection) -> Result<(), Error> {
    let there: bool = sqlx::query_scalar(
        r#"select exists (select 1 from user_grant g join "user" u on u.id = g."user"
           where u.disabled_at is null and g.role = 'admin' and g.scope = 'everything')"#,
    )
    .fetch_one(connection)
    .await?;
    if there { Ok(()) } else { Err(Error::LastAdmin) }
}
