//! Serial consoles on the members of a simulated pool.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a failure must stop"
)]
use secrecy::SecretString;
use uuid::Uuid;
use wxa_driver::{ErrorKind, MemberDomain, MemberShell};
use wxa_sim::xapi::{MemberSsh, PoolConfig, PoolVm, SimPool};
use wxa_xl::{Credential, MemberAccess, MemberConsoles};

const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

async fn lab() -> SimPool {
    let mut config = PoolConfig::new("lab", 7);
    config.ssh = MemberSsh::Port(0);
    SimPool::start(config).await.unwrap()
}

fn access(pool: &SimPool) -> MemberAccess {
    MemberAccess {
        user: "root".into(),
        port: pool.ssh(0).unwrap().address().port(),
        credential: Credential::Password(SecretString::from("xen")),
        keys: vec![
            (ONE, pool.ssh(0).unwrap().fingerprint()),
            (TWO, pool.ssh(1).unwrap().fingerprint()),
        ],
    }
}

/// The domains on the n-th member, as its own `xl vm-list` tells them.
async fn domains(pool: &SimPool, n: usize) -> Vec<Uuid> {
    let listed = pool.ssh(n).unwrap().run("xl vm-list").await.stdout;
    let words = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    words.filter_map(|word| Uuid::try_parse(word).ok()).collect()
}

fn at(pool: &SimPool, n: usize, vm: Uuid) -> MemberDomain {
    MemberDomain {
        member: [ONE, TWO][n],
        member_name: format!("lab-{}", n + 1),
        address: pool.addresses().nth(n).unwrap().to_string(),
        vm,
        vm_name: "web".into(),
    }
}

#[tokio::test]
async fn a_vm_that_moved_between_the_look_and_the_attaching_is_told_as_moved() {
    let pool = lab().await;
    let consoles = MemberConsoles::new(access(&pool));
    let on_the_second = domains(&pool, 1).await[0];
    let error = consoles.serial(&at(&pool, 0, on_the_second)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused { code: "moved".into() });
    assert!(error.message.contains("not on lab-1 any more"), "{error}");
}

#[tokio::test]
async fn a_name_that_pretends_to_be_another_domain_opens_no_console() {
    let pool = lab().await;
    let consoles = MemberConsoles::new(access(&pool));
    let victim = domains(&pool, 0).await[0];
    let all: Vec<(PoolVm, String)> = pool
        .guests()
        .into_iter()
        .map(|vm| (vm, format!("evil\n{victim}  3    web")))
        .collect();
    pool.rename(all);
    let error = consoles.serial(&at(&pool, 0, victim)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed, "{error}");
    // Where the true one has gone, the made-up line is all there is.
    let gone = domains(&pool, 1)
        .await
        .into_iter()
        .find(|vm| *vm != victim)
        .unwrap();
    let made_up: Vec<(PoolVm, String)> = pool
        .guests()
        .into_iter()
        .map(|vm| (vm, "plain".to_owned()))
        .chain(
            pool.guests()
                .first()
                .map(|vm| (*vm, format!("evil\n{gone}  2    web"))),
        )
        .collect();
    pool.rename(made_up);
    let error = consoles.serial(&at(&pool, 0, gone)).await.unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::Malformed | ErrorKind::Refused { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_member_without_a_confirmed_key_is_not_connected_to() {
    let pool = lab().await;
    let mut access = access(&pool);
    access.keys.pop();
    let consoles = MemberConsoles::new(access.clone());
    assert!(consoles.reaches(ONE) && !consoles.reaches(TWO));
    let vm = domains(&pool, 1).await[0];
    let error = consoles.serial(&at(&pool, 1, vm)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    let address = pool.addresses().next().unwrap().to_string();
    wxa_xl::try_member(&access, &address, &access.keys[0].1)
        .await
        .unwrap();
    pool.ssh(0).unwrap().spoil("xl vm-list: missing").await;
    wxa_xl::try_member(&access, &address, &access.keys[0].1)
        .await
        .unwrap_err();
}
