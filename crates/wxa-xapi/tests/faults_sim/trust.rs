//! Authorities that vouch, members that were kept, and other pools at the same address.
use crate::bed::{Bed, SOON};
use uuid::Uuid;
use wxa_driver::{
    Driver, ErrorKind,
    conformance::{Bench, Broken, View},
};
use wxa_model::Trust;
use wxa_sim::xapi::{Paper, Signer, authority};
use wxa_xapi::{XapiConfig, XapiDriver};

const LAB: u64 = 5;

async fn vouched() -> Result<Bed, Broken> {
    Bed::start(|config| config.signer = Signer::Authority(LAB)).await
}

/// How a pool is reached that the authority of the lab vouches for.
fn by_authority(bed: &Bed, n: usize) -> Result<XapiConfig, Broken> {
    Ok(XapiConfig {
        fingerprint: String::new(),
        trust: Trust::Authority {
            certificates: authority(LAB).map_err(|error| Broken(error.to_string()))?,
        },
        ..bed.config(n)
    })
}

async fn refused(config: XapiConfig) -> Result<(ErrorKind, String), Broken> {
    let error = XapiDriver::new(config).probe().await.err();
    let error = error.ok_or_else(|| Broken("it was accepted".to_owned()))?;
    Ok((error.kind, error.message))
}

fn show(bed: &mut Bed, n: usize, paper: &Paper) -> Result<(), Broken> {
    bed.pool.show(n, paper).map_err(|error| Broken(error.to_string()))
}

#[tokio::test]
async fn a_pool_that_an_authority_vouches_for_is_followed_with_all_its_members() -> Result<(), Broken> {
    let bed = vouched().await?;
    let bench = Bench::start(XapiDriver::new(by_authority(&bed, 1)?), SOON).await?;
    let measured = |view: &View| view.member_samples.len() == 2;
    let view = bench.wait("measurements of both members", SOON, measured).await?;
    assert_eq!(view.members.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_renewed_certificate_is_accepted_and_whoever_pinned_the_old_one_is_asked() -> Result<(), Broken> {
    let mut bed = vouched().await?;
    let pinned = bed.config(0);
    let renewed = Paper {
        issue: 1,
        ..Paper::of(Signer::Authority(LAB))
    };
    show(&mut bed, 0, &renewed)?;
    XapiDriver::new(by_authority(&bed, 0)?).probe().await?;
    let (kind, _) = refused(pinned).await?;
    assert!(matches!(kind, ErrorKind::KeyChanged { .. }), "{kind:?}");
    Ok(())
}

#[tokio::test]
async fn what_the_authority_does_not_vouch_for_is_told_in_a_sentence() -> Result<(), Broken> {
    let mut bed = vouched().await?;
    let address = bed.config(0).address;
    let good = Paper::of(Signer::Authority(LAB));
    let wrong = [
        (
            Paper {
                until: Some((2024, 3, 1)),
                ..good.clone()
            },
            format!("The certificate of {address} has ended (on 2024-03-01 UTC): it must be renewed there."),
        ),
        (
            Paper {
                only_for: Some("other.example".to_owned()),
                ..good.clone()
            },
            format!("The certificate of {address} is for other.example, not for {address}."),
        ),
        (
            Paper::of(Signer::Authority(LAB + 1)),
            format!(
                "The certificate of {address} is from CN=Lab authority 6, not from the authority that was given."
            ),
        ),
        (
            Paper::of(Signer::Itself),
            format!("The certificate of {address} is from CN=lab-1, not from the authority that was given."),
        ),
    ];
    for (paper, sentence) in wrong {
        show(&mut bed, 0, &paper)?;
        assert_eq!(
            refused(by_authority(&bed, 0)?).await?,
            (ErrorKind::Untrusted, sentence)
        );
    }
    show(&mut bed, 0, &good)?;
    XapiDriver::new(by_authority(&bed, 0)?).probe().await?;
    Ok(())
}

#[tokio::test]
async fn a_member_is_checked_by_the_authority_too() -> Result<(), Broken> {
    let mut bed = vouched().await?;
    let elsewhere = Paper {
        only_for: Some("other.example".to_owned()),
        ..Paper::of(Signer::Authority(LAB))
    };
    show(&mut bed, 1, &elsewhere)?;
    bed.pool.promote(1);
    let (kind, sentence) = refused(by_authority(&bed, 0)?).await?;
    assert_eq!(kind, ErrorKind::Untrusted, "{sentence}");
    let member = bed.config(1).address;
    assert!(
        sentence.contains(&format!("not for {member}")),
        "the pool vouches for it, the authority does not: {sentence}"
    );
    Ok(())
}

#[tokio::test]
async fn members_that_were_kept_lead_to_the_new_coordinator_after_a_restart() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 3).await?;
    let before = XapiDriver::new(bed.config(0));
    assert_eq!(before.members(), None, "nothing is told yet");
    let facts = before.probe().await?;
    let members = before.members().unwrap_or_default();
    assert_eq!(members.len(), 3, "{members:?}");
    assert!(members.iter().all(|member| !member.fingerprints.is_empty()));
    drop(before);
    bed.pool.cut_host(0);
    bed.pool.promote(2);

    let (kind, _) = refused(bed.config(0)).await?;
    assert_eq!(kind, ErrorKind::Unreachable, "nobody else is known");
    let kept = XapiConfig {
        uuid: facts.uuid,
        members: members.clone(),
        ..bed.config(0)
    };
    assert_eq!(XapiDriver::new(kept.clone()).probe().await?.uuid, facts.uuid);

    // A kept address that somebody else has now shows another certificate: no password is sent there.
    let stale = members.into_iter().map(|mut member| {
        member.fingerprints = vec!["00:".repeat(31) + "00"];
        member
    });
    let (kind, _) = refused(XapiConfig {
        members: stale.collect(),
        ..kept
    })
    .await?;
    assert_eq!(kind, ErrorKind::Unreachable);
    Ok(())
}

#[tokio::test]
async fn another_pool_behind_the_same_address_is_not_read() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let added = Uuid::from_u128(77);
    let driver = XapiDriver::new(XapiConfig {
        uuid: Some(added),
        ..bed.config(0)
    });
    let (events, mut told) = tokio::sync::mpsc::channel(64);
    let error = driver.watch(events).await;
    let ErrorKind::OtherPool { kept, seen } = error.kind else {
        return Err(Broken(format!("{error:?}")));
    };
    assert_eq!(kept, added);
    assert_eq!(Some(seen), XapiDriver::new(bed.config(0)).probe().await?.uuid);
    assert!(!error.is_transient(), "an administrator decides");
    assert!(told.try_recv().is_err(), "nothing of it was told");
    assert_eq!(driver.members(), None, "and nothing is kept of it");
    Ok(())
}

#[tokio::test]
async fn a_member_that_went_to_another_pool_does_not_stand_for_its_old_one() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 3).await?;
    let before = XapiDriver::new(bed.config(0));
    let facts = before.probe().await?;
    let members = before.members().unwrap_or_default();
    // What answers first is another pool: ours would have another UUID.
    let config = XapiConfig {
        uuid: Some(Uuid::from_u128(77)),
        members,
        ..bed.config(0)
    };
    let (kind, sentence) = refused(config).await?;
    let other = ErrorKind::OtherPool {
        kept: Uuid::from_u128(77),
        seen: facts.uuid.unwrap_or_default(),
    };
    assert_eq!(kind, other, "all members were asked, and none is it: {sentence}");
    assert!(sentence.contains(&bed.config(0).address), "{sentence}");
    Ok(())
}

#[tokio::test]
async fn a_pool_that_becomes_another_while_it_is_watched_is_left_at_once() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let uuid = XapiDriver::new(bed.config(0)).probe().await?.uuid;
    let driver = XapiDriver::new(XapiConfig {
        uuid,
        ..bed.config(0)
    });
    let bench = Bench::start(driver, SOON).await?;
    let before = bench.view();
    bed.pool.become_another(Uuid::from_u128(0xabc));
    let ended = |view: &View| view.ended.is_some();
    let after = bench.wait("the end of the watch", SOON, ended).await?;
    let why = after.ended.unwrap_or_default();
    assert!(why.starts_with("OtherPool"), "{why}");
    assert!(
        before.vms.keys().eq(after.vms.keys()),
        "nothing of the other one was told"
    );
    Ok(())
}
