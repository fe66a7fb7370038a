//! Measuring the members, each over its own address: one that does not answer has no measurements, and ends nothing.
use crate::{
    pool::Pool,
    rpc::Limits,
    rrd::{self, Updates},
    watch::now,
    world::Measurable,
};
use futures::future::join_all;
use std::{collections::HashMap, convert::Infallible, time::Duration};
use tokio::{
    sync::mpsc::Sender,
    time::{MissedTickBehavior, interval},
};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{HostId, SampleBatch, UnixMillis};

/// XAPI measures every 5 s.
const EVERY: Duration = Duration::from_secs(5);
const LIMITS: Limits = Limits {
    bytes: 16 << 20,
    begins: Duration::from_millis(4500),
    pauses: Duration::from_millis(4500),
    within: Duration::from_millis(4500),
};
/// After a gap of so many seconds it is measured from now on: what lies before is the pool's own archive.
const GAP: i64 = 60;

/// A batch and whose it is.
pub(super) type Measured = (HostId, SampleBatch);

/// Measures for ever.
pub(super) async fn measure(pool: &Pool, batches: &Sender<Measured>) -> Infallible {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // By member: the end of the last interval that was told, by its own clock.
    let mut cursors: HashMap<HostId, i64> = HashMap::new();
    loop {
        ticks.tick().await;
        let members = pool.world().measurable();
        cursors.retain(|member, _| members.iter().any(|known| known.id == *member));
        let asking = members.into_iter().map(|member| {
            let cursor = cursors.get(&member.id).copied();
            async move {
                let told = ask(pool, &member, cursor, batches).await;
                (member, told)
            }
        });
        for (member, told) in join_all(asking).await {
            match told {
                Ok(Some(cursor)) => drop(cursors.insert(member.id, cursor)),
                Ok(None) => {}
                Err(error) => tracing::debug!(member = %member.address, %error, "no measurements"),
            }
        }
    }
}

/// What a member has measured since `cursor`. Tells where it goes on.
async fn ask(
    pool: &Pool,
    member: &Measurable,
    cursor: Option<i64>,
    batches: &Sender<Measured>,
) -> Result<Option<i64>, Error> {
    // Negative counts from the last one.
    let start = cursor.unwrap_or(-10);
    let target = format!("/rrd_updates?start={start}&interval=5&cf=AVERAGE&host=true&json=true");
    let (head, text) = pool.fetch(&member.address, &target, &LIMITS).await?;
    if head.status != 200 {
        return Err(Error::new(
            ErrorKind::Malformed,
            format!(
                "{} answers with HTTP {} when asked for measurements.",
                member.address, head.status
            ),
        ));
    }
    let updates = Updates::read(&text)?;
    let rows = updates.after(cursor);
    let Some(newest) = rows.last().map(|row| row.t) else {
        return Ok(None);
    };
    let now = now();
    let gap = cursor.is_some_and(|cursor| newest - cursor > GAP);
    let told = if gap {
        rows.get(rows.len() - 1..)
    } else {
        Some(&*rows)
    };
    let legend = {
        let world = pool.world();
        rrd::Legend::new(&updates.meta.legend, &member.uuid, |uuid| world.vm_by_uuid(uuid))
            .with_stores(|short| world.store_by_short(short))
    };
    for row in told.unwrap_or_default() {
        let age = u64::try_from(newest - row.t).unwrap_or(0).saturating_mul(1000);
        let mut batch = legend.batch(row, member.cpus);
        batch.at = UnixMillis(now.0.saturating_sub(age));
        // A receiver that is slow misses some.
        let _ = batches.try_send((member.id, batch));
    }
    Ok(Some(newest))
}
