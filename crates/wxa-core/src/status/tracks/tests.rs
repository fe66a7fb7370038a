//! Whatever comes in whatever order: what would be in the database never overlaps, and is what was told.
use super::*;
use Standing::{Degraded, Down, Unknown, Up};
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;
use wxa_model::VmId;

fn vm(n: u128) -> Watched {
    Watched::Vm(VmId(Uuid::from_u128(n)))
}

fn at(ms: u64) -> UnixMillis {
    UnixMillis(ms)
}

/// What a database would have.
#[derive(Default)]
struct Kept(BTreeMap<(Watched, UnixMillis), SpanRecord>);

impl Kept {
    fn write(&mut self, tracks: &mut Tracks, most: usize) {
        let changes = tracks.waiting(most);
        for change in &changes {
            match change {
                SpanChange::Put(record) => {
                    self.0.insert((record.of, record.began), *record);
                }
                SpanChange::Drop { of, began } => {
                    self.0.remove(&(*of, *began));
                }
            }
        }
        tracks.written(&changes);
    }

    fn all(&self) -> Vec<(u64, Option<u64>, Standing)> {
        let spans = self.0.values();
        spans
            .map(|span| (span.began.0, span.ended.map(|ended| ended.0), span.standing))
            .collect()
    }
}

fn recording() -> Tracks {
    let mut tracks = Tracks::default();
    tracks.begin(at(0));
    tracks
}

#[test]
fn each_change_ends_a_span_and_begins_one_unless_nothing_is_known() {
    let (mut tracks, mut kept) = (recording(), Kept::default());
    for (standing, ms) in [
        (Up, 10),
        (Up, 15),
        (Down, 20),
        (Unknown, 30),
        (Unknown, 35),
        (Up, 40),
    ] {
        tracks.set(vm(1), standing, at(ms));
        kept.write(&mut tracks, usize::MAX);
    }
    let spans = [(10, Some(20), Up), (20, Some(30), Down), (40, None, Up)];
    assert_eq!(kept.all(), spans);
    assert_eq!(
        tracks.get(vm(1)),
        Some(Stand {
            standing: Up,
            since: Some(at(40))
        })
    );
    tracks.remove(vm(1), at(50));
    kept.write(&mut tracks, usize::MAX);
    assert_eq!(kept.all(), [spans[0], spans[1], (40, Some(50), Up)]);
    assert!(tracks.is_written());
}

#[test]
fn what_is_lost_is_unknown_from_the_last_word_on() {
    let (mut tracks, mut kept) = (recording(), Kept::default());
    tracks.set(vm(1), Up, at(10));
    kept.write(&mut tracks, usize::MAX);
    tracks.set(vm(1), Unknown, at(90));
    tracks.set(vm(2), Up, at(95));
    kept.write(&mut tracks, usize::MAX);
    tracks.set(vm(2), Unknown, at(80));
    kept.write(&mut tracks, usize::MAX);
    assert_eq!(
        kept.all(),
        [(10, Some(90), Up)],
        "what lasted no time is not kept"
    );
    assert_eq!(
        tracks.get(vm(2)),
        Some(Stand {
            standing: Unknown,
            since: Some(at(95))
        })
    );
}

#[test]
fn a_pause_leaves_a_gap_for_all() {
    let (mut tracks, mut kept) = (recording(), Kept::default());
    tracks.set(vm(1), Up, at(10));
    tracks.set(vm(2), Unknown, at(10));
    tracks.pause(at(50));
    tracks.set(vm(1), Down, at(60));
    tracks.begin(at(70));
    tracks.begin(at(70));
    kept.write(&mut tracks, usize::MAX);
    assert_eq!(kept.all(), [(10, Some(50), Up), (70, None, Down)]);
}

#[test]
fn a_remembered_past_goes_on_where_it_reaches_the_present() {
    let past = |until| Span {
        from: at(5),
        until: at(until),
        standing: Up,
    };
    let (mut tracks, mut kept) = (recording(), Kept::default());
    tracks.remember(vm(1), &[past(50)], Up, at(50));
    tracks.remember(vm(2), &[past(40)], Up, at(50));
    tracks.remember(vm(3), &[past(50)], Down, at(50));
    kept.write(&mut tracks, usize::MAX);
    assert_eq!(
        kept.all(),
        [
            (5, None, Up),
            (5, Some(40), Up),
            (50, None, Up),
            (5, Some(50), Up),
            (50, None, Down)
        ]
    );
    assert_eq!(tracks.get(vm(1)).unwrap().since, Some(at(5)));
}

#[test]
fn without_a_database_for_long_whole_spans_are_forgotten_and_nothing_false_is_left() {
    let (mut tracks, mut kept) = (recording(), Kept::default());
    tracks.set(vm(1), Up, at(1));
    kept.write(&mut tracks, usize::MAX);
    for ms in 0..200_001u64 {
        tracks.set(vm(1), if ms % 2 == 0 { Down } else { Up }, at(10 + ms));
    }
    assert!(tracks.waiting.len() <= MOST_WAITING + 1);
    kept.write(&mut tracks, usize::MAX);
    let all = kept.all();
    assert_eq!(
        all.first(),
        Some(&(1, Some(10), Up)),
        "what the database had is ended"
    );
    assert_eq!(all.last(), Some(&(200_010, None, Down)));
}

#[derive(Clone, Debug)]
enum Step {
    Set(u128, Standing, u64),
    Remove(u128),
    Pause(u64),
    Write(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let standing = select(vec![Up, Degraded, Down, Unknown]);
    let step = prop_oneof![
        8 => (0u128..3, standing, 0u64..20).prop_map(|(n, standing, back)| Step::Set(n, standing, back)),
        1 => (0u128..3).prop_map(Step::Remove),
        1 => (0u64..20).prop_map(Step::Pause),
        3 => (0usize..4).prop_map(Step::Write),
    ];
    vec(step, 0..60)
}

proptest! {
    #[test]
    fn spans_never_overlap_and_end_after_they_began(steps in steps()) {
        let (mut tracks, mut kept) = (recording(), Kept::default());
        let mut now = 100;
        for step in steps {
            now += 7;
            match step {
                Step::Set(n, standing, back) => tracks.set(vm(n), standing, at(now - back)),
                Step::Remove(n) => tracks.remove(vm(n), at(now)),
                Step::Pause(long) => {
                    tracks.pause(at(now));
                    now += long;
                    tracks.begin(at(now));
                }
                Step::Write(most) => kept.write(&mut tracks, most),
            }
            let mut whole = Kept(kept.0.clone());
            for n in 0..3 {
                for change in tracks.waiting_of(vm(n)) {
                    match change {
                        SpanChange::Put(record) => whole.0.insert((record.of, record.began), record),
                        SpanChange::Drop { of, began } => whole.0.remove(&(of, began)),
                    };
                }
                let its: Vec<_> = whole.0.range((vm(n), at(0))..=(vm(n), at(u64::MAX))).map(|(_, span)| *span).collect();
                for span in &its {
                    prop_assert!(span.ended.is_none_or(|ended| ended > span.began), "{its:?}");
                }
                for pair in its.windows(2) {
                    prop_assert!(pair[0].ended.is_some_and(|ended| ended <= pair[1].began), "{its:?}");
                }
                let open = its.last().filter(|span| span.ended.is_none()).map(|span| span.standing);
                let told = tracks.get(vm(n)).map_or(Unknown, |stand| stand.standing);
                prop_assert_eq!(open.unwrap_or(Unknown), told);
            }
        }
    }
}
