//! How often checks are asked, how many at a time, and what is reported. The clock is paused.
use super::*;
use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::time::{sleep, timeout};
use uuid::Uuid;
use wxa_model::status::CheckKind;

const LONG: Duration = Duration::from_secs(600);

/// Takes its time, and counts.
struct Fake {
    takes: Duration,
    under_way: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<Vec<(CheckId, Instant)>>,
    /// What comes first; up after that.
    answers: Mutex<VecDeque<Standing>>,
}

impl Fake {
    fn taking(takes: Duration, answers: &[Standing]) -> Arc<Self> {
        Arc::new(Self {
            takes,
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            asked: Mutex::default(),
            answers: Mutex::new(answers.iter().copied().collect()),
        })
    }
}

#[async_trait]
impl Ask for Fake {
    async fn ask(&self, asked: &Asked) -> Answer {
        self.asked.lock().unwrap().push((asked.check.id, Instant::now()));
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        sleep(self.takes).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        let next = self.answers.lock().unwrap().pop_front();
        Answer::new(next.unwrap_or(Standing::Up), "as told")
    }
}

fn check(n: u128, every_s: u32) -> Check {
    let (host, port) = ("web.example".into(), 443);
    Check {
        id: CheckId(Uuid::from_u128(n)),
        kind: CheckKind::Tcp { host, port },
        every_s,
        may_go_inside: false,
    }
}

fn asked(check: Check, by: u128) -> Asked {
    let by = UserId(Uuid::from_u128(by));
    let vms = Vec::new();
    Asked { check, by, vms }
}

/// A worker over `checks`, and what it reports.
struct Worker {
    checks: watch::Sender<Arc<[Asked]>>,
    ends: mpsc::Receiver<CheckEnd>,
    supervisor: crate::supervisor::Supervisor,
}

impl Worker {
    /// All by the same author.
    fn start(asker: Arc<Fake>, checks: Vec<Check>) -> Self {
        Self::over(asker, checks.into_iter().map(|check| asked(check, 1)).collect())
    }

    fn over(asker: Arc<Fake>, checks: Vec<Asked>) -> Self {
        let (tell, ends) = mpsc::channel(1000);
        let (checks, asked) = watch::channel(Arc::from(checks));
        let supervisor = crate::supervisor::Supervisor::new();
        supervisor.spawn("checks", Restart::Never, move |stop| {
            run(asker.clone(), asked.clone(), tell.clone(), stop)
        });
        Self {
            checks,
            ends,
            supervisor,
        }
    }

    async fn next(&mut self) -> CheckEnd {
        timeout(LONG, self.ends.recv()).await.unwrap().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn each_check_is_asked_as_often_as_it_says() {
    let fake = Fake::taking(Duration::from_millis(500), &[]);
    let mut worker = Worker::start(fake.clone(), vec![check(1, 10), check(2, 60)]);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(120) {
        worker.next().await;
    }
    let times = |n: u128| {
        let asked = fake.asked.lock().unwrap();
        let its = asked.iter().filter(|(id, _)| *id == check(n, 10).id);
        its.map(|(_, at)| (*at - begun).as_secs()).collect::<Vec<_>>()
    };
    assert_eq!(times(1), (0..=12).map(|n| n * 10).collect::<Vec<_>>());
    assert_eq!(times(2), [0, 60, 120]);
    assert_eq!(worker.supervisor.stop(LONG).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_sixty_four_are_under_way() {
    let fake = Fake::taking(Duration::from_secs(9), &[]);
    let mut worker = Worker::start(fake.clone(), (0..200).map(|n| check(n, 10)).collect());
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        seen.insert(worker.next().await.check);
    }
    assert_eq!(fake.most.load(Ordering::SeqCst), AT_ONCE);
    assert_eq!(seen.len(), 200, "those that waited longest come first");
}

#[tokio::test(start_paused = true)]
async fn all_that_one_may_set_up_end_in_time_though_nobody_answers() {
    let down = [Standing::Down; 10_000];
    let fake = Fake::taking(Duration::from_secs(10), &down);
    let all: Vec<_> = (0..200).map(|n| check(n, 10)).collect();
    let mut worker = Worker::start(fake, all.clone());
    let mut ended: std::collections::HashMap<_, _> =
        all.iter().map(|check| (check.id, Instant::now())).collect();
    for _ in 0..1000 {
        let end = worker.next().await;
        let before = ended.insert(end.check, Instant::now()).unwrap();
        assert!(before.elapsed() < Duration::from_millis(late_ms(&all[0])));
    }
}

#[tokio::test(start_paused = true)]
async fn an_author_with_many_dead_checks_does_not_hold_up_another_ones() {
    let fake = Fake::taking(Duration::from_secs(10), &[Standing::Down; 10_000]);
    let many = (0..500).map(|n| asked(check(n, 10), 1));
    let other = check(1000, 10);
    let checks = many.chain([asked(other.clone(), 2)]).collect();
    let mut worker = Worker::over(fake, checks);
    let mut before = Instant::now();
    for _ in 0..300 {
        if worker.next().await.check == other.id {
            assert!(
                before.elapsed() < Duration::from_secs(45),
                "{:?}",
                before.elapsed()
            );
            before = Instant::now();
        }
    }
    assert!(before.elapsed() < Duration::from_secs(45));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_to_be_asked_again_is_in_nobodys_way() {
    let fake = Fake::taking(Duration::ZERO, &[Standing::Down; AT_ONCE]);
    let many = AT_ONCE as u128;
    let mut worker = Worker::start(fake, (0..=many).map(|n| check(n, 10)).collect());
    let begun = Instant::now();
    assert_eq!(worker.next().await.check, check(many, 10).id);
    assert!(begun.elapsed() < AGAIN_AFTER);
}

#[tokio::test(start_paused = true)]
async fn what_fails_once_is_asked_again_before_it_counts() {
    use Standing::{Degraded, Down, Up};
    let answers = [Down, Up, Down, Down, Degraded];
    let fake = Fake::taking(Duration::ZERO, &answers);
    let mut worker = Worker::start(fake, vec![check(1, 10)]);
    for expected in [Up, Down, Degraded] {
        assert_eq!(worker.next().await.answer.standing, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_that_was_taken_away_or_changed_meanwhile_is_not_reported() {
    let fake = Fake::taking(Duration::from_secs(5), &[]);
    let mut worker = Worker::start(fake.clone(), vec![check(1, 10), check(2, 10)]);
    while fake.asked.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    worker.checks.send_replace(Arc::from([asked(check(2, 20), 1)]));
    let begun = Instant::now();
    let end = worker.next().await;
    assert_eq!(end.check, check(2, 20).id);
    assert_eq!(
        begun.elapsed().as_secs(),
        5,
        "the changed one was asked anew at once"
    );
    assert_eq!(worker.next().await.check, check(2, 20).id);
    assert_eq!(begun.elapsed().as_secs(), 25);
}
