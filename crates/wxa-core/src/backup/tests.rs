//! What a backup promises: it is consistent while the server works, opens elsewhere, and nothing broken is ever put in place.
use super::*;
use crate::{
    AuditFilter, Core, Credential, Ctx, MetricsAsk, MetricsOf, NewHost, Parts, StartError,
    core::test_core::{KEY, TestCore},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};
use tempfile::TempDir;

/// A core with an administrator and a host, and a place for its backup.
async fn installation() -> (TestCore, TempDir, PathBuf, SecretString) {
    let core = TestCore::start().await;
    let session = core.with_admin().await.token;
    core.host_add(
        &Ctx::command_line(),
        NewHost {
            name: "xen-1".into(),
            site: String::new(),
            transport: wxa_model::Transport::Ssh,
            address: "xen.example".into(),
            port: 22,
            user: "root".into(),
            credential: Credential::Password("right".into()),
            fingerprint: KEY.into(),
            trust: wxa_model::Trust::Pin,
            jump: None,
            config_dir: String::new(),
        },
    )
    .await
    .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("a.backup");
    (core, elsewhere, file, session)
}

async fn opened(core: &TestCore, folder: &std::path::Path) -> Core {
    let config = crate::CoreConfig {
        data_dir: folder.to_owned(),
        ..core.config()
    };
    Core::start(config).await.unwrap()
}

#[tokio::test]
async fn a_backup_of_a_working_server_opens_on_another_machine() {
    let (core, elsewhere, file, session) = installation().await;
    let made = core
        .backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap();
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!(
        (metadata.permissions().mode() & 0o777, metadata.len()),
        (0o600, made.bytes)
    );
    let again = core
        .backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap_err();
    assert!(matches!(again, BackupError::Exists(_)), "{again:?}");
    let staged = fs::read_dir(core.folder.path()).unwrap().count();

    let to = elsewhere.path().join("data");
    assert!(core.resolve(&session).await.is_ok());
    let restored = restore(&file, &to, Occupied::Refuse, None).await.unwrap();
    assert!(!restored.backup.sealed && restored.aside.is_none());
    let other = opened(&core, &to).await;
    let ctx = Ctx::command_line();
    assert_eq!(other.host_list(&ctx).await.unwrap()[0].name, "xen-1");
    // The credential opens with the key that came along.
    assert!(core.hosts.opened.lock().unwrap().iter().any(
        |spec| matches!(&spec.credential, Credential::Password(word) if word.expose_secret() == "right")
    ));
    assert!(
        other.session_resolve(&session, "192.0.2.1", "r").await.is_err(),
        "sessions of the backup are void"
    );
    let log = other.audit_list(&ctx, AuditFilter::default()).await.unwrap();
    assert_eq!(log[0].what, "backup_restore");
    assert!(log.iter().any(|row| row.what == "backup_create"));
    for entry in fs::read_dir(&to).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    other.stop().await;
    assert_eq!(
        fs::read_dir(core.folder.path()).unwrap().count(),
        staged,
        "nothing is left lying about"
    );
    core.stop().await;
}

#[tokio::test]
async fn a_sealed_backup_opens_with_its_passphrase_only() {
    let (core, elsewhere, file, _) = installation().await;
    let ctx = Ctx::command_line();
    core.backup_create(
        &ctx,
        &file,
        Some("a long passphrase".into()),
        Measurements::Include,
    )
    .await
    .unwrap();
    let key = fs::read_to_string(core.folder.path().join("sealing.key")).unwrap();
    let bytes = fs::read(&file).unwrap();
    for secret in [key.trim().as_bytes(), b"xen.example", b"SQLite format 3"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
    let to = elsewhere.path().join("data");
    let none = restore(&file, &to, Occupied::Refuse, None).await.unwrap_err();
    assert!(matches!(none, BackupError::PassphraseNeeded(_)), "{none:?}");
    let wrong = restore(&file, &to, Occupied::Refuse, Some("another".into()))
        .await
        .unwrap_err();
    assert!(matches!(wrong, BackupError::WrongPassphrase(_)), "{wrong:?}");
    restore(&file, &to, Occupied::Refuse, Some("a long passphrase".into()))
        .await
        .unwrap();
    let other = opened(&core, &to).await;
    assert_eq!(other.host_list(&ctx).await.unwrap().len(), 1);
    other.stop().await;
    core.stop().await;
}

#[tokio::test]
async fn what_is_broken_or_newer_is_refused_before_anything_is_touched() {
    let (core, elsewhere, file, _) = installation().await;
    core.backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap();
    let whole = fs::read(&file).unwrap();
    let to = elsewhere.path().join("data");
    let refused = async |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        restore(&file, &to, Occupied::Refuse, None).await.unwrap_err()
    };
    for cut in [whole.len() - 1, whole.len() / 2] {
        let error = refused(&whole[..cut]).await;
        assert!(matches!(error, BackupError::Truncated(_)), "{cut}: {error:?}");
    }
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let error = refused(&changed).await;
    assert!(matches!(error, BackupError::Damaged(_)), "{error:?}");
    for other in [
        &b""[..],
        b"SQLite format 3\0 and so on, long enough to have a header",
    ] {
        let error = refused(other).await;
        assert!(matches!(error, BackupError::NotABackup(_)), "{error:?}");
    }
    let error = refused(&with_header(&whole, "\"form\":2,", "\"form\":3,")).await;
    assert!(matches!(error, BackupError::Newer { .. }), "{error:?}");
    let layout = format!("\"layout\":{},", wxa_store::newest_layout());
    let error = refused(&with_header(&whole, &layout, "\"layout\":9999,")).await;
    assert!(matches!(error, BackupError::Newer { .. }), "{error:?}");
    assert!(!to.exists(), "not even the folder was made");
    core.stop().await;
}

/// The backup with a changed header, and a checksum that fits.
fn with_header(whole: &[u8], old: &str, new: &str) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let at = format::MAGIC.len();
    let length = u32::from_be_bytes(whole[at..at + 4].try_into().unwrap()) as usize;
    let header = String::from_utf8(whole[at + 4..at + 4 + length].to_vec()).unwrap();
    assert!(header.contains(old), "{header}");
    let header = header.replace(old, new);
    let body = &whole[at + 4 + length..whole.len() - 32 - format::END.len()];
    let length = u32::try_from(header.len()).unwrap().to_be_bytes();
    let mut made = [format::MAGIC, &length, header.as_bytes(), body].concat();
    let sum = Sha256::digest(&made);
    made.extend_from_slice(&sum);
    made.extend_from_slice(format::END);
    made
}

#[tokio::test]
async fn an_occupied_folder_is_put_aside_only_when_that_is_said_and_never_under_a_running_server() {
    let (core, _elsewhere, file, _) = installation().await;
    core.backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap();
    let folder = core.folder.path().to_owned();
    let running = restore(&file, &folder, Occupied::PutAside, None)
        .await
        .unwrap_err();
    assert!(
        matches!(running, BackupError::Start(StartError::AlreadyRunning { .. })),
        "{running:?}"
    );
    core.stop().await;
    let refused = restore(&file, &folder, Occupied::Refuse, None).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty(_)), "{refused:?}");
    let old = fs::read(folder.join(SEALING_KEY)).unwrap();
    let restored = restore(&file, &folder, Occupied::PutAside, None).await.unwrap();
    let aside = restored.aside.unwrap();
    assert_eq!(fs::read(aside.join(SEALING_KEY)).unwrap(), old);
    assert!(aside.join(DATABASE).exists());
    // And once more: what was put aside is not what the folder holds.
    let core = core.restarted().await;
    assert_eq!(core.host_list(&Ctx::command_line()).await.unwrap().len(), 1);
    core.stop().await;
}

#[tokio::test]
async fn a_backup_whose_key_is_another_is_refused() {
    let (core, elsewhere, file, _) = installation().await;
    let other = TestCore::start().await;
    fs::copy(
        other.folder.path().join("sealing.key"),
        core.folder.path().join("sealing.key"),
    )
    .unwrap();
    core.backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap();
    let to = elsewhere.path().join("data");
    let error = restore(&file, &to, Occupied::Refuse, None).await.unwrap_err();
    assert!(
        matches!(error, BackupError::Start(StartError::KeyWrong { .. })),
        "{error:?}"
    );
    let left: Vec<_> = fs::read_dir(&to)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["lock"]);
    other.stop().await;
    core.stop().await;
}

fn measured(core: &TestCore, host: wxa_model::HostId) {
    let batch = crate::test_driver::batch(host, core.now().0, &[]);
    let mut batch = batch.batch;
    batch.host.cpu = Some(2.5);
    core.live().samples.push(host, batch);
}

async fn known_points(core: &Core, host: wxa_model::HostId) -> usize {
    let ask = MetricsAsk {
        of: MetricsOf::Host(host),
        metrics: Vec::new(),
        parts: Parts::Without,
        from: Some(wxa_model::UnixMillis(core.now().0 - 24 * 3_600_000)),
        to: None,
        points: None,
    };
    let range = core.metrics_get(&Ctx::command_line(), &ask).await.unwrap();
    range
        .series
        .iter()
        .flat_map(|series| series.points.iter().flatten())
        .count()
}

#[tokio::test]
async fn what_was_measured_comes_along_unless_it_is_left_out() {
    let (core, elsewhere, file, _) = installation().await;
    let host = core.host_list(&Ctx::command_line()).await.unwrap()[0].id;
    measured(&core, host);
    core.metrics_flush().await.unwrap();
    let create = async |file: &PathBuf, measurements| {
        let ctx = Ctx::command_line();
        core.backup_create(&ctx, file, None, measurements).await.unwrap()
    };
    let made = create(&file, Measurements::Include).await;
    assert!(
        made.measurements > Some(1000) && made.unreadable.is_none(),
        "{made:?}"
    );
    assert_eq!(inspect(&file).unwrap().measurements, made.measurements);
    let small = elsewhere.path().join("small.backup");
    let made_small = create(&small, Measurements::LeaveOut).await;
    assert_eq!(made_small.measurements, None);
    for (file, points) in [(&file, 1), (&small, 0)] {
        let to = elsewhere.path().join(format!("data-{points}"));
        restore(file, &to, Occupied::Refuse, None).await.unwrap();
        let other = opened(&core, &to).await;
        assert_eq!(known_points(&other, host).await, points);
        other.stop().await;
    }
    core.stop().await;
}

#[tokio::test]
async fn damaged_measurements_keep_nobody_from_a_backup_or_from_restoring() {
    let (core, elsewhere, file, _) = installation().await;
    core.stop().await;
    let metrics = core.folder.path().join(METRICS);
    fs::write(&metrics, [7; 8192]).unwrap();
    let records = Core::open(core.config()).await.unwrap();
    let made = records
        .backup_create(&Ctx::command_line(), &file, None, Measurements::Include)
        .await
        .unwrap();
    assert!(
        made.measurements.is_none() && made.unreadable.is_some(),
        "{made:?}"
    );
    records.stop().await;
    let to = elsewhere.path().join("data");
    restore(&file, &to, Occupied::Refuse, None).await.unwrap();

    // Sound outside, and none inside: as its checksum says.
    let staging = create::Staging::new(elsewhere.path(), "test").unwrap();
    fs::copy(&metrics, staging.path.join(METRICS)).unwrap();
    let why = restore::check_measurements(&staging).await.unwrap();
    assert!(why.is_some() && !staging.path.join(METRICS).exists());
}
