//! What columns tell of one part, and what follows from several of them.
use wxa_model::{Metric, VmSample};

/// A value of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Cpu,
    Read,
    Write,
    /// MiB per second.
    ReadMebi,
    WriteMebi,
    ReadOps,
    WriteOps,
    ReadMicros,
    WriteMicros,
    /// Seconds that requests took, per second.
    Wait,
    Rx,
    Tx,
}

const MEBI: f64 = 1_048_576.0;
const MICROS: f64 = 1e6;

/// Values of a part at one moment, or the sums of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values {
    cpu: Option<f64>,
    read: Option<f64>,
    write: Option<f64>,
    read_ops: Option<f64>,
    write_ops: Option<f64>,
    read_micros: Option<f64>,
    write_micros: Option<f64>,
    rx: Option<f64>,
    tx: Option<f64>,
    /// Seconds that requests took, per second, and how many there were.
    wait: Option<f64>,
    /// Of parts whose requests are not counted, the mean times.
    means: (f64, u32),
}

impl Values {
    /// Takes in a value.
    pub(super) fn put(&mut self, field: Field, value: f64) {
        match field {
            Field::Cpu => self.cpu = Some(value),
            Field::Read => self.read = Some(value),
            Field::Write => self.write = Some(value),
            Field::ReadMebi => self.read = Some(value * MEBI),
            Field::WriteMebi => self.write = Some(value * MEBI),
            Field::ReadOps => self.read_ops = Some(value),
            Field::WriteOps => self.write_ops = Some(value),
            Field::ReadMicros => self.read_micros = Some(value),
            Field::WriteMicros => self.write_micros = Some(value),
            Field::Wait => self.wait = Some(value),
            Field::Rx => self.rx = Some(value),
            Field::Tx => self.tx = Some(value),
        }
    }

    /// The value of a field; of times only what they come to is asked.
    pub(super) fn get(&self, field: Field) -> Option<f64> {
        match field {
            Field::Cpu => self.cpu,
            Field::Read | Field::ReadMebi => self.read,
            Field::Write | Field::WriteMebi => self.write,
            Field::ReadOps => self.read_ops,
            Field::WriteOps => self.write_ops,
            Field::ReadMicros => self.read_micros,
            Field::WriteMicros => self.write_micros,
            Field::Wait => self.wait,
            Field::Rx => self.rx,
            Field::Tx => self.tx,
        }
    }

    /// Adds up what can be added.
    pub(super) fn add(&mut self, part: &Self) {
        for (sum, value) in [
            (&mut self.cpu, part.cpu),
            (&mut self.read, part.read),
            (&mut self.write, part.write),
            (&mut self.read_ops, part.read_ops),
            (&mut self.write_ops, part.write_ops),
            (&mut self.rx, part.rx),
            (&mut self.tx, part.tx),
            (&mut self.wait, part.waits()),
        ] {
            if let Some(value) = value {
                *sum = Some(sum.unwrap_or_default() + value);
            }
        }
        if part.waits().is_none()
            && let Some(mean) = part.latency()
        {
            self.means = (self.means.0 + mean, self.means.1.saturating_add(1));
        }
    }

    /// The seconds that requests took, per second: by themselves, or by their number and mean times.
    fn waits(&self) -> Option<f64> {
        if self.wait.is_some() {
            return self.wait;
        }
        let of = |ops: Option<f64>, micros: Option<f64>| match (ops?, micros) {
            (0.0, _) => Some(0.0),
            (ops, micros) => Some(ops * micros? / MICROS),
        };
        Some(of(self.read_ops, self.read_micros)? + of(self.write_ops, self.write_micros)?)
    }

    /// The mean time of a request in seconds; none where there were none.
    fn latency(&self) -> Option<f64> {
        if let Some(waits) = self.waits() {
            let ops = self.read_ops? + self.write_ops?;
            return (ops > 0.0).then(|| waits / ops);
        }
        // XAPI tells 0 where no request was completed.
        let known = [self.read_micros, self.write_micros].into_iter().flatten();
        let known: Vec<f64> = known.filter(|micros| *micros > 0.0).collect();
        let own = (known.iter().sum::<f64>() / MICROS, known.len() as u32);
        let (sum, count) = if own.1 > 0 { own } else { self.means };
        (count > 0).then(|| sum / f64::from(count))
    }

    /// All that is known, by metric.
    pub(super) fn told(&self) -> Vec<(Metric, f32)> {
        let values = [
            (Metric::Cpu, self.cpu),
            (Metric::DiskRead, self.read),
            (Metric::DiskWrite, self.write),
            (Metric::DiskReadOps, self.read_ops),
            (Metric::DiskWriteOps, self.write_ops),
            (Metric::DiskLatency, self.latency()),
            (Metric::NetRx, self.rx),
            (Metric::NetTx, self.tx),
        ];
        let known = values.into_iter();
        known
            .filter_map(|(metric, value)| Some((metric, value? as f32)))
            .collect()
    }

    /// Puts the sums of a VM's parts into its sample.
    pub(super) fn tell(&self, sample: &mut VmSample) {
        for (metric, value) in self.told() {
            sample.set(metric, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(fields: &[(Field, f64)]) -> Values {
        let mut values = Values::default();
        for (field, value) in fields {
            values.put(*field, *value);
        }
        values
    }

    #[test]
    fn a_mean_time_is_weighed_by_requests() {
        let of = |reads, writes| {
            values(&[
                (Field::ReadOps, reads),
                (Field::WriteOps, writes),
                (Field::ReadMicros, 1000.0),
                (Field::WriteMicros, 4000.0),
            ])
        };
        assert_eq!(of(2.0, 1.0).latency(), Some(0.002));
        assert_eq!(of(0.0, 5.0).latency(), Some(0.004));
        assert_eq!(of(0.0, 0.0).latency(), None, "no request took no time");
        let mut both = Values::default();
        both.add(&of(9.0, 0.0));
        both.add(&of(0.0, 1.0));
        assert_eq!(both.latency().map(|mean| (mean * 1e7).round()), Some(13_000.0));
    }

    #[test]
    fn without_requests_it_is_the_plain_mean_and_zero_means_unknown() {
        let of = |read, write| values(&[(Field::ReadMicros, read), (Field::WriteMicros, write)]);
        assert_eq!(of(1000.0, 3000.0).latency(), Some(0.002));
        assert_eq!(of(0.0, 3000.0).latency(), Some(0.003));
        assert_eq!(of(0.0, 0.0).latency(), None);
        let mut both = Values::default();
        both.add(&of(1000.0, 1000.0));
        both.add(&of(3000.0, 3000.0));
        both.add(&of(0.0, 0.0));
        assert_eq!(both.latency(), Some(0.002));
    }

    #[test]
    fn a_store_has_the_time_of_all_its_requests() {
        let store = values(&[
            (Field::Wait, 0.5),
            (Field::ReadOps, 60.0),
            (Field::WriteOps, 40.0),
            (Field::ReadMebi, 2.0),
        ]);
        assert_eq!(
            store.told(),
            [
                (Metric::DiskRead, 2_097_152.0),
                (Metric::DiskReadOps, 60.0),
                (Metric::DiskWriteOps, 40.0),
                (Metric::DiskLatency, 0.005)
            ]
        );
    }
}
