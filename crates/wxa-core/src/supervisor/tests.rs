//! Workers are restarted, stopped and shown.
use super::*;
use tokio::sync::mpsc;

const BOUND: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn a_worker_that_fails_or_panics_is_started_again() {
    let supervisor = Supervisor::new();
    let (runs, mut seen) = mpsc::channel(8);
    let mut count = 0;
    let worker = supervisor.spawn("flaky", Restart::OnFailure, move |stop| {
        count += 1;
        let (run, runs) = (count, runs.clone());
        async move {
            runs.send(run).await?;
            match run {
                1 => Err("first".into()),
                2 => panic!("second"),
                _ => {
                    stop.cancelled().await;
                    Ok(())
                }
            }
        }
    });
    for expected in 1..=3 {
        assert_eq!(seen.recv().await, Some(expected));
    }
    let status = supervisor.status();
    assert_eq!(status.len(), 1);
    assert_eq!((status[0].state, status[0].restarts), (WorkerState::Running, 2));
    assert_eq!(status[0].last_failure.as_deref(), Some("panicked: second"));

    worker.stop();
    worker.ended().await;
    assert_eq!(
        supervisor.status(),
        [],
        "a worker that has done its work is forgotten"
    );
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_must_not_fail_makes_the_process_unhealthy() {
    let supervisor = Supervisor::new();
    let worker = supervisor.spawn("owner", Restart::Never, |_| async { Err("lost".into()) });
    worker.ended().await;
    assert!(!supervisor.is_healthy());
    assert_eq!(supervisor.status()[0].state, WorkerState::Failed);
}

#[tokio::test(start_paused = true)]
async fn stopping_is_bounded_and_names_who_was_late() {
    let supervisor = Supervisor::new();
    supervisor.spawn("polite", Restart::OnFailure, |stop| async move {
        stop.cancelled().await;
        Ok(())
    });
    let deaf = supervisor.spawn("deaf", Restart::OnFailure, |_| std::future::pending());
    assert_eq!(supervisor.stop(BOUND).await, ["deaf"]);
    deaf.ended().await;
}
