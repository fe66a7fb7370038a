//! A run from its first request to the last result.
use super::*;
use crate::sample::{task, vm};
use uuid::Uuid;
use wxa_model::{PowerState, Refusal, RefusalCode};

fn run(n: u128) -> Run {
    let vms = (1..=n).map(|n| (VmId(Uuid::from_u128(n)), format!("web-{n:02}")));
    Run::new(Action::VmShutdown, vms.collect())
}

fn id(n: u128) -> TaskId {
    TaskId(Uuid::from_u128(n))
}

fn error(code: ErrorCode) -> ErrorBody {
    ErrorBody {
        code,
        message: "It broke.".into(),
        field: None,
        refusal: (code == ErrorCode::Conflict)
            .then(|| Refusal::new(RefusalCode::WrongState, "It is not running.")),
        request_id: String::new(),
    }
}

fn ended(n: u128, outcome: Option<TaskOutcome>) -> Arc<Task> {
    Arc::new(Task {
        id: id(n),
        outcome,
        ..task(n, &vm(n, "web", PowerState::Running))
    })
}

fn failed(why: &str) -> Option<TaskOutcome> {
    Some(TaskOutcome::Failed { why: why.into() })
}

#[test]
fn no_more_are_under_way_than_allowed_and_each_that_ends_makes_room() {
    let mut run = run(20);
    let first = run.begin(|| "k".into());
    assert_eq!(first.len(), AT_ONCE);
    assert!(run.begin(|| "k".into()).is_empty());
    for (n, request) in (1..).zip(&first) {
        run.answered(request, Ok(id(n)), "");
    }
    assert!(
        run.begin(|| "k".into()).is_empty(),
        "a task under way holds its place"
    );
    run.follow(&[
        ended(1, Some(TaskOutcome::Done)),
        ended(2, failed("no memory")),
        ended(3, None),
    ]);
    assert_eq!(run.begin(|| "k".into()).len(), 2);
    let counts = run.counts();
    assert_eq!(
        (counts.done, counts.failed, counts.running, counts.waiting),
        (1, 1, 8, 10)
    );
    assert_eq!(counts.quarters(), 0);
    assert!(!counts.is_over());
}

#[test]
fn each_answer_is_told_for_what_it_is() {
    let mut run = run(5);
    let requests = run.begin(|| "k".into());
    let answers = [
        ErrorCode::Conflict,
        ErrorCode::HostUnavailable,
        ErrorCode::OutcomeUnknown,
        ErrorCode::Offline,
        ErrorCode::NotFound,
    ];
    for (request, code) in requests.iter().zip(answers) {
        run.answered(request, Err(&error(code)), "words");
    }
    let states: Vec<State> = run.rows.iter().map(|row| row.state.clone()).collect();
    let words = || "words".to_owned();
    assert_eq!(
        states,
        [
            State::Refused(words()),
            State::Failed(words()),
            State::Unknown(words()),
            State::Failed(words()),
            State::Refused(words()),
        ]
    );
    assert!(run.counts().is_over());
    assert_eq!(run.counts().quarters(), 4);
}

#[test]
fn what_failed_is_tried_again_and_what_is_not_known_is_not() {
    let mut run = run(3);
    let requests = run.begin(|| "first".into());
    run.answered(&requests[0], Ok(id(1)), "");
    run.answered(&requests[1], Err(&error(ErrorCode::Offline)), "no answer");
    run.answered(&requests[2], Err(&error(ErrorCode::OutcomeUnknown)), "who knows");
    run.follow(&[ended(1, failed("no memory"))]);
    run.retry();
    let again = run.begin(|| "second".into());
    let keys: Vec<(usize, &str)> = again
        .iter()
        .map(|request| (request.at, request.key.as_str()))
        .collect();
    // The unanswered request may have got through: the same key makes sure that it is not done twice.
    assert_eq!(keys, [(0, "second"), (1, "first")]);
    assert_eq!(run.counts().unknown, 1);
}

#[test]
fn what_waits_is_taken_back_and_what_began_is_not() {
    let mut run = run(10);
    run.begin(|| "k".into());
    run.cancel_waiting();
    let counts = run.counts();
    assert_eq!((counts.running, counts.cancelled), (8, 2));
    assert!(run.begin(|| "k".into()).is_empty());
}

#[test]
fn a_page_loaded_anew_goes_on_where_it_was() {
    let mut before = run(3);
    let requests = before.begin(|| "k".into());
    before.answered(&requests[0], Ok(id(1)), "");
    before.answered(&requests[1], Ok(id(2)), "");
    let text = serde_json::to_string(&before).expect("written");
    let mut after: Run = serde_json::from_str(&text).expect("read");
    after.resume();
    after.follow(&[ended(1, Some(TaskOutcome::Done))]);
    let states: Vec<State> = after.rows.iter().map(|row| row.state.clone()).collect();
    assert_eq!(states, [State::Done, State::Lost, State::Waiting]);
    let again = after.begin(|| "new".into());
    assert_eq!(again.first().map(|request| request.key.as_str()), Some("k"));
}

#[test]
fn a_late_answer_to_an_older_request_changes_nothing() {
    let mut run = run(1);
    let first = run.begin(|| "first".into());
    run.answered(&first[0], Ok(id(1)), "");
    run.follow(&[ended(1, failed("no"))]);
    run.retry();
    run.begin(|| "second".into());
    run.answered(&first[0], Ok(id(7)), "");
    assert_eq!(run.rows[0].state, State::Asking);
}

#[test]
fn a_task_is_waited_for_until_it_was_seen_and_gone() {
    let mut run = run(1);
    let first = run.begin(|| "k".into());
    run.answered(&first[0], Ok(id(1)), "");
    run.follow(&[]);
    assert!(
        matches!(run.rows[0].state, State::Running { .. }),
        "the delta is on its way"
    );
    run.follow(&[ended(1, None)]);
    run.follow(&[]);
    assert_eq!(run.rows[0].state, State::Lost);
}
