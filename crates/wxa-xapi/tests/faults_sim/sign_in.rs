//! Certificates and accounts.
use crate::{
    bed::{Bed, POOL, SITE, SOON, find},
    between::{Answer, Between},
};
use secrecy::SecretString;
use wxa_driver::{
    Archive, Driver, ErrorKind,
    conformance::{Bench, Broken},
};
use wxa_model::{Action, GuestType, HostId, PowerState, SiteId};
use wxa_xapi::{XapiConfig, XapiDriver, certificate};

#[tokio::test]
async fn a_certificate_is_shown_before_anything_is_trusted() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let config = bed.config(1);
    let shown = certificate(&config.address, config.port).await?;
    assert_eq!(Some(shown.fingerprint.as_str()), bed.pool.fingerprint_of(1));
    assert_eq!(shown.subject, "CN=lab-2");
    assert_eq!(shown.not_after.map(|at| at.0), Some(2_398_377_600_000));
    let port = bed.pool.http_address(0).map_or(0, |address| address.port());
    let error = certificate(&config.address, port).await.err();
    assert!(
        error.is_some_and(|error| error.is_transient()),
        "it speaks no TLS"
    );
    Ok(())
}

#[tokio::test]
async fn another_certificate_stops_everything_before_the_password_is_sent() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let between = Between::start(&bed, 0, |_, _, _| Answer::AsItIs).await;
    let seen = between.config().fingerprint;
    let pinned = bed.config(0).fingerprint;
    let driver = XapiDriver::new(XapiConfig {
        fingerprint: pinned.clone(),
        ..between.config()
    });
    let error = driver.probe().await.err().map(|error| error.kind);
    assert_eq!(error, Some(ErrorKind::KeyChanged { pinned, seen }));
    assert_eq!(between.asked(), Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_told() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let driver = XapiDriver::new(XapiConfig {
        password: SecretString::from("not it"),
        ..bed.config(0)
    });
    let error = driver.probe().await.err();
    assert_eq!(
        error.as_ref().map(|error| &error.kind),
        Some(&ErrorKind::Unauthenticated)
    );
    assert!(error.is_some_and(|error| !error.message.contains("not it")));
    Ok(())
}

/// The pool's only member.
async fn member(bed: &Bed) -> Result<HostId, Broken> {
    let bench = Bench::start(bed.driver(), SOON).await?;
    let member = bench.view().members.keys().next().copied();
    member.ok_or_else(|| Broken("the pool has no member".to_owned()))
}

#[tokio::test]
async fn a_member_that_knows_no_session_costs_no_sign_ins() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let member = member(&bed).await?;
    let address = format!("\"{}\"", bed.config(0).address);
    let between = Between::start(&bed, 0, move |asked, _, answer| match asked {
        "/rrd_updates" => Answer::Raw(b"HTTP/1.1 401 Unauthorised\r\ncontent-length: 0\r\n\r\n"),
        // It is where we stand.
        "event.from" => Answer::Body(answer.to_string().replace(&address, "\"127.0.0.9\"")),
        _ => Answer::AsItIs,
    })
    .await;
    let driver = XapiDriver::new(between.config());
    driver.details().await?;
    for _ in 0..4 {
        assert!(driver.history(member, Archive::Minutes).await.is_err());
    }
    let count = |name: &str| between.asked().iter().filter(|asked| *asked == name).count();
    assert_eq!(
        (
            count("/rrd_updates"),
            count("session.login_with_password"),
            count("pool.get_all")
        ),
        (4, 1, 1),
        "{:?}",
        between.asked()
    );
    Ok(())
}

#[tokio::test]
async fn a_session_that_has_ended_is_noticed_by_a_members_answer_too() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let member = member(&bed).await?;
    let driver = bed.driver();
    driver.details().await?;
    driver.history(member, Archive::Minutes).await?;
    bed.pool.restart_toolstack();
    assert!(driver.history(member, Archive::Minutes).await.is_err());
    driver.history(member, Archive::Minutes).await?;
    Ok(())
}

#[tokio::test]
async fn an_account_without_rights_sees_everything_and_is_refused_in_xapis_words() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let driver = XapiDriver::new(XapiConfig {
        user: "read-only".to_owned(),
        ..bed.config(0)
    });
    let bench = Bench::start(driver, SOON).await?;
    let vm = find(
        &bench,
        &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh],
        PowerState::Running,
    )?;
    let error = bench.perform(Action::VmPause, vm.id).await.0.err();
    let error = error.ok_or_else(|| Broken("it was done".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert!(
        error
            .message
            .contains("`vm.pause`: No permission in user session"),
        "{error}"
    );
    let control = bench.vm("Control domain on host: lab-1")?;
    let error = bench
        .driver()
        .console(control.id, wxa_model::ConsoleKind::Pv)
        .await
        .err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::PermissionDenied));
    Ok(())
}

#[tokio::test]
async fn a_pool_is_the_same_by_each_of_its_members() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let (first, second) = (XapiDriver::new(bed.config(0)), XapiDriver::new(bed.config(1)));
    let (first, second) = (first.probe().await?, second.probe().await?);
    assert!(first.uuid.is_some());
    assert_eq!(first, second);
    Ok(())
}

#[tokio::test]
async fn a_coordinator_that_nobody_vouches_for_is_not_asked() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    // An old member tells where the coordinator is, and nothing of its certificate.
    let between = Between::start(&bed, 1, |_, _, answer| Answer::Body(answer.to_string())).await;
    let error = XapiDriver::new(between.config()).probe().await.err();
    let error = error.ok_or_else(|| Broken("it was asked".to_owned()))?;
    assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error:?}");
    assert!(error.message.contains("Add the pool by that address"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_cloned_lab_in_another_site_is_another_pool() -> Result<(), Broken> {
    let (here, there) = (Bed::start(|_| {}).await?, Bed::start(|_| {}).await?);
    let other_site = SiteId(uuid::Uuid::from_u128(99));
    let cloned = XapiDriver::new(XapiConfig {
        site: other_site,
        ..there.config(0)
    });
    let (here, there) = (
        Bench::start(here.driver(), SOON).await?,
        Bench::start(cloned, SOON).await?,
    );
    let (here, there) = (here.view(), there.view());
    let uuids = |view: &wxa_driver::conformance::View| {
        let mut uuids: Vec<_> = view.vms.values().filter_map(|vm| vm.xen_uuid).collect();
        uuids.sort_unstable();
        uuids
    };
    assert_eq!(uuids(&here), uuids(&there));
    assert!(here.vms.keys().all(|id| !there.vms.contains_key(id)));
    assert!(here.members.keys().all(|id| !there.members.contains_key(id)));
    assert_ne!(SITE, other_site);
    assert!(
        here.vms
            .values()
            .any(|vm| vm.host == POOL || here.members.contains_key(&vm.host))
    );
    Ok(())
}
