//! A database that an older program wrote: its layout is brought up to date and nothing in it is lost.
use sqlx::{SqlitePool, migrate::Migrator, sqlite::SqliteConnectOptions};
use std::path::Path;
use wxa_model::{TaskOutcome, UnixMillis};
use wxa_store::Store;

/// One row in every table of the first layout.
const DATA: &str = "
    insert into meta values ('sealing_key_check', 'abc');
    insert into site values ('00000000-0000-0000-0000-000000000001', 'Attic', 1);
    insert into host values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'xen-1',
        'xen.example', 22, 'root', x'010203', 'SHA256:abc', '/etc/xen', 2);
    insert into \"user\" values ('00000000-0000-0000-0000-000000000003', 'ada', 'hash of ada', 3, null);
    insert into user_grant values ('00000000-0000-0000-0000-000000000003', 'admin', 'everything', '');
    insert into session values ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000003', x'04',
        '192.0.2.1', 4, 5, 6);
    insert into one_time_token values (x'05', 'login', '00000000-0000-0000-0000-000000000003', 5, 6);
    insert into audit (id, at, who, \"user\", from_address, request_id, what, on_label, on_id, ended_at, outcome, detail)
        values ('00000000-0000-0000-0000-000000000006', 7, 'ada', '00000000-0000-0000-0000-000000000003', '192.0.2.1', 'r',
        'vm_start', 'web', '00000000-0000-0000-0000-000000000008', 8, 'done', '');
    insert into audit (id, at, who, from_address, request_id, what, on_label, on_id)
        values ('00000000-0000-0000-0000-000000000007', 9, 'ada', '192.0.2.1', 'r', 'vm_start', 'web', '');
    insert into task (id, action, vm, vm_name, host, who, started_at, ended_at, outcome, why)
        values ('00000000-0000-0000-0000-000000000009', 'vm_start', '00000000-0000-0000-0000-000000000008', 'web',
        '00000000-0000-0000-0000-000000000002', 'ada', 7, 8, 'failed', 'no room');
";
const TABLES: [(&str, i64); 9] = [
    ("meta", 1),
    ("site", 1),
    ("host", 1),
    ("\"user\"", 1),
    ("user_grant", 1),
    ("session", 1),
    ("one_time_token", 1),
    ("audit", 2),
    ("task", 1),
];

async fn raw(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqlitePool::connect_with(options).await.unwrap()
}

/// A database as the first version made it.
async fn of_the_first_version(path: &Path) {
    let pool = raw(path).await;
    let first = sqlx::migrate!().iter().take(1).cloned().collect();
    Migrator::with_migrations(first).run(&pool).await.unwrap();
    sqlx::raw_sql(DATA).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    of_the_first_version(&path).await;

    let store = Store::open(&path).await.unwrap();
    let user = store.user_by_name("ada").await.unwrap().unwrap();
    assert_eq!((user.created_at, user.grants.len()), (UnixMillis(3), 1));
    let host = store.host_list().await.unwrap().remove(0);
    assert_eq!((host.name.as_str(), host.credential), ("xen-1", vec![1, 2, 3]));
    let task = store.task_list(1).await.unwrap().remove(0);
    assert_eq!(
        task.outcome,
        Some(TaskOutcome::Failed {
            why: "no room".into()
        })
    );
    store.close().await;

    let pool = raw(&path).await;
    for (table, at_least) in TABLES {
        let sql = format!("select count(*) from {table}");
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&pool)
            .await
            .unwrap();
        assert!(rows >= at_least, "{table}: {rows}");
    }
    pool.close().await;
}

#[tokio::test]
async fn bringing_it_up_to_date_twice_changes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    of_the_first_version(&path).await;
    for _ in 0..2 {
        let store = Store::open(&path).await.unwrap();
        assert_eq!(store.user_list().await.unwrap().len(), 1);
        store.close().await;
    }
}
