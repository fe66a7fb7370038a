//! The loop that follows a host for as long as the connection lasts.
use super::{
    Depth, Known, Scan, UnderWay,
    beat::{self, Beat, Reading},
    now,
    rates::{Domain, Rates},
    scan, sizes,
    store::{Heard, Store},
    top::Top,
};
use crate::{
    driver::Host,
    parse::{
        state::DomainState,
        xentop::{self, Columns, Line, Row},
    },
    transport::Connection,
    world::{Applied, World},
};
use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::mpsc::Sender,
    time::{Instant, sleep_until},
};
use wxa_driver::{DriverEvent, Error, ErrorKind};
use wxa_model::{GuestLogging, HostFacts};

/// A host that says nothing for so long is lost, whatever TCP thinks.
const SILENCE: Duration = Duration::from_secs(9);
/// A full look at least this often.
const LOOK: Duration = Duration::from_secs(10);
/// The same where `xenstore-watch` cannot be had, or is flooded.
const LOOK_BLIND: Duration = Duration::from_secs(3);
/// News come in bursts (80 lines for one start): one look answers a burst.
const SETTLE: Duration = Duration::from_millis(80);
/// Looks that news asked for are at least this far apart.
const APART: Duration = Duration::from_millis(400);
/// After so long without another line a table is complete: the next header is a second away.
const TABLE_ENDS: Duration = Duration::from_millis(60);
/// Rows of one table that are kept.
const MOST_ROWS: usize = 4096;
/// After so many lines that are no table it is not xentop that prints them.
const NONSENSE: u32 = 20_000;
/// How often we say that the host answers.
const ALIVE: Duration = Duration::from_secs(2);
/// Every so many looks, what changes rarely is looked at too.
const RARE: u32 = 6;

/// Follows the host until something ends it.
///
/// # Errors
/// Why it ended.
pub(crate) async fn follow(host: &Host, events: &Sender<DriverEvent>) -> Result<Infallible, Error> {
    let connection = tokio::select! {
        connection = host.reconnect() => connection?,
        () = events.closed() => return Err(receiver_gone()),
    };
    let mut store = Store::open(&connection);
    let mut top = Top::open(&connection);
    let (looked, news) = first_look(host, &connection, &mut store, &mut top).await?;
    let listed_at = looked.listed_at;
    let world = host.update(looked);
    let mut follower = Follower {
        host,
        connection: &connection,
        events,
        world: World::clone(&world),
        facts: None,
        rates: Rates::default(),
        beat: Beat::default(),
        reading: None,
        sizing: None,
        read_at: Instant::now(),
        columns: Columns::default(),
        nonsense: 0,
        rows: Vec::new(),
        keeps: false,
        missed: HashSet::new(),
        latest: HashMap::new(),
        look: None,
        looks: 0,
        look_at: if news { listed_at + APART } else { listed_at + LOOK },
        heard: Instant::now(),
        said_alive: None,
    };
    follower.send(DriverEvent::ResyncBegin).await?;
    follower.tell_facts().await?;
    for sighting in world.iter() {
        follower.send(DriverEvent::Listed(sighting.vm.clone())).await?;
    }
    follower.send(DriverEvent::ResyncEnd).await?;
    follower.tell_alive().await?;
    follower.run(top, store).await
}

/// The first look, once it is heard what changes after it. Meanwhile the streams are read: one that is not read holds up
/// the whole connection. Tells with it whether there were news.
async fn first_look(
    host: &Host,
    connection: &Arc<Connection>,
    store: &mut Store<'_>,
    top: &mut Top<'_>,
) -> Result<(Scan, bool), Error> {
    let mut looking: Option<UnderWay<'_, Result<Scan, Error>>> = None;
    let mut news = false;
    loop {
        tokio::select! {
            looked = finished(&mut looking) => return Ok((looked?, news)),
            heard = store.next() => {
                match heard {
                    Heard::News => news = true,
                    Heard::Opened | Heard::Nothing => {}
                    Heard::Flooded => store.narrow(),
                    Heard::Widen => store.widen(),
                    Heard::Ended(why) => store.do_without(&why),
                    Heard::Lost(error) => return Err(error),
                }
                looking.get_or_insert_with(|| Box::pin(look(host, connection, Depth::Rare)));
            }
            line = top.next() => {
                line?;
            }
        }
    }
}

struct Follower<'a> {
    host: &'a Host,
    connection: &'a Arc<Connection>,
    events: &'a Sender<DriverEvent>,
    /// As told to the receiver.
    world: World,
    facts: Option<HostFacts>,
    rates: Rates,
    beat: Beat,
    reading: Option<UnderWay<'a, Reading>>,
    /// Disks' sizes are asked for beside everything: storage may be slow.
    sizing: Option<UnderWay<'a, sizes::Told>>,
    /// When the next reading begins.
    read_at: Instant,
    columns: Columns,
    /// Lines since the last one of a table.
    nonsense: u32,
    /// The table that is being read.
    rows: Vec<Domain>,
    /// Whether the last row is the one that devices below it belong to.
    keeps: bool,
    /// Names that the last table did not have.
    missed: HashSet<String>,
    /// The newest state of each name, and when it came.
    latest: HashMap<String, (DomainState, Instant)>,
    look: Option<UnderWay<'a, Result<Scan, Error>>>,
    looks: u32,
    /// When the next look begins.
    look_at: Instant,
    heard: Instant,
    said_alive: Option<Instant>,
}

enum Next {
    Xentop(Result<Option<String>, Error>),
    Store(Heard),
    Looked(Result<Scan, Error>),
    LookNow,
    Read(Reading),
    ReadNow,
    Sized(sizes::Told),
    TableEnds,
    Silence,
    ReceiverGone,
}

impl<'a> Follower<'a> {
    async fn run(mut self, mut top: Top<'a>, mut store: Store<'a>) -> Result<Infallible, Error> {
        let mut table_ends = None;
        loop {
            let next = tokio::select! {
                line = top.next() => Next::Xentop(line),
                heard = store.next() => Next::Store(heard),
                looked = finished(&mut self.look) => Next::Looked(looked),
                () = sleep_until(self.look_at), if self.look.is_none() => Next::LookNow,
                read = finished(&mut self.reading) => Next::Read(read),
                () = sleep_until(self.read_at), if self.reading.is_none() => Next::ReadNow,
                told = finished(&mut self.sizing) => Next::Sized(told),
                () = at(table_ends) => Next::TableEnds,
                () = sleep_until(self.heard + SILENCE) => Next::Silence,
                () = self.events.closed() => Next::ReceiverGone,
            };
            // Nothing is waited for here but whoever takes the events: what is not read meanwhile holds up the connection.
            match next {
                Next::Xentop(line) => {
                    let Some(line) = line? else {
                        self.begin_rates();
                        continue;
                    };
                    self.heard = Instant::now();
                    match xentop::parse_with(&line, &self.columns) {
                        Line::Header(columns) => {
                            self.nonsense = 0;
                            self.columns = columns;
                            self.table(&mut table_ends, &mut top);
                        }
                        Line::Nic(nic) => self.device(|domain| domain.nic(nic), &mut table_ends),
                        Line::Disk(disk) => self.device(|domain| domain.disk(disk), &mut table_ends),
                        Line::Row(row) => {
                            self.nonsense = 0;
                            table_ends = Some(Instant::now() + TABLE_ENDS);
                            self.row(row).await?;
                        }
                        Line::Other if self.nonsense >= NONSENSE => {
                            return Err(Error::new(
                                ErrorKind::Malformed,
                                "`xentop` goes on printing something that is no table of domains.",
                            ));
                        }
                        Line::Other => self.nonsense += 1,
                    }
                    self.tell_alive().await?;
                }
                Next::Store(heard) => {
                    self.heard = Instant::now();
                    match heard {
                        Heard::Opened | Heard::News => self.look_soon(),
                        Heard::Nothing => {}
                        Heard::Flooded => {
                            store.narrow();
                            self.look_soon();
                        }
                        Heard::Widen => {
                            store.widen();
                            self.look_soon();
                        }
                        Heard::Ended(why) => {
                            store.do_without(&why);
                            self.look_soon();
                        }
                        Heard::Lost(error) => return Err(error),
                    }
                }
                Next::Looked(looked) => {
                    self.look = None;
                    self.heard = Instant::now();
                    let every = if store.is_wide() { LOOK } else { LOOK_BLIND };
                    self.looked(looked?, every).await?;
                    self.begin_sizing();
                }
                Next::LookNow => self.begin_look(),
                Next::Read(reading) => {
                    self.reading = None;
                    self.read_at = self.read_at.max(Instant::now() + APART);
                    self.beat.take(reading, &self.world);
                }
                Next::ReadNow => {
                    self.read_at = Instant::now() + beat::EVERY;
                    let wanted = self.beat.next(self.world.running_names().count());
                    self.reading = Some(Box::pin(beat::read(self.connection, wanted)));
                }
                Next::Sized(told) => {
                    self.sizing = None;
                    self.known().take_sizes(told);
                    self.look_soon();
                }
                Next::TableEnds => self.table(&mut table_ends, &mut top),
                Next::Silence => {
                    return Err(Error::new(
                        ErrorKind::TimedOut { maybe_done: false },
                        format!("The host has been silent for {} s.", SILENCE.as_secs()),
                    ));
                }
                Next::ReceiverGone => return Err(receiver_gone()),
            }
        }
    }

    /// One line of a table: a state that differs is told at once.
    async fn row(&mut self, row: Row) -> Result<(), Error> {
        self.keeps = self.rows.len() < MOST_ROWS;
        if !self.keeps {
            return Ok(());
        }
        self.latest.insert(row.name.clone(), (row.state, Instant::now()));
        match self.world.apply(&row.name, row.state) {
            Applied::Same => {}
            Applied::Changed => {
                if let Some(vm) = self.world.running(&row.name).map(|sighting| sighting.vm.clone()) {
                    self.send(DriverEvent::Changed(vm)).await?;
                }
            }
            Applied::LookCloser => self.look_soon(),
        }
        self.rows.push(Domain::new(row));
        Ok(())
    }

    /// A line of a table that belongs to the one above.
    fn device(&mut self, put: impl FnOnce(&mut Domain), table_ends: &mut Option<Instant>) {
        self.nonsense = 0;
        if let Some(domain) = self.rows.last_mut().filter(|_| self.keeps) {
            *table_ends = Some(Instant::now() + TABLE_ENDS);
            put(domain);
        }
    }

    /// A stream that begins anew knows no rates in its first table.
    fn begin_rates(&mut self) {
        self.rows.clear();
        self.rates = Rates::default();
    }

    /// The table is complete.
    fn table(&mut self, ends: &mut Option<Instant>, top: &mut Top<'_>) {
        *ends = None;
        if self.rows.is_empty() {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let names: HashSet<&str> = rows.iter().map(|domain| domain.row.name.as_str()).collect();
        let missed: HashSet<String> = self
            .world
            .running_names()
            .filter(|name| !names.contains(name))
            .map(str::to_owned)
            .collect();
        // One that is never there, such as a name that is too long for a line, is looked for once.
        if !missed.is_subset(&self.missed) {
            self.look_at = self.look_at.min(Instant::now() + SETTLE);
        }
        self.latest.retain(|name, _| names.contains(name.as_str()));
        self.missed = missed;
        let domains = rows.len();
        let mut batch = self
            .rates
            .batch(rows, Instant::now(), now(), &self.world, self.facts.as_ref());
        self.beat.complete(&mut batch);
        // Measurements may be skipped: the next ones are a second away.
        let _ = self.events.try_send(DriverEvent::Samples(batch));
        if top.fit(domains) {
            self.begin_rates();
        }
    }

    fn look_soon(&mut self) {
        self.look_at = self.look_at.min(Instant::now() + SETTLE);
    }

    fn begin_look(&mut self) {
        self.looks = self.looks.wrapping_add(1);
        let unsaid = |facts: &HostFacts| facts.guest_logging == GuestLogging::Unknown;
        let depth = if self.looks.is_multiple_of(RARE) || self.facts.as_ref().is_some_and(unsaid) {
            Depth::Rare
        } else {
            Depth::Everything
        };
        // What comes in meanwhile may be newer than what the look sees: it asks for another one.
        self.look_at = Instant::now() + LOOK;
        self.look = Some(Box::pin(look(self.host, self.connection, depth)));
    }

    /// Asks how large disks are, where that is due.
    fn begin_sizing(&mut self) {
        if self.sizing.is_some() {
            return;
        }
        let wanted = self.known().sizes_wanted();
        self.sizing = wanted
            .map(|wanted| -> UnderWay<'a, sizes::Told> { Box::pin(sizes::ask(self.connection, wanted)) });
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.host.known().lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A look has come back: tell what is different.
    async fn looked(&mut self, scan: Scan, every: Duration) -> Result<(), Error> {
        let listed_at = scan.listed_at;
        let mut new = World::clone(&*self.host.update(scan));
        for (name, (state, at)) in &self.latest {
            // The stream was there after the list: it knows better.
            if *at > listed_at && new.apply(name, *state) == Applied::LookCloser {
                self.look_at = self.look_at.min(Instant::now() + SETTLE);
            }
        }
        let now = Instant::now();
        self.look_at = self.look_at.clamp(now + APART, now + every);
        self.tell_facts().await?;
        let old = std::mem::replace(&mut self.world, new);
        let changed = self.world.iter().filter_map(|new| {
            let same = old.get(new.vm.id).is_some_and(|old| old.vm == new.vm);
            (!same).then(|| DriverEvent::Changed(new.vm.clone()))
        });
        let gone = old.iter().filter_map(|old| {
            let there = self.world.get(old.vm.id).is_some();
            (!there).then_some(DriverEvent::Gone(old.vm.id))
        });
        let news: Vec<DriverEvent> = changed.chain(gone).collect();
        for event in news {
            self.send(event).await?;
        }
        self.tell_alive().await
    }

    async fn tell_facts(&mut self) -> Result<(), Error> {
        let Some(facts) = self.host.facts() else {
            return if self.facts.is_none() {
                Err(Error::new(
                    ErrorKind::Malformed,
                    "`xl info` printed nothing that makes sense.",
                ))
            } else {
                Ok(())
            };
        };
        if self.facts.as_ref() != Some(&facts) {
            self.facts = Some(facts.clone());
            self.send(DriverEvent::Facts(facts)).await?;
        }
        Ok(())
    }

    async fn tell_alive(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        if self
            .said_alive
            .is_none_or(|said| now.saturating_duration_since(said) >= ALIVE)
        {
            self.said_alive = Some(now);
            self.send(DriverEvent::Alive).await?;
        }
        Ok(())
    }

    async fn send(&mut self, event: DriverEvent) -> Result<(), Error> {
        let before = Instant::now();
        self.events.send(event).await.map_err(|_| receiver_gone())?;
        // Time that the receiver took is not the host's silence.
        self.heard += before.elapsed();
        Ok(())
    }
}

async fn look(host: &Host, connection: &Connection, depth: Depth) -> Result<Scan, Error> {
    scan(connection, host.known(), &host.config().config_dir, depth).await
}

/// What is under way, when it is through.
async fn finished<T>(under_way: &mut Option<UnderWay<'_, T>>) -> T {
    match under_way {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn receiver_gone() -> Error {
    Error::new(ErrorKind::Internal, "Nobody listens any more.")
}
