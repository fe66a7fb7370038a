//! Sums against counting each millisecond.
use super::*;
use crate::NoticeId;
use Standing::{Degraded, Down, Unknown, Up};
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

const SERVICE: ServiceId = ServiceId(Uuid::from_u128(1));
const OTHER: ServiceId = ServiceId(Uuid::from_u128(2));

fn work(from: u64, until: u64) -> Maintenance {
    Maintenance {
        id: NoticeId(Uuid::from_u128(3)),
        title: String::new(),
        text: String::new(),
        services: Vec::new(),
        from: UnixMillis(from),
        until: UnixMillis(until),
        counts: Counts::No,
        told_at: UnixMillis(0),
    }
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    vec(
        (0u64..6, 0u64..12, select(vec![Up, Degraded, Down, Unknown])),
        0..8,
    )
    .prop_map(|pieces| {
        let mut at = 0;
        let mut spans = Vec::new();
        for (gap, length, standing) in pieces {
            let from = at + gap;
            at = from + length;
            spans.push(Span {
                from: UnixMillis(from),
                until: UnixMillis(at),
                standing,
            });
        }
        spans
    })
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    vec((0u64..90, 0u64..20), 0..5).prop_map(|works| {
        let works: Vec<_> = works
            .into_iter()
            .map(|(from, length)| work(from, from + length))
            .collect();
        taken_out(&works, SERVICE)
    })
}

/// Millisecond by millisecond.
fn counted(spans: &[Span], windows: &[Window], from: u64, until: u64) -> Availability {
    let mut sum = Availability::default();
    for now in (from..until).map(UnixMillis) {
        let covers = spans.iter().find(|span| span.from <= now && now < span.until);
        let standing = covers.map_or(Unknown, |span| span.standing);
        let is_out = windows
            .iter()
            .any(|window| window.from <= now && now < window.until);
        match is_out && standing != Unknown {
            true => sum.maintenance_ms += 1,
            false => *sum.field(standing) += 1,
        }
    }
    sum
}

proptest! {
    #[test]
    fn each_millisecond_counts_once(spans in spans(), out in windows(), from in 0u64..100, length in 0u64..100) {
        let sum = Availability::measure(&spans, &out, UnixMillis(from), UnixMillis(from + length));
        prop_assert_eq!(sum, counted(&spans, &out, from, from + length));
        prop_assert_eq!(sum.all_ms(), length);
    }

    #[test]
    fn parts_of_a_range_add_up_to_it(spans in spans(), out in windows(), mut cuts in vec(0u64..120, 2..8)) {
        cuts.sort_unstable();
        let mut sum = Availability::default();
        for pair in cuts.windows(2) {
            sum.add(Availability::measure(&spans, &out, UnixMillis(pair[0]), UnixMillis(pair[1])));
        }
        let (first, last) = (cuts[0], cuts[cuts.len() - 1]);
        prop_assert_eq!(sum, Availability::measure(&spans, &out, UnixMillis(first), UnixMillis(last)));
    }

    #[test]
    fn windows_are_in_order_and_apart(out in windows()) {
        for pair in out.windows(2) {
            prop_assert!(pair[0].until < pair[1].from);
        }
    }
}

#[test]
fn unknown_time_is_neither_up_nor_down() {
    let spans = [
        Span {
            from: UnixMillis(0),
            until: UnixMillis(60),
            standing: Up,
        },
        Span {
            from: UnixMillis(60),
            until: UnixMillis(80),
            standing: Down,
        },
    ];
    let sum = Availability::measure(&spans, &[], UnixMillis(0), UnixMillis(100));
    assert_eq!((sum.up_ms, sum.down_ms, sum.unknown_ms), (60, 20, 20));
    let none = Availability::measure(&[], &[], UnixMillis(0), UnixMillis(100));
    assert_eq!((none.unknown_ms, none.available_percent()), (100, None));
    let backwards = Availability::measure(&spans, &[], UnixMillis(50), UnixMillis(10));
    assert_eq!(backwards, Availability::default());
}

#[test]
fn maintenance_does_not_hide_that_nothing_is_known() {
    let spans = [
        Span {
            from: UnixMillis(0),
            until: UnixMillis(40),
            standing: Up,
        },
        Span {
            from: UnixMillis(40),
            until: UnixMillis(50),
            standing: Down,
        },
    ];
    let out = taken_out(&[work(0, 100)], SERVICE);
    let sum = Availability::measure(&spans, &out, UnixMillis(0), UnixMillis(100));
    assert_eq!((sum.maintenance_ms, sum.unknown_ms), (50, 50));
    assert_eq!(sum.available_percent(), None);
}

#[test]
fn maintenance_takes_out_what_it_touches_unless_it_counts() {
    let other = Maintenance {
        services: vec![OTHER],
        ..work(0, 10)
    };
    let counting = Maintenance {
        counts: Counts::Yes,
        ..work(20, 30)
    };
    let all = [work(50, 60), other, counting, work(45, 50), work(70, 65)];
    let window = |from, until| Window {
        from: UnixMillis(from),
        until: UnixMillis(until),
    };
    assert_eq!(taken_out(&all, SERVICE), [window(45, 60)]);
    assert_eq!(taken_out(&all, OTHER), [window(0, 10), window(45, 60)]);
    let up = [Span {
        from: UnixMillis(0),
        until: UnixMillis(100),
        standing: Up,
    }];
    let sum = Availability::measure(&up, &taken_out(&all, SERVICE), UnixMillis(0), UnixMillis(100));
    assert_eq!((sum.up_ms, sum.maintenance_ms), (85, 15), "up or not");
}
