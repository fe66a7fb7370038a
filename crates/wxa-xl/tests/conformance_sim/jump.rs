//! A host behind a jump host: everything works through it, and what is wrong with the jump host is said as such.
use crate::bed::{Sim, guest, reach};
use secrecy::SecretString;
use std::time::Duration;
use wxa_driver::{
    Error, ErrorKind,
    conformance::{Bench, Broken, acts, consoles, listing},
};
use wxa_sim::{Forwarding, GuestSpec};
use wxa_xl::{Credential, Reach, SshTarget, host_key};

const SOON: Duration = Duration::from_secs(30);

/// A jump host, and a host that is reached through it.
async fn gate_and_host() -> Result<(Sim, Sim, SshTarget), Broken> {
    let gate = Sim::start(|config| {
        config.name = "gate".to_owned();
        config.seed = 99;
        config.user = "jumper".to_owned();
    })
    .await?;
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("shop").halted())).await?;
    let behind = SshTarget {
        jump: Some(Box::new(gate.target())),
        ..sim.target()
    };
    Ok((gate, sim, behind))
}

async fn refusal(target: SshTarget) -> Result<Error, Broken> {
    let probed = reach(Reach::Ssh(target)).probe().await;
    probed.err().ok_or_else(|| Broken("it was reached".to_owned()))
}

#[tokio::test]
async fn a_guest_lives_through_the_jump_host() -> Result<(), Broken> {
    let (_gate, sim, behind) = gate_and_host().await?;
    let bench = Bench::start(reach(Reach::Ssh(behind)), SOON).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "shop"]).await?;
    let shop = guest("shop");
    acts::starts(&bench, &shop).await?;
    let mut terminal = consoles::boots_to_a_shell(&bench, &shop).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &shop).await?;
    listing::sees_what_others_do(&bench, &sim, "shop", 2).await?;
    acts::powers_off(&bench, &shop).await
}

#[tokio::test]
async fn the_key_of_the_host_behind_is_seen_through_the_jump_host() -> Result<(), Broken> {
    let (gate, sim, _) = gate_and_host().await?;
    let target = sim.target();
    let key = host_key(&target.address, target.port, Some(&gate.target())).await?;
    assert_eq!(key.fingerprint, target.pinned_key);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_the_jump_host_is_said_as_such() -> Result<(), Broken> {
    let (gate, _sim, behind) = gate_and_host().await?;
    let with = |change: &dyn Fn(&mut SshTarget)| {
        let mut behind = behind.clone();
        behind.jump.iter_mut().for_each(|jump| change(jump));
        behind
    };
    let other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let error = refusal(with(&|jump| jump.pinned_key.clone_from(&other))).await?;
    let expected = ErrorKind::JumpKeyChanged {
        pinned: other.clone(),
        seen: gate.host.fingerprint(),
    };
    assert_eq!(error.kind, expected);

    let wrong = Credential::Password(SecretString::from("wrong"));
    let error = refusal(with(&|jump| jump.credential = wrong.clone())).await?;
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(error.message.starts_with("The jump host"), "{error}");

    gate.host.refuse().await;
    let error = refusal(behind.clone()).await?;
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.starts_with("The jump host"), "{error}");
    Ok(())
}

#[tokio::test]
async fn what_the_jump_host_cannot_reach_or_may_not_is_told() -> Result<(), Broken> {
    let (_gate, sim, behind) = gate_and_host().await?;
    sim.host.refuse().await;
    let error = refusal(behind.clone()).await?;
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("jump host cannot reach"), "{error}");

    let strict = Sim::start(|config| config.forwarding = Forwarding::Refused).await?;
    let behind = SshTarget {
        jump: Some(Box::new(strict.target())),
        ..behind
    };
    let error = refusal(behind).await?;
    assert!(error.message.contains("AllowTcpForwarding"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_key_of_the_host_itself_is_still_its_own() -> Result<(), Broken> {
    let (_gate, sim, behind) = gate_and_host().await?;
    let pinned = sim.host.fingerprint();
    sim.host.change_host_key().await;
    let seen = sim.host.fingerprint();
    let error = refusal(behind).await?;
    assert_eq!(error.kind, ErrorKind::KeyChanged { pinned, seen });
    Ok(())
}

#[tokio::test]
async fn a_jump_host_that_goes_away_is_noticed_as_a_lost_host() -> Result<(), Broken> {
    let (gate, _sim, behind) = gate_and_host().await?;
    let bench = Bench::start(reach(Reach::Ssh(behind)), SOON).await?;
    gate.host.cut().await;
    let view = bench
        .wait("the end of the watch", SOON, |view| view.ended.is_some())
        .await?;
    let ended = view.ended.unwrap_or_default();
    assert!(
        ended.starts_with("Unreachable") || ended.starts_with("TimedOut"),
        "{ended}"
    );
    Ok(())
}
