//! What members recorded of themselves: the archives behind `rrd_updates`.
use crate::{
    pool::Pool,
    rpc::Limits,
    rrd::{self, Row, Updates},
    watch::now,
};
use std::time::Duration;
use wxa_driver::{Archive, Error, ErrorKind, History};
use wxa_model::{HostId, HostSample, SampleBatch, UnixMillis};

/// A year of a member with hundreds of VMs is dozens of megabytes as text; it is read while it comes.
static LIMITS: Limits = Limits {
    bytes: 64 << 20,
    begins: Duration::from_secs(20),
    pauses: Duration::from_secs(10),
    within: Duration::from_secs(50),
};

/// Reads an archive of a member.
///
/// # Errors
/// `NotFound` for a member that its pool does not hear; as for any call.
pub(crate) async fn read(pool: &Pool, host: HostId, archive: Archive) -> Result<History, Error> {
    let member = pool
        .world()
        .measurable()
        .into_iter()
        .find(|member| member.id == host);
    let member =
        member.ok_or_else(|| Error::new(ErrorKind::NotFound, "The pool does not hear from this host."))?;
    let step = i64::try_from(archive.step_ms() / 1000).unwrap_or(i64::MAX);
    // Not all of it: the oldest row would make the pool choose a coarser archive.
    let back = step * i64::try_from(archive.rows() - 1).unwrap_or(1);
    let target = format!("/rrd_updates?start=-{back}&interval={step}&cf=AVERAGE&host=true&json=true");
    let answer = pool.get(&member.address, &target, &LIMITS).await?;
    if answer.status() != 200 {
        return Err(Error::new(
            ErrorKind::Malformed,
            format!(
                "{} answers with HTTP {} when asked for its history.",
                member.address,
                answer.status()
            ),
        ));
    }
    let updates = answer.read(Updates::read_from).await?;
    let legend = {
        let world = pool.world();
        rrd::Legend::new(&updates.legend, &member.uuid, |uuid| world.vm_by_uuid(uuid))
    };
    let rows = updates.into_rows();
    Ok(History {
        batches: batches(rows, &legend, member.cpus, archive, now()),
    })
}

/// The rows as batches, oldest first. The member's clock may be any: the newest row ended less than a step ago by ours.
fn batches(
    rows: Vec<Row>,
    legend: &rrd::Legend,
    cpus: u32,
    archive: Archive,
    now: UnixMillis,
) -> Vec<SampleBatch> {
    let step = archive.step_ms();
    let steps = rows.windows(2).filter_map(|pair| match pair {
        [before, after] => u64::try_from(after.t.saturating_sub(before.t)).ok(),
        _ => None,
    });
    // A pool that keeps no such archive answers with a coarser one: that is not what was asked for.
    if steps
        .min()
        .is_some_and(|least| least.saturating_mul(1000) != step)
    {
        return Vec::new();
    }
    let Some(newest) = rows.last().map(|row| row.t) else {
        return Vec::new();
    };
    let newest_at = now.0 / step * step;
    let most = usize::try_from(archive.rows()).unwrap_or(usize::MAX);
    let too_many = rows.len().saturating_sub(most);
    // Each row goes as soon as its batch is there.
    let kept = rows.into_iter().skip(too_many);
    kept.map(|row| {
        let age = u64::try_from(newest.saturating_sub(row.t))
            .unwrap_or_default()
            .saturating_mul(1000);
        let mut batch = legend.sums_of(&row, cpus);
        batch.at = UnixMillis(newest_at.saturating_sub(age));
        batch
    })
    .filter(|batch| batch.host != HostSample::default() || !batch.vms.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wxa_model::VmId;

    fn read(times: &[i64]) -> Result<Vec<u64>, Error> {
        let rows: Vec<String> = times
            .iter()
            .map(|t| format!(r#"{{"t":{t},"values":["0.5","NaN"]}}"#))
            .collect();
        let text = format!(
            r#"{{"meta":{{"legend":["AVERAGE:vm:v:cpu0","AVERAGE:host:h:cpu0"]}},"data":[{}]}}"#,
            rows.join(",")
        );
        let updates = Updates::read(text.as_bytes())?;
        let legend = rrd::Legend::new(&updates.legend, "h", |_| Some(VmId(Uuid::from_u128(1))));
        let now = UnixMillis(7_300_000);
        let batches = batches(updates.into_rows(), &legend, 1, Archive::Hours, now);
        Ok(batches.iter().map(|batch| batch.at.0).collect())
    }

    #[test]
    fn rows_are_dated_by_our_clock_and_a_coarser_archive_is_not_taken() -> Result<(), Error> {
        assert_eq!(read(&[900_003_600, 900_000_000])?, [3_600_000, 7_200_000]);
        assert_eq!(read(&[900_086_400, 900_000_000])?, [0; 0]);
        assert_eq!(read(&[])?, [0; 0]);
        assert_eq!(
            read(&[i64::MIN, -1, i64::MAX])?,
            [0; 0],
            "times that no clock shows"
        );
        Ok(())
    }
}
