//! Refusals: written once, by those who signed in, and not without end.
use super::*;
use crate::{AuditEntry, AuditFilter, core::test_core::TestCore};
use uuid::Uuid;

fn ada() -> Ctx {
    Ctx {
        user: Some(UserId(Uuid::from_u128(1))),
        name: "ada".into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

async fn rows(core: &TestCore) -> Vec<AuditEntry> {
    let filter = AuditFilter {
        what: Some("vm_start".into()),
        ..AuditFilter::default()
    };
    core.audit_list(&Ctx::command_line(), filter).await.unwrap()
}

#[tokio::test]
async fn a_refusal_of_somebody_signed_in_leaves_one_row_with_the_reason() {
    let core = TestCore::start().await;
    let ctx = ada();
    core.audit_refused(&ctx, "vm_start", "vm-1", &Error::Forbidden)
        .await;
    core.audit_refused(&ctx, "vm_start", "vm-1", &Error::Forbidden)
        .await;
    let found = rows(&core).await;
    let [row] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (row.by.as_str(), row.on_id.as_str(), row.detail.as_str()),
        ("ada", "vm-1", "not allowed")
    );
    assert_eq!(row.outcome, Some(AuditOutcome::Refused));
    assert!(row.ended_at.is_some());
    core.stop().await;
}

#[tokio::test]
async fn an_act_that_has_its_row_gets_no_second_one_and_strangers_get_none() {
    let core = TestCore::start().await;
    let ctx = ada();
    let act = async { Err::<(), _>(Error::NotFound) };
    let error = core
        .audited(&ctx, "vm_start", AuditTarget::installation(), act)
        .await
        .unwrap_err();
    core.audit_refused(&ctx, "vm_start", "", &error).await;
    let stranger = Ctx::anonymous("192.0.2.1", "r");
    core.audit_refused(&stranger, "vm_start", "", &Error::Unauthenticated)
        .await;
    assert_eq!(rows(&core).await.len(), 1);
    core.stop().await;
}

#[test]
fn a_flood_of_refusals_is_counted_instead_of_written() {
    let budget = RefusalBudget::default();
    let (ada, ben) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
    let at = |s: u64| UnixMillis(1_000_000 + s * 1000);
    for _ in 0..BURST {
        assert_eq!(budget.take(ada, at(0)), Some(0));
    }
    assert_eq!(budget.take(ada, at(0)), None);
    assert_eq!(budget.take(ada, at(4)), None);
    assert_eq!(budget.take(ben, at(4)), Some(0), "others are written");
    assert_eq!(budget.take(ada, at(5)), Some(2), "the next row tells how many");
    assert_eq!(budget.take(ada, at(5)), None);
}
