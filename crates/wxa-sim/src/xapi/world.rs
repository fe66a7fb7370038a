//! A simulated pool as a state machine: its database, sessions, and what is going to happen at which time. Time is passed in.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::config::{Account, PoolConfig};
use super::db::Db;
use super::failure::Failure;
use super::guests::Guests;
use super::plan::Plan;
use super::role::Role;
use super::value::{Ref, Value};
use crate::dice::Dice;

/// Time zero lies this long before the simulation starts, so that hosts and VMs can have been up for days.
pub(super) const PAST: Duration = Duration::from_secs(60 * 86_400);
/// Sessions die after this long without a call.
const SESSION_IDLE: Duration = Duration::from_secs(86_400);
/// How many sessions a user may have; the oldest goes for the next one.
const SESSIONS: usize = 500;

/// Who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) user: String,
    pub(super) role: Role,
    pub(super) last_active: Duration,
}

/// The pool.
#[derive(Debug)]
pub(super) struct World {
    pub(super) config: PoolConfig,
    pub(super) db: Db,
    pub(super) dice: Dice,
    pub(super) now: Duration,
    /// Seconds since 1970 at time zero.
    pub(super) epoch: f64,
    pub(super) pool: Ref,
    sessions: HashMap<Ref, Session>,
    plans: BTreeMap<(Duration, u64), Plan>,
    plan_count: u64,
    /// How tasks ended that a synchronous call waits for.
    pub(super) outcomes: HashMap<Ref, Result<Value, Failure>>,
    /// Whose tasks they are.
    pub(super) task_owners: HashMap<Ref, String>,
    pub(super) guests: Guests,
    /// Messages, the oldest first.
    pub(super) message_order: VecDeque<Ref>,
    /// Hosts that do not answer.
    pub(super) offline: HashSet<Ref>,
    /// Hosts that find themselves without a coordinator.
    pub(super) emergency: HashSet<Ref>,
    /// Calls that were made so far.
    pub(super) calls: u64,
}

impl World {
    pub(super) fn new(config: PoolConfig, epoch: f64) -> Self {
        let mut dice = Dice::new(config.seed, &config.name);
        let pool = Ref(dice.uuid().into_bytes());
        Self {
            db: Db::new(),
            dice,
            now: PAST,
            epoch,
            pool,
            sessions: HashMap::new(),
            plans: BTreeMap::new(),
            plan_count: 0,
            outcomes: HashMap::new(),
            task_owners: HashMap::new(),
            guests: Guests::default(),
            message_order: VecDeque::new(),
            offline: HashSet::new(),
            emergency: HashSet::new(),
            calls: 0,
            config,
        }
    }

    /// Seconds since 1970.
    pub(super) fn unix(&self) -> f64 {
        self.epoch + self.now.as_secs_f64()
    }

    /// The same as a value.
    pub(super) fn date(&self) -> Value {
        Value::Date(self.unix() as i64)
    }

    /// A reference and a UUID for a new object.
    pub(super) fn new_object(&mut self) -> (Ref, Value) {
        let reference = Ref(self.dice.uuid().into_bytes());
        (reference, Value::from(self.dice.uuid().to_string()))
    }

    /// The coordinator.
    pub(super) fn coordinator(&self) -> Ref {
        self.db.reference("pool", self.pool, "master")
    }

    /// Scripted durations at the pool's pace.
    pub(super) fn paced(&self, seconds: f64) -> Duration {
        crate::guest::boot::paced(self.config.pace, Duration::from_secs_f64(seconds.max(0.0)))
    }

    /// Lets time pass: what is due happens in its order.
    pub(super) fn advance(&mut self, now: Duration) {
        while let Some((at, _)) = self
            .plans
            .first_key_value()
            .map(|(key, _)| *key)
            .filter(|(at, _)| *at <= now)
        {
            self.now = self.now.max(at);
            if let Some((_, plan)) = self.plans.pop_first() {
                self.happen(plan);
            }
        }
        self.now = self.now.max(now);
    }

    /// When something happens next by itself.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.plans.first_key_value().map(|((at, _), _)| *at)
    }

    /// Plans something.
    pub(super) fn plan(&mut self, after: Duration, plan: Plan) {
        self.plan_count += 1;
        self.plans.insert((self.now + after, self.plan_count), plan);
    }

    /// Signs in.
    pub(super) fn log_in(&mut self, user: &str, password: &str, host: Ref, originator: &str) -> Option<Ref> {
        let account: Account = self
            .config
            .accounts
            .iter()
            .find(|account| account.user == user && account.password == password)?
            .clone();
        let of_user = self.sessions.iter().filter(|(_, session)| session.user == user);
        if of_user.clone().count() >= SESSIONS
            && let Some(oldest) = of_user
                .min_by_key(|(_, session)| session.last_active)
                .map(|(oldest, _)| *oldest)
        {
            self.log_out(oldest);
        }
        let (reference, uuid) = self.new_object();
        let now = self.date();
        let fields = [
            ("uuid", uuid),
            ("this_host", Value::Ref(host)),
            ("last_active", now.clone()),
            ("pool", false.into()),
            ("is_local_superuser", (account.user == "root").into()),
            ("validation_time", now),
            ("auth_user_name", user.into()),
            ("originator", originator.into()),
        ];
        self.db.insert("session", reference, fields);
        let session = Session {
            user: user.to_owned(),
            role: account.role,
            last_active: self.now,
        };
        self.sessions.insert(reference, session);
        Some(reference)
    }

    /// Ends a session.
    pub(super) fn log_out(&mut self, session: Ref) {
        self.sessions.remove(&session);
        self.db.delete("session", session);
    }

    /// Whose session it is.
    ///
    /// # Errors
    /// `SESSION_INVALID`.
    pub(super) fn session(&mut self, reference: Ref) -> Result<Session, Failure> {
        let now = self.now;
        let live = self
            .sessions
            .get_mut(&reference)
            .filter(|session| session.last_active + SESSION_IDLE > now);
        match live {
            Some(session) => {
                session.last_active = now;
                Ok(session.clone())
            }
            None => {
                self.log_out(reference);
                Err(Failure::session(&reference.to_string()))
            }
        }
    }

    /// The toolstack restarts: sessions and tasks are gone, the database stays.
    pub(super) fn restart_toolstack(&mut self) {
        for session in std::mem::take(&mut self.sessions).into_keys() {
            self.db.delete("session", session);
        }
        let tasks: Vec<Ref> = self.db.all("task").collect();
        tasks.into_iter().for_each(|task| self.db.delete("task", task));
        self.task_owners.clear();
    }
}
