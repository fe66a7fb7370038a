//! Reading what charts show: at first with the page, then by range, again while it follows the time, and live in between.
use super::{
    board::Board,
    def::Kind,
    feed::{Feed, step},
    history::History,
    of::Of,
    parts,
    range::Range,
};
use crate::{routes::url::Url, transport};
use leptos::{prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};
use wxa_wire::MetricsView;

/// A range whose steps are no longer than this is drawn with every measurement that comes.
const LIVE_STEP_MS: u64 = 10_000;
/// How often such a range is read anew all the same, and how often others are at least and at most, in milliseconds.
const HEAL_MS: u64 = 60_000;
const OFTEN_MS: u64 = 20_000;
const SELDOM_MS: u64 = 300_000;

/// The GET whose reply comes with a page of charts; none for ranges other than the last hour, which depend on the time.
pub fn first_url(of: Of, kind: Kind, url: &Url) -> Option<String> {
    let range = Range::of(url);
    let usual = range == Range::Last(Default::default());
    (usual || matches!(range, Range::Between(..)))
        .then(|| Feed { of, shift: 0 }.url(range, &kind.metrics(), 0))
}

/// The same for the parts that the address opens.
pub fn first_parts_url(of: Of, kind: Kind, url: &Url) -> Option<String> {
    let range = Range::of(url);
    let usual = range == Range::Last(Default::default());
    let open = parts::opened(kind.charts, url);
    (usual || matches!(range, Range::Between(..)))
        .then(|| parts::url(kind.charts, &open, of, range, 0))
        .flatten()
}

/// What came with the page.
pub(super) fn begin(board: Board) {
    let url = board.cx.nav.url.get_untracked();
    for of in board.main.get_value() {
        let first = first_url(of, board.kind, &url).and_then(|url| board.cx.prefetched::<MetricsView>(&url));
        if let Some(view) = first {
            board.take(Feed { of, shift: 0 }, History::from(view));
        }
    }
}

/// Reads on, for as long as the page is there. In the browser only: effects run nowhere else.
pub(super) fn follow(board: Board) {
    Effect::new(move |_| {
        let vms = board.feeds.with(|feeds| {
            let vm = |feed: &Feed| match feed.of {
                Of::Vm(id) => Some(id),
                Of::Host(_) | Of::Site(_) => None,
            };
            feeds.iter().filter_map(vm).collect::<Vec<_>>()
        });
        // Hosts are measured for everybody; of VMs a page gets what it shows.
        if !vms.is_empty() {
            board.cx.live.wish.set(vms);
        }
    });
    Effect::new(move |before: Option<(Vec<Feed>, Range, u32)>| {
        let (feeds, range, again) = (board.feeds.get(), board.range.get(), board.again.get());
        let same = before
            .as_ref()
            .is_some_and(|(_, old_range, old_again)| *old_range == range && *old_again == again);
        for feed in &feeds {
            // What came with the page is fresh, and so is what stayed when something was added to it.
            let is_first = before.is_none() || same;
            if !(is_first && board.has(*feed)) {
                ask(board, *feed, range);
            }
        }
        board.keep_only(&feeds);
        (feeds, range, again)
    });
    Effect::new(move |_| {
        let range = board.range.get();
        if !matches!(range, Range::Last(_)) {
            return;
        }
        let step = step(range, board.now());
        let every = if step <= LIVE_STEP_MS {
            HEAL_MS
        } else {
            step.clamp(OFTEN_MS, SELDOM_MS)
        };
        let again = move || {
            if !document().hidden() {
                board.again.update(|n| *n = n.wrapping_add(1));
            }
        };
        if let Ok(timer) = set_interval_with_handle(again, Duration::from_millis(every)) {
            on_cleanup(move || timer.clear());
        }
    });
    Effect::new(move |last: Option<u64>| {
        board.cx.live.samples_version.track();
        let now = board.now();
        let range = board.range.get_untracked();
        let is_live = matches!(range, Range::Last(_)) && step(range, now) <= LIVE_STEP_MS;
        // Hosts measure at different moments: once a second is often enough for all of them together.
        if !is_live || last.is_some_and(|last| now.saturating_sub(last) < 900) {
            return last.unwrap_or_default();
        }
        let begin = range.window(now).0;
        for feed in board
            .feeds
            .get_untracked()
            .into_iter()
            .filter(|feed| feed.shift == 0)
        {
            let sample = untrack(|| feed.of.sample(board.cx));
            if !sample.is_empty() {
                board.push(feed, now, &sample, begin);
            }
        }
        now
    });
}

fn ask(board: Board, feed: Feed, range: Range) {
    let url = feed.url(range, &board.kind.metrics(), board.now());
    spawn_local(async move {
        let reply = transport::get::<MetricsView>(&url).await;
        // The page may have been left meanwhile, or show another range.
        if board.range.try_get_untracked() != Some(range) {
            return;
        }
        match reply {
            Ok(view) => {
                board.take(feed, History::from(view));
                board.problem.set(None);
            }
            Err(body) => {
                let now = board.now();
                let (from, to) = range.window(now);
                if !board.has(feed) {
                    // What comes live is drawn all the same.
                    board.take(feed, History::empty(from, to, step(range, now)));
                }
                board.problem.set(Some(body));
            }
        }
    });
}

/// For tests of pages: the same data as it would come from the server.
#[cfg(all(test, feature = "ssr"))]
pub fn made_up(of: Of, kind: Kind, now: u64) -> (String, MetricsView) {
    use wxa_model::UnixMillis;
    use wxa_wire::MetricSeries;
    let url = Feed { of, shift: 0 }.url(Range::Last(Default::default()), &kind.metrics(), 0);
    let step = 10_000;
    let from = (now - 3_600_000) / step * step;
    let wave = |i: u32, n: usize, by: f32| {
        let gap = (100..110).contains(&i);
        (!gap).then(|| ((i as f32 * 0.05 + n as f32).sin() * 0.3 + 0.5) * by)
    };
    let metrics = kind.charts.iter().flat_map(|def| def.metrics);
    let series = metrics.enumerate().map(|(n, metric)| {
        let by = match metric.unit() {
            wxa_model::Unit::Bytes => 2e9,
            wxa_model::Unit::BytesPerSecond => 4e7,
            wxa_model::Unit::PerSecond => 400.0,
            wxa_model::Unit::Seconds => 0.02,
            wxa_model::Unit::Cpus | wxa_model::Unit::Number => 1.5,
        };
        let column = |share: f32| (0..360).map(|i| wave(i, n, by * share)).collect();
        MetricSeries {
            metric: *metric,
            part: None,
            min: column(0.8),
            avg: column(1.0),
            max: column(1.2),
        }
    });
    let view = MetricsView {
        from: UnixMillis(from),
        step,
        count: 360,
        series: series.collect(),
        ..MetricsView::default()
    };
    (url, view)
}

impl Board {
    /// The moment by the server's clock. Tracks nothing.
    pub(super) fn now(self) -> u64 {
        self.cx.clock.now.get_untracked().0
    }

    fn has(self, feed: Feed) -> bool {
        self.histories.with_untracked(|all| all.contains_key(&feed))
    }

    fn take(self, feed: Feed, history: History) {
        self.histories.update(|all| {
            all.insert(feed, Arc::new(history));
        });
    }

    fn push(
        self,
        feed: Feed,
        at: u64,
        values: &std::collections::BTreeMap<wxa_model::Metric, f32>,
        begin: u64,
    ) {
        self.histories.update(|all| {
            if let Some(history) = all.get_mut(&feed) {
                Arc::make_mut(history).push(at, values, begin);
            }
        });
    }

    fn keep_only(self, feeds: &[Feed]) {
        let is_stale = self
            .histories
            .with_untracked(|all| all.keys().any(|feed| !feeds.contains(feed)));
        if is_stale {
            self.histories
                .update(|all| all.retain(|feed, _| feeds.contains(feed)));
        }
    }
}
