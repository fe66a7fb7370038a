//! Services: judged as things happen, with a past when they are new, and never judged anew afterwards.
use super::*;
use crate::{
    status::checks::{Answer, Word},
    test_driver::vm,
};
use Standing::{Degraded, Down, Unknown, Up};
use wxa_model::{
    CheckId,
    PowerState::{Halted, Running},
    status::{Check, CheckKind},
};

fn check(n: u128) -> Check {
    let (host, port) = ("web.example".into(), 443);
    Check {
        id: CheckId(Uuid::from_u128(n)),
        kind: CheckKind::Tcp { host, port },
        every_s: 10,
        may_go_inside: false,
    }
}

#[tokio::test]
async fn a_service_follows_its_members_by_its_rule() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Running)]).await;
    rig.watches(&[spec(1, &[1, 2], Rule::All), spec(2, &[1, 2], Rule::Any)])
        .await;
    rig.pass(10_000).await;
    rig.says(DriverEvent::Changed(vm(1, Halted))).await;
    rig.pass(10_000).await;
    rig.says(DriverEvent::Changed(vm(2, Halted))).await;
    rig.pass(10_000).await;
    assert_eq!(
        rig.told(service(1)).await,
        [(0, 15_000, Up), (15_000, 30_000, Down)]
    );
    let any = [
        (0, 15_000, Up),
        (15_000, 25_000, Degraded),
        (25_000, 30_000, Down),
    ];
    assert_eq!(rig.told(service(2)).await, any);
}

#[tokio::test]
async fn a_check_for_login_prompts_is_about_the_vms_that_its_service_has_now() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Running)]).await;
    let login = Check {
        kind: CheckKind::Login,
        ..check(1)
    };
    for members in [&[1][..], &[1, 2]] {
        let of = spec(1, members, Rule::All);
        let of_host = ServiceSpec {
            checks: vec![login.clone()],
            members: of.members.iter().copied().chain([Watched::Host(HOST)]).collect(),
            ..of
        };
        rig.watches(&[of_host]).await;
        let asked = rig.handle.state().asked();
        let vms: Vec<_> = members.iter().map(|n| vm_id(*n)).collect();
        assert_eq!(asked[0].vms, vms);
    }
}

#[tokio::test]
async fn a_service_is_unknown_since_the_last_word_of_its_members_host() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    rig.pass(30_000).await;
    let heard = UnixMillis(START + 20_000);
    rig.loses(HOST, heard).await;
    assert_eq!(
        rig.stand(service(1)),
        Stand {
            standing: Unknown,
            since: Some(heard)
        }
    );
    rig.pass(10_000).await;
    assert_eq!(rig.told(service(1)).await, [(0, 20_000, Up)]);
}

#[tokio::test]
async fn a_member_that_is_deleted_is_unknown_since_then() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    rig.pass(30_000).await;
    rig.says(DriverEvent::Gone(vm_id(1))).await;
    rig.pass(10_000).await;
    let since = Some(UnixMillis(START + 35_000));
    for of in [a_vm(1), service(1)] {
        assert_eq!(
            rig.stand(of),
            Stand {
                standing: Unknown,
                since
            }
        );
        assert_eq!(rig.told(of).await, [(0, 35_000, Up)]);
    }
}

#[tokio::test]
async fn a_new_service_has_the_past_of_its_members() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Running)]).await;
    rig.pass(10_000).await;
    rig.says(DriverEvent::Changed(vm(1, Halted))).await;
    rig.pass(10_000).await;
    rig.says(DriverEvent::Changed(vm(1, Running))).await;
    rig.pass(10_000).await;
    rig.watches(&[spec(1, &[1, 2], Rule::All)]).await;
    let since = Some(UnixMillis(START + 25_000));
    assert_eq!(rig.stand(service(1)), Stand { standing: Up, since });
    rig.pass(10_000).await;
    let all = [(0, 15_000, Up), (15_000, 25_000, Down), (25_000, 40_000, Up)];
    assert_eq!(rig.told(service(1)).await, all);
}

#[tokio::test]
async fn members_that_may_turn_up_do_not_spoil_the_past_of_a_new_service() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(10_000).await;
    let partial = |n, vms: &[u128], rule| ServiceSpec {
        roll: Roll::Partial,
        ..spec(n, vms, rule)
    };
    rig.watches(&[
        partial(1, &[1], Rule::All),
        partial(2, &[1], Rule::Any),
        partial(3, &[], Rule::All),
    ])
    .await;
    assert_eq!(rig.told(service(1)).await, [(0, 10_000, Up)]);
    assert_eq!(rig.told(service(2)).await, [(0, 10_000, Up)]);
    assert_eq!(rig.told(service(3)).await, []);
    rig.watches(&[
        spec(1, &[1], Rule::All),
        spec(2, &[1], Rule::Any),
        spec(3, &[1], Rule::All),
    ])
    .await;
    rig.pass(10_000).await;
    for n in 1..=3 {
        assert_eq!(rig.told(service(n)).await, [(0, 20_000, Up)], "{n}");
    }
}

#[tokio::test]
async fn other_members_or_another_rule_change_nothing_that_was() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Halted)]).await;
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    rig.pass(10_000).await;
    rig.watches(&[spec(1, &[1, 2], Rule::All)]).await;
    rig.pass(10_000).await;
    rig.watches(&[spec(1, &[1, 2], Rule::Any)]).await;
    rig.pass(10_000).await;
    let all = [
        (0, 10_000, Up),
        (10_000, 20_000, Down),
        (20_000, 30_000, Degraded),
    ];
    assert_eq!(rig.told(service(1)).await, all);
    let rig = rig.killed(1_000).await;
    rig.watches(&[spec(1, &[1, 2], Rule::All)]).await;
    assert_eq!(rig.told(service(1)).await, all, "nor does a restart");
    rig.watches(&[]).await;
    rig.pass(10_000).await;
    assert_eq!(rig.told(service(1)).await, all, "nor its end");
    assert_eq!(rig.stand(service(1)).standing, Unknown);
}

#[tokio::test]
async fn while_members_may_still_turn_up_a_service_is_not_taken_for_whole() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    let partial = ServiceSpec {
        roll: Roll::Partial,
        ..spec(1, &[1], Rule::All)
    };
    rig.watches(&[partial]).await;
    assert_eq!(rig.stand(service(1)).standing, Unknown);
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    assert_eq!(rig.stand(service(1)).standing, Up);
}

#[tokio::test]
async fn a_check_makes_a_service_down_and_decides_while_its_host_is_lost() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    let mut with_check = spec(1, &[1], Rule::All);
    with_check.checks.push(check(5));
    rig.watches(&[with_check.clone()]).await;
    let hear = |standing: Standing, why: &str| {
        let answer = Answer::new(standing, why);
        rig.handle.state().hear(check(5).id, answer);
    };
    hear(Up, "fine");
    rig.pass(10_000).await;
    hear(Down, "refused");
    rig.pass(10_000).await;
    hear(Up, "fine");
    rig.loses(HOST, rig.now()).await;
    rig.pass(10_000).await;
    hear(Unknown, "no name server");
    rig.pass(10_000).await;
    let all = [(0, 10_000, Up), (10_000, 20_000, Down), (20_000, 30_000, Up)];
    assert_eq!(rig.told(service(1)).await, all);
    assert_eq!(rig.told(Watched::Check(check(5).id)).await, all);
    let said = rig.handle.said(check(5).id).unwrap();
    assert_eq!(
        (&*said.why, said.at),
        ("no name server", UnixMillis(START + 30_000))
    );
    with_check.checks.clear();
    rig.watches(&[with_check]).await;
    assert_eq!(rig.handle.said(check(5).id), None);
    hear(Up, "too late");
    assert_eq!(rig.handle.said(check(5).id), None, "it is not asked any more");
}

#[tokio::test]
async fn a_check_that_is_not_heard_of_any_more_is_unknown_since_its_last_end() {
    let rig = Rig::start().await;
    let mut of_check = spec(1, &[], Rule::All);
    of_check.checks.push(check(5));
    rig.watches(&[of_check]).await;
    rig.handle.state().hear(check(5).id, Answer::new(Up, "fine"));
    rig.pass(60_000).await;
    rig.handle.state().miss(crate::status::checks::late_ms);
    assert_eq!(rig.told(service(1)).await, [(0, 60_000, Up)]);
    rig.pass(60_000).await;
    rig.handle.state().miss(crate::status::checks::late_ms);
    rig.handle.write().await.unwrap();
    rig.handle.publish();
    assert_eq!(rig.told(service(1)).await, []);
    assert_eq!(rig.stand(service(1)).standing, Unknown);
}

/// Nothing came back.
fn silent() -> Answer {
    Answer {
        word: Word::Silence,
        ..Answer::new(Down, "It does not answer.")
    }
}

fn only_checks(n: u128) -> ServiceSpec {
    ServiceSpec {
        checks: vec![check(n)],
        ..spec(n, &[], Rule::All)
    }
}

#[tokio::test]
async fn when_nobody_answers_at_all_nothing_is_known_of_those_who_do_not() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.watches(&[only_checks(5), only_checks(6)]).await;
    let hear = |n: u128, answer: Answer| rig.handle.state().hear(check(n).id, answer);
    hear(5, Answer::new(Up, "fine"));
    hear(6, Answer::new(Up, "fine"));
    rig.pass(10_000).await;
    hear(5, silent());
    rig.pass(10_000).await;
    assert_eq!(rig.stand(service(5)).standing, Down, "its host answers");
    hear(5, Answer::new(Up, "fine"));
    rig.pass(10_000).await;
    // The cable is cut here.
    let cut = rig.now();
    rig.pass(10_000).await;
    hear(5, silent());
    rig.pass(10_000).await;
    assert_eq!(rig.stand(service(5)).standing, Down, "as far as is known yet");
    hear(6, silent());
    rig.loses(HOST, cut).await;
    rig.pass(10_000).await;
    for n in [5, 6] {
        assert_eq!(rig.stand(service(n)).standing, Unknown);
        assert_eq!(rig.stand(Watched::Check(check(n).id)).standing, Unknown);
    }
    assert!(rig.handle.said(check(5).id).unwrap().why.contains("cut off"));
    let of_5 = [(0, 10_000, Up), (10_000, 20_000, Down), (20_000, 40_000, Up)];
    assert_eq!(rig.told(service(5)).await, of_5);
    hear(6, silent());
    rig.pass(10_000).await;
    assert_eq!(rig.stand(service(6)).standing, Unknown);
    hear(5, Answer::new(Up, "fine"));
    hear(6, silent());
    rig.handle.publish();
    assert_eq!(rig.stand(service(5)).standing, Up);
    assert_eq!(rig.stand(service(6)).standing, Down, "others answer again");
}

#[tokio::test]
async fn a_service_that_refuses_is_down_though_no_host_is_heard() {
    let rig = Rig::start().await;
    rig.watches(&[only_checks(5), only_checks(6)]).await;
    rig.handle.state().hear(check(5).id, silent());
    rig.handle.publish();
    assert_eq!(rig.stand(service(5)).standing, Unknown);
    rig.handle.state().hear(check(6).id, Answer::new(Down, "refused"));
    rig.handle.state().hear(check(5).id, silent());
    rig.handle.publish();
    assert_eq!(rig.stand(service(6)).standing, Down);
    assert_eq!(rig.stand(service(5)).standing, Down, "somebody answers");
}
