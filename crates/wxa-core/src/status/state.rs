//! What the recorder knows, and how each thing it is told changes that. Decides; reads no clock and no database.
use super::{
    CheckSaid, ServiceSpec, Stand, Standings,
    checks::{Answer, Asked, Word},
    seen::{self, Seen},
    services::{Services, all_parts},
    timeline::Timeline,
    tracks::Tracks,
};
use crate::inventory::Published;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use wxa_model::{
    CheckId, HostId, ServiceId, UnixMillis,
    status::{Check, Span, Standing, Watched},
};
use wxa_store::{PeriodRecord, SpanChange, SpanRecord};

/// What the recorder knows.
#[derive(Debug, Default)]
pub(super) struct State {
    timeline: Timeline,
    tracks: Tracks,
    services: Services,
    said: HashMap<CheckId, Said>,
    /// The hosts that are up.
    hosts: HashSet<HostId>,
    /// When anything came back over the network the last time, but for what hosts say that are up.
    heard: UnixMillis,
    /// How long what the run before recorded was known.
    before: Arc<HashMap<Watched, UnixMillis>>,
    /// The revision of the inventory that was looked at last.
    seen: Option<u64>,
    /// Periods that ended and are not written so.
    ended: Vec<PeriodRecord>,
    /// Whether the present period has been written.
    is_period_kept: bool,
    now: UnixMillis,
    revision: u64,
}

/// What came of a check.
#[derive(Debug)]
struct Said {
    told: CheckSaid,
    word: Word,
    /// When something came back of it the last time.
    heard: Option<UnixMillis>,
}

impl Said {
    /// It counts as down only because nothing came back.
    fn is_silent(&self) -> bool {
        self.word == Word::Silence && self.told.standing == Standing::Down
    }
}

/// What is to be written together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub changes: Vec<SpanChange>,
    /// None while more changes follow that belong to the same moment.
    pub periods: Vec<PeriodRecord>,
}

impl State {
    /// After what earlier runs recorded, with what they left open as it was ended.
    pub fn new(periods: Vec<PeriodRecord>, left: &[SpanRecord]) -> Self {
        let before = left.iter().filter_map(|span| Some((span.of, span.ended?)));
        Self {
            timeline: Timeline::new(periods),
            before: Arc::new(before.collect()),
            ..Self::default()
        }
    }

    /// The clock tells `now`, `passed_ms` after it was asked before. Comes before anything else is told.
    pub fn advance(&mut self, now: UnixMillis, passed_ms: u64) {
        let turned = self.timeline.advance(now, passed_ms);
        if let Some(ended) = turned.ended {
            self.tracks.pause(ended);
            self.ended.extend(self.timeline.over().last());
            tracing::warn!(
                ended = ended.0,
                now = now.0,
                "the clock was set, or the server stood still: nothing is recorded of the time between"
            );
        }
        if let Some(began) = turned.began {
            self.tracks.begin(began);
            self.is_period_kept = false;
        }
        self.now = self.timeline.present().map_or(now, |present| present.known);
    }

    /// The inventory's latest picture.
    pub fn see(&mut self, picture: &Published) {
        let turns = seen::transitions(picture, self.seen, &self.tracks);
        self.seen = Some(picture.revision);
        // A host may have been lost a while ago: what hung on it is told in the order in which it happened.
        let mut moments: BTreeMap<UnixMillis, Vec<(Watched, Option<Seen>)>> = BTreeMap::new();
        for (of, seen) in turns {
            let word = seen.and_then(|seen| seen.last_word);
            let at = word.unwrap_or(self.now).min(self.now);
            moments.entry(at).or_default().push((of, seen));
        }
        for (at, turns) in moments {
            let mut touched = BTreeSet::new();
            for (of, seen) in turns {
                if self.turn(of, seen, at) {
                    touched.extend(self.services.with(of));
                }
            }
            self.judge(touched, at);
        }
        if self.is_cut_off() {
            self.doubt();
        }
    }

    /// Whether it stands differently than before.
    fn turn(&mut self, of: Watched, seen: Option<Seen>, at: UnixMillis) -> bool {
        let was = self.tracks.get(of);
        match (seen, was) {
            (None, None) => return false,
            // A member that is gone is told of further on.
            (None, Some(_)) if self.services.with(of).next().is_some() => {
                self.tracks.set(of, Standing::Unknown, at);
            }
            (None, Some(_)) => self.tracks.remove(of, at),
            (
                Some(Seen {
                    standing: Standing::Unknown,
                    last_word,
                }),
                None,
            ) => {
                self.tracks.meet(of, self.before.get(&of).copied().or(last_word));
            }
            (Some(seen), _) => self.tracks.set(of, seen.standing, at),
        }
        let standing = |stand: Option<Stand>| stand.map_or(Standing::Unknown, |stand| stand.standing);
        if let Watched::Host(host) = of {
            match standing(self.tracks.get(of)) {
                Standing::Up => {
                    self.hosts.insert(host);
                }
                Standing::Degraded | Standing::Down | Standing::Unknown => {
                    if self.hosts.remove(&host) {
                        self.heard = self.heard.max(at);
                    }
                }
            }
        }
        standing(was) != standing(self.tracks.get(of))
    }

    /// Judges services as of a moment. Those that were never judged are met as unknown.
    fn judge(&mut self, services: impl IntoIterator<Item = ServiceId>, at: UnixMillis) {
        for id in services {
            let of = Watched::Service(id);
            let Some(standing) = self.services.judge(id, |part| self.standing(part)) else {
                continue;
            };
            if self.tracks.get(of).is_none() {
                self.tracks.meet(of, self.before.get(&of).copied());
            }
            self.tracks.set(of, standing, at);
        }
    }

    fn standing(&self, of: Watched) -> Standing {
        self.tracks
            .get(of)
            .map_or(Standing::Unknown, |stand| stand.standing)
    }

    /// Other services are to be judged. Returns those that are new: they are judged when their past is known, by
    /// [`State::remember`].
    pub fn replace(&mut self, specs: &[ServiceSpec]) -> Vec<ServiceSpec> {
        let replaced = self.services.replace(specs);
        for of in replaced.gone {
            self.tracks.remove(of, self.now);
            if let Watched::Check(check) = of {
                self.said.remove(&check);
            }
        }
        for check in self.services.checks().into_keys() {
            let of = Watched::Check(check);
            self.tracks.meet(of, self.before.get(&of).copied());
        }
        let is_met = |id: &ServiceId| self.tracks.get(Watched::Service(*id)).is_some();
        let (known, new): (Vec<_>, Vec<_>) = replaced.put.into_iter().partition(is_met);
        self.judge(known, self.now);
        new.into_iter()
            .filter_map(|id| self.services.get(id).cloned())
            .collect()
    }

    /// A service that is new was like that before; nothing for one that was recorded by an earlier run.
    pub fn remember(&mut self, id: ServiceId, past: &[Span]) {
        if past.is_empty() {
            return self.judge([id], self.now);
        }
        if let Some(standing) = self.services.judge(id, |part| self.standing(part)) {
            self.tracks
                .remember(Watched::Service(id), past, standing, self.now);
        }
    }

    /// A check ended so.
    pub fn hear(&mut self, check: CheckId, answer: Answer) {
        if self.tracks.get(Watched::Check(check)).is_none() {
            // It was taken away meanwhile.
            return;
        }
        let Answer { standing, why, word } = answer;
        let heard = match word {
            Word::Heard | Word::Near => Some(self.now),
            Word::Silence => self.said.get(&check).and_then(|said| said.heard),
        };
        if word == Word::Heard {
            self.heard = self.heard.max(self.now);
        }
        let (at, why) = (self.now, why.into());
        let told = CheckSaid { at, standing, why };
        let said = Said { told, word, heard };
        let is_silent = said.is_silent();
        self.said.insert(check, said);
        let is_cut_off = self.is_cut_off();
        if !(is_silent && is_cut_off) {
            self.check_stands(check, standing, self.now);
        }
        if is_cut_off {
            self.doubt();
        }
    }

    /// Whether nothing comes back from anywhere: no host is heard, and no check was the last time.
    fn is_cut_off(&self) -> bool {
        let is_heard = |(check, said): (&CheckId, &Said)| {
            said.word == Word::Heard && self.standing(Watched::Check(*check)) != Standing::Unknown
        };
        self.hosts.is_empty() && !self.said.iter().any(is_heard)
    }

    /// This server may be cut off itself: checks that only heard nothing say nothing, since anything was heard.
    fn doubt(&mut self) {
        let mut doubted = Vec::new();
        for (check, said) in &mut self.said {
            if said.is_silent() {
                let why = format!(
                    "{} Nobody else answers either: this server itself may be cut off.",
                    said.told.why
                );
                said.told.why = why.into();
                said.told.standing = Standing::Unknown;
                let heard = said.heard.map_or(self.heard, |heard| heard.max(self.heard));
                doubted.push((*check, heard.min(self.now)));
            }
        }
        for (check, at) in doubted {
            self.check_stands(check, Standing::Unknown, at);
        }
    }

    /// Nothing is known of checks that have not ended for longer than `late` allows: since they ended last.
    pub fn miss(&mut self, late: impl Fn(&Check) -> u64) {
        let checks = self.services.checks();
        let missed: Vec<(CheckId, UnixMillis)> = checks
            .values()
            .filter_map(|check| {
                let said = self.said.get(&check.id)?;
                let at = said.told.at;
                (self.now.since(at) > late(check)).then_some((check.id, at))
            })
            .collect();
        for (check, at) in missed {
            self.check_stands(check, Standing::Unknown, at);
        }
    }

    fn check_stands(&mut self, check: CheckId, standing: Standing, at: UnixMillis) {
        let of = Watched::Check(check);
        if self.standing(of) != standing {
            self.tracks.set(of, standing, at);
            let touched: Vec<_> = self.services.with(of).collect();
            self.judge(touched, at);
        }
    }

    /// What came of a check.
    pub fn said(&self, check: CheckId) -> Option<CheckSaid> {
        Some(self.said.get(&check)?.told.clone())
    }

    /// The checks that services have, with whose they are.
    pub fn asked(&self) -> Vec<Asked> {
        self.services.asked()
    }

    /// How everything stands, when something does differently than when this was asked before.
    pub fn news(&mut self) -> Option<Standings> {
        self.tracks.take_changed().then(|| {
            self.revision += 1;
            Standings {
                revision: self.revision,
                stands: self.tracks.all().collect(),
                before: self.before.clone(),
            }
        })
    }

    /// What waits to be written of some, and up to when what goes on is known for a reader at `now`.
    pub fn unwritten(&self, of: &[Watched], now: UnixMillis) -> (Vec<SpanChange>, Option<UnixMillis>) {
        let changes = of.iter().flat_map(|of| self.tracks.waiting_of(*of)).collect();
        (changes, self.timeline.known(now))
    }

    /// Whether anything waits to be written but that all is known up to now.
    pub fn is_waiting(&self) -> bool {
        !self.tracks.is_written() || !self.ended.is_empty()
    }

    /// What is to be written next, at most some changes of it; none when there is nothing. Where a period ended or began, all is
    /// written at once: a killed server must not leave spans of one period open in another.
    pub fn batch(&self, most: usize) -> Option<Batch> {
        let present = self.timeline.present();
        let is_turn = !self.ended.is_empty() || present.is_some() && !self.is_period_kept;
        let changes = self.tracks.waiting(if is_turn { usize::MAX } else { most + 1 });
        if is_turn || changes.len() <= most {
            let periods: Vec<_> = self.ended.iter().copied().chain(present).collect();
            return (!changes.is_empty() || !periods.is_empty()).then_some(Batch { changes, periods });
        }
        let mut changes = changes;
        changes.truncate(most);
        let periods = Vec::new();
        Some(Batch { changes, periods })
    }

    /// That was written.
    pub fn written(&mut self, batch: &Batch) {
        self.tracks.written(&batch.changes);
        self.ended.retain(|period| !batch.periods.contains(period));
        if let (Some(present), Some(last)) = (self.timeline.present(), batch.periods.last()) {
            self.is_period_kept |= last.began == present.began;
        }
    }

    /// All periods, in the order in which they began to be recorded.
    pub fn periods(&self) -> Vec<PeriodRecord> {
        let over = self.timeline.over().iter().copied();
        over.chain(self.timeline.present()).collect()
    }

    /// Now, by what is recorded.
    pub fn now(&self) -> UnixMillis {
        self.now
    }

    /// What a service that is new is made of.
    pub fn parts(spec: &ServiceSpec) -> Vec<Watched> {
        all_parts(spec).collect()
    }
}
