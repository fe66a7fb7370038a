//! Opening: permissions, reopening, and each reason not to.
use crate::{at, fresh, new_user};
use std::{fs, os::unix::fs::PermissionsExt as _};
use wxa_model::Grant;
use wxa_store::{Error, OpenError, Store};

#[tokio::test]
async fn folder_and_files_are_for_the_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/webxenadmin.db");
    let store = Store::open(&path).await.unwrap();
    store.meta_set("a", "b").await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    store.close().await;
}

#[tokio::test]
async fn what_was_kept_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    let store = Store::open(&path).await.unwrap();
    store
        .user_insert(&new_user(1, "ada", &[Grant::admin_everywhere()]))
        .await
        .unwrap();
    store.meta_set("k", "one").await.unwrap();
    store.meta_set("k", "two").await.unwrap();
    store.close().await;
    assert!(matches!(store.ping().await, Err(Error::Closed)));

    let store = Store::open(&path).await.unwrap();
    store.ping().await.unwrap();
    assert_eq!(
        store.user_by_name("ADA").await.unwrap().unwrap().created_at,
        at(10)
    );
    assert_eq!(store.meta_get("k").await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.meta_get("nothing").await.unwrap(), None);
}

#[tokio::test]
async fn two_processes_may_work_on_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    let (server, command_line) = (
        Store::open(&path).await.unwrap(),
        Store::open(&path).await.unwrap(),
    );
    server.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    command_line.user_insert(&new_user(2, "bob", &[])).await.unwrap();
    assert_eq!(server.user_list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_newer_layout_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    Store::open(&path).await.unwrap().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'from the future', true, x'00', 1)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let error = Store::open(&path).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Newer { version: 9999, .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("newer version of this program"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    fs::write(
        &path,
        "this is a text file, and long enough to be looked at. ".repeat(100),
    )
    .unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .starts_with("this is a text file"),
        "it was changed"
    );
}

#[tokio::test]
async fn a_database_that_another_program_keeps_locked_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    let store = Store::open(&path).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let lock = other.begin_with("begin immediate").await.unwrap();
    // Both wait for as long as they ever do.
    let (opened, written) = tokio::join!(Store::open(&path), store.meta_set("a", "b"));
    let error = opened.unwrap_err();
    assert!(matches!(error, OpenError::Locked { .. }), "{error:?}");
    assert!(error.to_string().contains("locked by another program"));
    assert!(matches!(written, Err(Error::Busy)), "{written:?}");
    assert!(store.user_list().await.unwrap().is_empty(), "reading goes on");

    lock.rollback().await.unwrap();
    store.meta_set("a", "b").await.unwrap();
    Store::open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn a_database_damaged_in_the_middle_is_found_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webxenadmin.db");
    let store = Store::open(&path).await.unwrap();
    for n in 0..200 {
        store
            .meta_set(&format!("key {n}"), &"x".repeat(100))
            .await
            .unwrap();
    }
    store.close().await;
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "it was changed");
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("webxenadmin.db")).await.unwrap_err();
    assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_new_database_is_empty() {
    let store = fresh().await;
    assert!(store.site_list().await.unwrap().is_empty());
    assert!(store.host_list().await.unwrap().is_empty());
    assert!(!store.user_any().await.unwrap());
}
