//! The loop that follows a pool for as long as its coordinator answers.
use super::{
    measure::{self, Measured},
    told::Told,
};
use crate::{
    events::{Class, Events},
    pool::{Care, Loaded, Pool},
    rpc::{Failed, Limits},
    world::Dirty,
};
use serde_json::json;
use std::{convert::Infallible, pin::pin, time::Duration};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{Instant, sleep_until},
};
use wxa_driver::{DriverEvent, Error, ErrorKind};

/// How long the pool waits for something to tell before it says that there is nothing: a sign of life at least every 5 s,
/// and 15 calls a minute from a quiet pool. XAPI wants a number with a fraction.
const WAITS: f64 = 4.001;
const NEXT: Limits = Limits {
    bytes: 256 << 20,
    begins: Duration::from_millis(9500),
    pauses: Duration::from_secs(10),
    within: Duration::from_secs(120),
};
/// A busy pool is asked at most twenty times a second: what happens meanwhile comes in one answer. XAPI gathers events for
/// about as long itself, so nothing is told later for it.
const APART: Duration = Duration::from_millis(50);
/// How often we say that the pool answers.
const ALIVE: Duration = Duration::from_secs(1);
/// The least time between two readings of all tasks.
const TASKS_APART: Duration = Duration::from_secs(30);
/// So many times in a row everything may be read anew without one good answer in between.
const RESYNCS: u32 = 3;
/// VMs that are made for the receiver at a time.
const SOME: usize = 256;
/// Batches between the measuring and the telling.
const BATCHES: usize = 64;

/// Follows the pool until something ends it.
///
/// # Errors
/// Why it ended.
pub(crate) async fn follow(pool: &Pool, events: &Sender<DriverEvent>) -> Result<Infallible, Error> {
    let loaded = tokio::select! {
        loaded = pool.load() => loaded?,
        () = events.closed() => return Err(receiver_gone()),
    };
    let (batches_in, batches) = mpsc::channel(BATCHES);
    let mut follower = Follower {
        pool,
        events,
        told: Told::default(),
        loaded,
        suspected: Vec::new(),
        resyncs: 0,
        said_alive: None,
        read_tasks_at: None,
    };
    follower.tell_everything().await?;
    tokio::select! {
        ended = follower.run(batches) => ended,
        never = measure::measure(pool, &batches_in) => match never {},
    }
}

struct Follower<'a> {
    pool: &'a Pool,
    events: &'a Sender<DriverEvent>,
    told: Told,
    loaded: Loaded,
    /// Classes that were miscounted in the last answer.
    suspected: Vec<Class>,
    resyncs: u32,
    said_alive: Option<Instant>,
    read_tasks_at: Option<Instant>,
}

enum Next {
    Answer(Result<Events, Failed>),
    Batch(Option<Measured>),
    ReceiverGone,
}

impl Follower<'_> {
    async fn run(mut self, mut batches: Receiver<Measured>) -> Result<Infallible, Error> {
        let mut not_before = Instant::now();
        loop {
            let asked_at = Instant::now().max(not_before);
            let (pool, session, token) = (self.pool, self.loaded.session.clone(), self.loaded.token.clone());
            let mut asking = pin!(async move {
                sleep_until(not_before).await;
                let classes: Vec<&str> = Class::watched().map(Class::name).collect();
                let params = vec![json!(classes), json!(token), json!(WAITS)];
                pool.call_in(&session, "event.from", params, NEXT, Care::Reads)
                    .await
            });
            let answer = loop {
                let next = tokio::select! {
                    answer = &mut asking => Next::Answer(answer),
                    batch = batches.recv() => Next::Batch(batch),
                    () = self.events.closed() => Next::ReceiverGone,
                };
                match next {
                    Next::Answer(answer) => break answer,
                    Next::Batch(Some((member, batch))) if self.told.knows(member) => {
                        // Measurements may be skipped: the next ones are 5 s away.
                        let _ = self.events.try_send(DriverEvent::MemberSamples(member, batch));
                    }
                    Next::Batch(_) => {}
                    Next::ReceiverGone => return Err(receiver_gone()),
                }
            };
            match answer {
                Ok(answer) => {
                    not_before = match answer.events.is_empty() {
                        // A pool that does not wait is not asked without pause.
                        true => asked_at + ALIVE,
                        false => asked_at + APART,
                    };
                    self.take(answer).await?;
                }
                Err(Failed::Said(failure)) if failure.ends_session() => {
                    // The toolstack has restarted, or another host coordinates: its events are counted anew.
                    self.pool.forget(&self.loaded.session).await;
                    self.resync().await?;
                }
                // The token is of no use, or events were lost.
                Err(Failed::Said(failure)) if failure.code.starts_with("EVENT") => self.resync().await?,
                Err(failed) => return Err(failed.into()),
            }
        }
    }

    /// An answer has come: tell what is different.
    async fn take(&mut self, answer: Events) -> Result<(), Error> {
        let mut dirty = Dirty::default();
        let certificates = answer
            .events
            .iter()
            .any(|event| matches!(event.class, Some(Class::Certificate | Class::Host)));
        let (news, miscounted) = {
            let mut world = self.pool.world();
            for event in answer.events {
                world.apply(event, &mut dirty)?;
            }
            (
                self.told.update(&world, &dirty, self.pool.own_tasks()),
                world.miscounted(&answer.valid_ref_counts),
            )
        };
        if certificates {
            self.pool.learn_members();
        }
        self.loaded.token = answer.token;
        self.send_all(news).await?;
        // An object may come and go between its event and the look at it. One that is missing twice was lost.
        let lost = miscounted
            .iter()
            .filter(|class| **class != Class::Task)
            .any(|class| self.suspected.contains(class) && !self.loaded.odd.contains(class));
        let lost_tasks = self.has_lost_tasks(&miscounted);
        self.suspected = miscounted;
        if lost {
            return self.resync().await;
        }
        if lost_tasks {
            self.read_tasks().await?;
        }
        self.resyncs = 0;
        self.tell_alive().await
    }

    /// Tasks come and go all the time: they are not worth everything, and are read by themselves, now and then.
    fn has_lost_tasks(&self, miscounted: &[Class]) -> bool {
        let is_odd = |classes: &[Class]| classes.contains(&Class::Task);
        is_odd(miscounted)
            && is_odd(&self.suspected)
            && !is_odd(&self.loaded.odd)
            && self.read_tasks_at.is_none_or(|at| at.elapsed() >= TASKS_APART)
    }

    async fn read_tasks(&mut self) -> Result<(), Error> {
        self.read_tasks_at = Some(Instant::now());
        // What is wrong with the connection shows at the next question too.
        if let Err(error) = self.pool.read_tasks().await {
            tracing::debug!(%error, "the pool's tasks cannot be read");
            return Ok(());
        }
        let dirty = Dirty {
            tasks: true,
            ..Dirty::default()
        };
        let news = self
            .told
            .update(&self.pool.world(), &dirty, self.pool.own_tasks());
        self.send_all(news).await
    }

    /// Reads everything anew.
    async fn resync(&mut self) -> Result<(), Error> {
        self.resyncs += 1;
        if self.resyncs > RESYNCS {
            return Err(Error::new(
                ErrorKind::Malformed,
                "The pool does not say what changes: its events end again and again.",
            ));
        }
        self.loaded = tokio::select! {
            loaded = self.pool.load() => loaded?,
            () = self.events.closed() => return Err(receiver_gone()),
        };
        self.suspected.clear();
        self.tell_everything().await
    }

    async fn tell_everything(&mut self) -> Result<(), Error> {
        let (news, vms) = self.told.begin(&self.pool.world());
        self.send_all(news).await?;
        for some in vms.chunks(SOME) {
            let news = self.told.list(&self.pool.world(), some);
            self.send_all(news).await?;
        }
        let news = self.told.end(&self.pool.world(), self.pool.own_tasks());
        self.send_all(news).await?;
        self.tell_alive().await
    }

    async fn tell_alive(&mut self) -> Result<(), Error> {
        if self.said_alive.is_none_or(|said| said.elapsed() >= ALIVE) {
            self.send(DriverEvent::Alive).await?;
            self.said_alive = Some(Instant::now());
        }
        Ok(())
    }

    async fn send_all(&self, news: Vec<DriverEvent>) -> Result<(), Error> {
        for event in news {
            self.send(event).await?;
        }
        Ok(())
    }

    async fn send(&self, event: DriverEvent) -> Result<(), Error> {
        self.events.send(event).await.map_err(|_| receiver_gone())
    }
}

fn receiver_gone() -> Error {
    Error::new(ErrorKind::Internal, "Nobody watches the pool any more.")
}
