//! How slots are packed: columns of bytes that deflate well. Values keep 12 significant bits (0.02 %), counts 16 bits.
use super::{Stat, Values};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
};
use wxa_model::Metric;

const VERSION: u8 = 1;
/// No block is larger when unpacked: 64 objects with every metric there could be.
const MOST: u64 = 1 << 20;
/// Bytes of a value that are kept.
const KEPT: usize = 3;

/// The slots of a block by metric; none is a gap.
pub(super) type Block = BTreeMap<Metric, Vec<Option<Stat>>>;

/// The number by which a metric is kept; never changes.
fn code(metric: Metric) -> u8 {
    match metric {
        Metric::Cpu => 0,
        Metric::Memory => 1,
        Metric::MemoryUsed => 2,
        Metric::DiskRead => 3,
        Metric::DiskWrite => 4,
        Metric::DiskReadOps => 5,
        Metric::DiskWriteOps => 6,
        Metric::DiskLatency => 7,
        Metric::NetRx => 8,
        Metric::NetTx => 9,
        Metric::Load => 10,
    }
}

fn metric(number: u8) -> Option<Metric> {
    Metric::ALL.into_iter().find(|metric| code(*metric) == number)
}

/// The upper 20 bits of a value, rounded; the order of values stays.
fn trimmed(value: f32) -> u32 {
    let value = if value.is_finite() {
        value.clamp(-1e30, 1e30)
    } else {
        0.0
    };
    value.to_bits().saturating_add(0x800) & !0xfff
}

/// The first three bytes of the trimmed value, the most significant one first.
fn kept(bits: u32) -> [u8; KEPT] {
    let [a, b, c, _] = bits.to_be_bytes();
    [a, b, c]
}

fn count16(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Packs a block of `slots` slots.
pub(super) fn pack(block: &Block, slots: usize) -> Vec<u8> {
    let columns = block
        .iter()
        .filter(|(_, column)| column.iter().any(Option::is_some));
    let mut raw = vec![VERSION];
    for (metric, column) in columns {
        raw.push(code(*metric));
        let at = |slot: usize| column.get(slot).copied().flatten();
        for byte in 0..2 {
            raw.extend((0..slots).map(|slot| {
                let count = at(slot).map_or(0, |stat| count16(stat.count).max(1));
                count.to_le_bytes().get(byte).copied().unwrap_or_default()
            }));
        }
        // Smallest and largest as they differ from the mean: zero where a slot holds one measurement.
        let means: [fn(&Stat) -> u32; 3] = [
            |stat| trimmed(stat.avg),
            |stat| trimmed(stat.min) ^ trimmed(stat.avg),
            |stat| trimmed(stat.max) ^ trimmed(stat.avg),
        ];
        for mean in means {
            for byte in 0..KEPT {
                raw.extend((0..slots).map(|slot| {
                    let bits = at(slot).as_ref().map_or(0, mean);
                    kept(bits).get(byte).copied().unwrap_or_default()
                }));
            }
        }
    }
    deflate(&raw, Compression::new(6))
}

/// Unpacks a block of `slots` slots; none when it makes no sense.
pub(super) fn unpack(body: &[u8], slots: usize) -> Option<Block> {
    let raw = inflate(body)?;
    let (version, mut rest) = raw.split_first()?;
    if *version != VERSION {
        return None;
    }
    let width = slots * (2 + 3 * KEPT);
    let mut block = Block::new();
    while let Some((number, after)) = rest.split_first() {
        let (planes, after) = after.split_at_checked(width)?;
        rest = after;
        let plane = |index: usize, slot: usize| planes.get(index * slots + slot).copied().unwrap_or_default();
        let bits = |first: usize, slot: usize| {
            u32::from_be_bytes([
                plane(first, slot),
                plane(first + 1, slot),
                plane(first + 2, slot),
                0,
            ])
        };
        let stat = |slot: usize| {
            let count = u16::from_le_bytes([plane(0, slot), plane(1, slot)]);
            let avg = bits(2, slot);
            (count > 0).then(|| Stat {
                min: f32::from_bits(bits(2 + KEPT, slot) ^ avg),
                avg: f32::from_bits(avg),
                max: f32::from_bits(bits(2 + 2 * KEPT, slot) ^ avg),
                count: u32::from(count),
            })
        };
        // A metric of a newer version is passed over.
        if let Some(metric) = metric(*number) {
            block.insert(metric, (0..slots).map(stat).collect());
        }
    }
    Some(block)
}

/// Packs one minute of the objects of a shard.
pub(super) fn pack_minute(objects: &BTreeMap<u8, Values>) -> Vec<u8> {
    let mut raw = vec![VERSION];
    for (object, values) in objects {
        raw.push(*object);
        raw.push(u8::try_from(values.len()).unwrap_or(u8::MAX));
        for (metric, stat) in values.iter().take(usize::from(u8::MAX)) {
            raw.push(code(*metric));
            raw.extend(count16(stat.count).max(1).to_le_bytes());
            for value in [stat.avg, stat.min, stat.max] {
                raw.extend(kept(trimmed(value)));
            }
        }
    }
    deflate(&raw, Compression::fast())
}

/// Unpacks one minute; none when it makes no sense.
pub(super) fn unpack_minute(body: &[u8]) -> Option<BTreeMap<u8, Values>> {
    let raw = inflate(body)?;
    let (version, mut rest) = raw.split_first()?;
    if *version != VERSION {
        return None;
    }
    let mut objects = BTreeMap::new();
    while let [object, count, after @ ..] = rest {
        let (packed, after) = after.split_at_checked(usize::from(*count) * (3 + 3 * KEPT))?;
        rest = after;
        let mut values = Values::new();
        for value in packed.chunks_exact(3 + 3 * KEPT) {
            let [number, low, high, a0, a1, a2, i0, i1, i2, m0, m1, m2] = *value else {
                return None;
            };
            let Some(metric) = metric(number) else { continue };
            let read = |a, b, c| f32::from_bits(u32::from_be_bytes([a, b, c, 0]));
            let stat = Stat {
                avg: read(a0, a1, a2),
                min: read(i0, i1, i2),
                max: read(m0, m1, m2),
                count: u32::from(u16::from_le_bytes([low, high])).max(1),
            };
            values.push((metric, stat));
        }
        objects.insert(*object, values);
    }
    rest.is_empty().then_some(objects)
}

fn deflate(raw: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(raw.len() / 2), level);
    // Writing into memory does not fail.
    let _ = encoder.write_all(raw);
    encoder.finish().unwrap_or_default()
}

fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    DeflateDecoder::new(body).take(MOST).read_to_end(&mut raw).ok()?;
    Some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stat() -> impl Strategy<Value = Stat> {
        (0.0f32..1e12, 0.0f32..1e12, 1u32..4000).prop_map(|(a, b, count)| Stat {
            min: a.min(b),
            avg: a.midpoint(b),
            max: a.max(b),
            count,
        })
    }

    fn near(a: f32, b: f32) -> bool {
        (a - b).abs() <= a.abs() * 2.5e-4
    }

    fn same(a: &Stat, b: &Stat) -> bool {
        near(a.min, b.min) && near(a.avg, b.avg) && near(a.max, b.max) && a.count == b.count
    }

    #[test]
    fn numbers_of_metrics_are_all_different() {
        let numbers: std::collections::BTreeSet<u8> = Metric::ALL.into_iter().map(code).collect();
        assert_eq!(numbers.len(), Metric::ALL.len());
    }

    /// A noise that is the same each time.
    struct Noise(u64);

    impl Noise {
        fn next(&mut self) -> f32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 40) as f32 / (1u64 << 24) as f32
        }
    }

    /// A block of a VM with nine metrics: `busy` of them never rest, the memory never changes, the others are 0.
    fn block(noise: &mut Noise, busy: usize, slots: usize, count: u32) -> Block {
        let metrics = Metric::ALL
            .into_iter()
            .filter(|metric| !matches!(metric, Metric::Load | Metric::DiskLatency));
        let column = |place: usize, noise: &mut Noise| -> Vec<Option<Stat>> {
            let value = |noise: &mut Noise| match place {
                0 => 4e9,
                place if place <= busy => noise.next() * 1e7,
                _ => 0.0,
            };
            let stat = |noise: &mut Noise| {
                let mut values = [value(noise), value(noise), value(noise)];
                values.sort_by(f32::total_cmp);
                let [min, avg, max] = values;
                Some(Stat { min, avg, max, count })
            };
            (0..slots).map(|_| stat(noise)).collect()
        };
        metrics
            .enumerate()
            .map(|(place, metric)| (metric, column(place, noise)))
            .collect()
    }

    #[test]
    fn a_vms_year_has_the_size_that_the_decision_says() {
        let mut noise = Noise(1);
        let mut size = |busy, slots, count, blocks: usize| {
            let all: usize = (0..20)
                .map(|_| pack(&block(&mut noise, busy, slots, count), slots).len())
                .sum();
            all * blocks / 20 / 1024
        };
        let week = [0, 2, 8].map(|busy| size(busy, 60, 12, 168));
        let year = [0, 2, 8].map(|busy| size(busy, 24, 720, 365));
        println!(
            "KiB of minutes in a week: {week:?}; of hours in a year: {year:?} (idle, ordinary, all metrics busy)"
        );
        assert!(week[0] < 40 && week[1] < 200 && week[2] < 720, "{week:?}");
        assert!(year[0] < 70 && year[1] < 180 && year[2] < 620, "{year:?}");
    }

    proptest! {
        #[test]
        fn blocks_are_read_as_they_were_written_and_gaps_stay_gaps(
            column in proptest::collection::vec(proptest::option::of(stat()), 60),
        ) {
            let block = Block::from([(Metric::Cpu, column.clone()), (Metric::NetTx, vec![None; 60])]);
            let read = unpack(&pack(&block, 60), 60).expect("a block");
            prop_assert!(!read.contains_key(&Metric::NetTx));
            let gap = vec![None; 60];
            for (was, is) in column.iter().zip(read.get(&Metric::Cpu).unwrap_or(&gap)) {
                match (was, is) {
                    (Some(was), Some(is)) => {
                        prop_assert!(same(was, is), "{was:?} {is:?}");
                        prop_assert!(is.min <= is.avg && is.avg <= is.max);
                    }
                    (was, is) => prop_assert_eq!(was.is_some(), is.is_some()),
                }
            }
        }

        #[test]
        fn minutes_are_read_as_they_were_written(
            objects in proptest::collection::btree_map(0u8..64, stat(), 0..64),
        ) {
            let minute: BTreeMap<u8, Values> =
                objects.iter().map(|(object, stat)| (*object, vec![(Metric::Memory, *stat)])).collect();
            let read = unpack_minute(&pack_minute(&minute)).expect("a minute");
            prop_assert_eq!(read.keys().collect::<Vec<_>>(), minute.keys().collect::<Vec<_>>());
            for (was, is) in minute.values().flatten().zip(read.values().flatten()) {
                prop_assert!(same(&was.1, &is.1));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = (unpack(&bytes, 60), unpack_minute(&bytes));
            let packed = deflate(&bytes, Compression::fast());
            let _ = (unpack(&packed, 24), unpack_minute(&packed));
        }
    }
}
