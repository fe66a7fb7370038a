//! Who may do what: the whole operation table, walked by everybody there is.
//!
//! The table drives it. A new operation is walked without a line here, unless it takes parameters: then it needs a
//! well-formed body in `permissions/asked.rs`, and the walk says so.
mod asked;
mod expected;
mod principal;

use axum::http::StatusCode;
use std::time::Duration;
use wxa_model::{AuditId, Permission};
use wxa_sim::{GuestSpec, GuestType};
use wxa_testkit::{Raw, TestApp};
use wxa_wire::{OPERATIONS, OperationRow, operation::Audited, operation::Method, operation::Shape};

use asked::Asked;
use expected::expected;
use principal::Principal;

/// Two hosts: one that the principals of "elsewhere" have nothing to do with, and theirs.
async fn app() -> TestApp {
    let mut one = super::fleet::host("xen-1");
    one.guests.push(GuestSpec {
        guest_type: GuestType::Hvm,
        ..GuestSpec::new(asked::SCREEN).halted()
    });
    let two = super::fleet::other_host("xen-2");
    TestApp::builder().with_host(one).with_host(two).start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_everybody_as_the_table_says() {
    let app = app().await;
    let principals = Principal::all(&app).await;
    // What takes something away from everybody else, or from the caller itself, comes last.
    let mut operations: Vec<_> = OPERATIONS.iter().collect();
    operations.sort_by_key(|row| asked::farewell(row));
    let (mut walked, mut recorded) = (0, 0);
    for phase in operations.chunk_by(|a, b| asked::farewell(a) == asked::farewell(b)) {
        for principal in &principals {
            for row in phase {
                recorded += u32::from(walk(&app, principal, row).await);
                walked += 1;
            }
            // Who is refused a hundred times in a row is written down less often; the next one has the same account.
            app.clock().ahead(Duration::from_secs(500));
        }
    }
    println!(
        "{} operations × {} principals: {walked} walked, {recorded} changes found on record",
        OPERATIONS.len(),
        principals.len()
    );
    assert_eq!(walked, OPERATIONS.len() * principals.len());
}

/// Asks once; whether it changed something, which is on record then.
async fn walk(app: &TestApp, principal: &Principal, row: &OperationRow) -> bool {
    let wanted = expected(principal, row);
    if row.shape == Shape::Socket {
        let code = principal.socket(row, &Asked::path(app, row).await).await;
        assert_eq!(code, wanted.close_code(), "{} by {}", row.name, principal.name);
        return false;
    }
    let before = newest(app, row, principal).await;
    let reply = ask(app, principal, row).await;
    let place = format!("{} by {}: {reply:?}", row.name, principal.name);
    wanted.check(row, reply.status, &reply.body, &place);
    let changed = row.method != Method::Get && reply.status.is_success();
    // What somebody known tried in vain is on record as what was done.
    let tried = row.audited == Audited::Yes && reply.status.is_client_error() && principal.role.is_some();
    if (changed || tried) && row.permission != Permission::Anyone {
        assert_ne!(newest(app, row, principal).await, before, "no audit row: {place}");
    }
    changed
}

async fn ask(app: &TestApp, principal: &Principal, row: &OperationRow) -> Raw {
    let asked = Asked::of(app, row).await;
    principal
        .client
        .send(row.method.name(), &asked.path, asked.body.as_deref())
        .await
}

/// The newest audit row about this operation by this principal.
async fn newest(app: &TestApp, row: &OperationRow, principal: &Principal) -> Option<AuditId> {
    let mut rows = app.audit().await.into_iter();
    rows.find(|entry| entry.what == row.name && principal.is(&entry.by))
        .map(|entry| entry.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_another_host_is_not_even_seen() {
    let app = app().await;
    let operator = app.operator_on(app.host(1).1).await;
    let mut live = operator.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    assert!(live.vm(app.vm_id("mail-01")).is_some(), "its own host is seen");
    assert!(live.vm(app.vm_id("web-01")).is_none(), "the other one is not");
    assert!(live.host(app.host(0).1).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_misspelt_parameter_is_told_by_every_operation() {
    let app = app().await;
    let admin = app.admin().await;
    for row in OPERATIONS.iter().filter(|row| row.shape == Shape::Json) {
        let asked = Asked::of(&app, row).await;
        let Some(body) = asked.body else { continue };
        let spoilt = body.replacen('{', r#"{"unheard-of":1,"#, 1);
        let reply = admin.send(row.method.name(), &asked.path, Some(&spoilt)).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}: {reply:?}",
            row.name
        );
    }
}
