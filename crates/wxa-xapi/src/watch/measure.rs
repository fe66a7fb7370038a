//! Measuring the members, each over its own address: one that does not answer has no measurements, and ends nothing.
use crate::{
    pool::Pool,
    rpc::Limits,
    rrd::{self, Row, Updates},
    watch::now,
    world::Measurable,
};
use futures::{StreamExt, stream::FuturesUnordered};
use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    time::Duration,
};
use tokio::{
    sync::mpsc::Sender,
    time::{MissedTickBehavior, interval},
};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{HostId, SampleBatch, UnixMillis};

/// XAPI measures every 5 s.
const EVERY: Duration = Duration::from_secs(5);
/// The members are asked one after the other within that time. All at once, a large pool's answers would be in memory together, and
/// whoever waits for anything else would wait for all of them to be read.
const TURNS: u32 = 20;
static LIMITS: Limits = Limits {
    bytes: 16 << 20,
    begins: Duration::from_millis(4500),
    pauses: Duration::from_millis(4500),
    within: Duration::from_millis(4500),
};
/// After a gap of so many seconds it is measured from now on: what lies before is the pool's own archive.
const GAP: i64 = 60;
/// So many coarse rows in a row are no gap either.
const ROWS: i64 = 3;
/// Seconds between two questions.
const ROUND: i64 = 5;

/// Where a member's measurements go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    /// The end of the last interval that was told, by the member's clock; none before the first one.
    at: Option<i64>,
    /// Seconds that a row stood for in its latest answer.
    step: i64,
    /// Answers in a row that had nothing new.
    quiet: i64,
    /// Where it had been when it began anew: what is told again of that moment is old.
    left: Option<i64>,
}

impl Cursor {
    const FIRST: Self = Self {
        at: None,
        step: rrd::FINEST,
        quiet: 0,
        left: None,
    };

    /// What to ask for: negative counts from the last one.
    fn start(self) -> i64 {
        self.at.unwrap_or(-2 * self.step)
    }

    /// What there is to tell of an answer, the oldest first, and where it goes on. What came after a gap is told alone, so
    /// that nobody takes what is old for what is now.
    fn take(self, updates: &Updates) -> (Vec<&Row>, Self) {
        let step = updates.step();
        let gap = GAP.max(step.saturating_mul(ROWS));
        let mut rows = updates.after(self.at);
        if self.at.is_none() {
            rows.retain(|row| Some(row.t) != self.left);
        }
        let Some(newest) = rows.last().map(|row| row.t) else {
            return (rows, self.without_news(step, gap));
        };
        if self.at.is_some_and(|at| newest.saturating_sub(at) > gap) {
            rows.drain(..rows.len() - 1);
        }
        let next = Self {
            at: Some(newest),
            step,
            quiet: 0,
            left: None,
        };
        (rows, next)
    }

    /// An answer had nothing new. Where that goes on, the member's clock was set back: waiting for it to be where it was could
    /// take for ever.
    fn without_news(self, step: i64, gap: i64) -> Self {
        let quiet = self.quiet.saturating_add(1);
        let is_over = self.at.is_some() && quiet >= gap / ROUND;
        Self {
            at: self.at.filter(|_| !is_over),
            step,
            quiet: if is_over { 0 } else { quiet },
            left: if is_over { self.at } else { self.left },
        }
    }
}

/// A batch and whose it is.
pub(super) type Measured = (HostId, SampleBatch);

/// Measures for ever.
pub(super) async fn measure(pool: &Pool, batches: &Sender<Measured>) -> Infallible {
    let mut ticks = interval(EVERY / TURNS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cursors: HashMap<HostId, Cursor> = HashMap::new();
    let mut asked: HashSet<HostId> = HashSet::new();
    let mut asking = FuturesUnordered::new();
    for turn in (0..TURNS as usize).cycle() {
        loop {
            tokio::select! {
                _ = ticks.tick() => break,
                Some(done) = asking.next(), if !asking.is_empty() => {
                    let (member, told): (Measurable, Result<Cursor, Error>) = done;
                    asked.remove(&member.id);
                    match told {
                        Ok(cursor) => drop(cursors.insert(member.id, cursor)),
                        Err(error) => tracing::debug!(member = %member.address, %error, "no measurements"),
                    }
                }
            }
        }
        let mut members = pool.world().measurable();
        members.sort_unstable_by_key(|member| member.id);
        cursors.retain(|known, _| members.iter().any(|member| member.id == *known));
        for member in members.into_iter().skip(turn).step_by(TURNS as usize) {
            // One that still waits for its last answer has missed its turn.
            if asked.insert(member.id) {
                let cursor = cursors.get(&member.id).copied().unwrap_or(Cursor::FIRST);
                asking.push(async move {
                    let told = ask(pool, &member, cursor, batches).await;
                    (member, told)
                });
            }
        }
    }
    std::future::pending().await
}

/// What a member has measured since `cursor`. Tells where it goes on.
async fn ask(
    pool: &Pool,
    member: &Measurable,
    cursor: Cursor,
    batches: &Sender<Measured>,
) -> Result<Cursor, Error> {
    let start = cursor.start();
    let target = format!("/rrd_updates?start={start}&interval=5&cf=AVERAGE&host=true&json=true");
    let answer = pool.get(&member.address, &target, &LIMITS).await?;
    if answer.status() != 200 {
        return Err(Error::new(
            ErrorKind::Malformed,
            format!(
                "{} answers with HTTP {} when asked for measurements.",
                member.address,
                answer.status()
            ),
        ));
    }
    let text = answer.text().await?;
    let updates = Updates::read(&text)?;
    drop(text);
    let (told, next) = cursor.take(&updates);
    let Some(newest) = told.last().map(|row| row.t) else {
        return Ok(next);
    };
    let now = now();
    let legend = {
        let world = pool.world();
        rrd::Legend::new(&updates.legend, &member.uuid, |uuid| world.vm_by_uuid(uuid))
            .with_stores(|short| world.store_by_short(short))
    };
    for row in told {
        let age = u64::try_from(newest.saturating_sub(row.t))
            .unwrap_or(0)
            .saturating_mul(1000);
        let mut batch = legend.batch(row, member.cpus);
        batch.at = UnixMillis(now.0.saturating_sub(age));
        // A receiver that is slow misses some.
        let _ = batches.try_send((member.id, batch));
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(step: i64, times: &[i64]) -> Result<Updates, Error> {
        let rows: Vec<String> = times
            .iter()
            .map(|t| format!(r#"{{"t":{t},"values":[1]}}"#))
            .collect();
        let text = format!(
            r#"{{"meta":{{"step":{step},"legend":["AVERAGE:host:h:cpu0"]}},"data":[{}]}}"#,
            rows.join(",")
        );
        Updates::read(text.as_bytes())
    }

    fn taken(cursor: Cursor, updates: &Updates) -> (Vec<i64>, Cursor) {
        let (rows, next) = cursor.take(updates);
        (rows.iter().map(|row| row.t).collect(), next)
    }

    fn at(t: i64) -> Cursor {
        Cursor {
            at: Some(t),
            ..Cursor::FIRST
        }
    }

    #[test]
    fn a_coarser_step_is_believed_and_its_rows_are_no_gap() -> Result<(), Error> {
        // A window of ten seconds has no row of a minute: the next one is wide enough.
        let (rows, cursor) = taken(Cursor::FIRST, &answer(60, &[])?);
        assert_eq!((rows.as_slice(), cursor.start()), (&[][..], -120));
        let (rows, cursor) = taken(cursor, &answer(60, &[60, 120])?);
        assert_eq!((rows.as_slice(), cursor.start()), (&[120][..], 120));
        let (rows, cursor) = taken(cursor, &answer(60, &[120, 180, 240])?);
        assert_eq!((rows.as_slice(), cursor.at), (&[180, 240][..], Some(240)));
        // Back to the usual: the step is that of the answer.
        let (rows, cursor) = taken(cursor, &answer(5, &[245, 250])?);
        assert_eq!((rows.as_slice(), cursor.step), (&[245, 250][..], 5));
        Ok(())
    }

    #[test]
    fn after_a_gap_only_what_is_newest_is_told() -> Result<(), Error> {
        let cursor = at(100);
        assert_eq!(taken(cursor, &answer(5, &[155, 160])?).0, [155, 160]);
        assert_eq!(
            taken(cursor, &answer(5, &[160, 165])?).0,
            [165],
            "a minute has passed"
        );
        assert_eq!(taken(cursor, &answer(60, &[160, 220, 280])?).0, [160, 220, 280]);
        assert_eq!(taken(cursor, &answer(60, &[160, 220, 340])?).0, [340]);
        let (rows, next) = taken(cursor, &answer(5, &[95])?);
        assert_eq!(
            (rows, next.at),
            (vec![], Some(100)),
            "one old answer is not taken for a clock that went back"
        );
        Ok(())
    }

    #[test]
    fn a_member_whose_clock_was_set_back_is_measured_again_after_a_minute() -> Result<(), Error> {
        let mut cursor = at(4000);
        for round in 0..12 {
            let (rows, next) = taken(cursor, &answer(5, &[400 + 5 * round])?);
            assert_eq!(rows, [0; 0], "round {round}");
            cursor = next;
        }
        assert_eq!(cursor.start(), -10, "it begins anew");
        let (rows, cursor) = taken(cursor, &answer(5, &[455, 460])?);
        assert_eq!((rows.as_slice(), cursor.at), (&[460][..], Some(460)));
        assert_eq!(taken(cursor, &answer(5, &[460, 465])?).0, [465]);
        Ok(())
    }

    #[test]
    fn times_that_no_clock_shows_do_no_harm() -> Result<(), Error> {
        let ends = [i64::MIN, i64::MAX];
        let (rows, cursor) = taken(at(i64::MIN), &answer(i64::MAX, &ends)?);
        assert_eq!((rows.as_slice(), cursor.start()), (&[i64::MAX][..], i64::MAX));
        assert_eq!(taken(cursor, &answer(i64::MIN, &ends)?).0, [0; 0]);
        Ok(())
    }

    #[test]
    fn a_member_that_measures_nothing_new_is_not_told_twice() -> Result<(), Error> {
        let mut cursor = at(100);
        for _ in 0..60 {
            let (rows, next) = taken(cursor, &answer(5, &[95, 100])?);
            assert_eq!(rows, [0; 0]);
            cursor = next;
        }
        assert_eq!(taken(cursor, &answer(5, &[95, 100, 105])?).0, [105]);
        // Rows of a minute come every twelfth time as a rule.
        let mut cursor = at(100);
        for _ in 0..30 {
            cursor = taken(cursor, &answer(60, &[])?).1;
        }
        assert_eq!(cursor.at, Some(100));
        Ok(())
    }
}
