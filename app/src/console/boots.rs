//! How a boot went, from what was understood of its output.
use wxa_model::{
    UnixMillis,
    console::{GuestEvent, GuestPhase, usual},
};
use wxa_wire::{ConsoleBoot, ConsoleMark, ConsoleMarksView};

/// A boot with its stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Where and when it began.
    pub boot: ConsoleBoot,
    /// Offset at which the next one began; none for the last.
    pub until: Option<u64>,
    /// In order, from its beginning to the login prompt or the panic.
    pub stages: Vec<Stage>,
    /// What else happened in it, in order.
    pub events: Vec<ConsoleMark>,
    /// The usual time to the login prompt, in milliseconds; none where too little is known.
    pub usual_ms: Option<u64>,
}

/// A stage of a boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Which.
    pub phase: GuestPhase,
    /// Where it began.
    pub offset: u64,
    /// How long it took; none for the last one, and where that is not known.
    pub ms: Option<u64>,
}

/// All boots, oldest first.
pub fn timelines(marks: &ConsoleMarksView) -> Vec<Timeline> {
    let boots = &marks.boots;
    let mut all = Vec::with_capacity(boots.len());
    let mut earlier = Vec::new();
    for (n, boot) in boots.iter().enumerate() {
        let until = boots.get(n + 1).map(|next| next.offset);
        let is_in =
            |mark: &&ConsoleMark| mark.offset >= boot.offset && until.is_none_or(|until| mark.offset < until);
        let own: Vec<ConsoleMark> = marks.marks.iter().filter(is_in).copied().collect();
        all.push(Timeline {
            boot: *boot,
            until,
            stages: timed(stages(boot.at, &own), boot),
            events: own.iter().filter(|mark| is_event(mark.what)).copied().collect(),
            usual_ms: usual(&earlier),
        });
        earlier.extend(boot.login_ms);
    }
    all
}

impl Timeline {
    /// Whether it got to that phase, and no further.
    pub fn ended_in(&self, phase: GuestPhase) -> bool {
        self.stages.last().is_some_and(|stage| stage.phase == phase)
    }

    /// Whether it was found to be slow.
    pub fn is_slow(&self) -> bool {
        self.events.iter().any(|mark| mark.what == GuestEvent::SlowBoot)
    }

    /// Milliseconds of all stages that are over.
    pub fn stages_ms(&self) -> u64 {
        self.stages.iter().filter_map(|stage| stage.ms).sum()
    }
}

/// What is told beside the stages.
fn is_event(what: GuestEvent) -> bool {
    !matches!(what, GuestEvent::Phase(phase) if phase != GuestPhase::Panicked && phase != GuestPhase::Shutdown)
}

/// A boot that nobody timed was read from what its host had logged: when that was printed is not known.
fn timed(mut stages: Vec<Stage>, boot: &ConsoleBoot) -> Vec<Stage> {
    let has_login = stages
        .last()
        .is_some_and(|stage| stage.phase == GuestPhase::Login);
    if has_login && boot.login_ms.is_none() {
        for stage in &mut stages {
            stage.ms = None;
        }
    }
    stages
}

fn stages(began: UnixMillis, marks: &[ConsoleMark]) -> Vec<Stage> {
    let mut stages: Vec<(Stage, UnixMillis)> = Vec::new();
    for mark in marks {
        let GuestEvent::Phase(phase) = mark.what else {
            continue;
        };
        if phase == GuestPhase::Shutdown {
            break;
        }
        if let Some((before, at)) = stages.last_mut() {
            // A guest that falls back, as from init to checking a file system, goes on with another stage.
            before.ms = Some(mark.at.since(*at));
        }
        // What is before the first sign of it belongs to the first stage.
        let at = if stages.is_empty() { began } else { mark.at };
        let stage = Stage {
            phase,
            offset: mark.offset,
            ms: None,
        };
        stages.push((stage, at));
        if matches!(phase, GuestPhase::Login | GuestPhase::Panicked) {
            break;
        }
    }
    stages.into_iter().map(|(stage, _)| stage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(offset: u64, at: u64, what: GuestEvent) -> ConsoleMark {
        ConsoleMark {
            offset,
            at: UnixMillis(at),
            what,
        }
    }

    fn boot(offset: u64, at: u64, login_ms: Option<u64>) -> ConsoleBoot {
        ConsoleBoot {
            offset,
            at: UnixMillis(at),
            login_ms,
        }
    }

    #[test]
    fn a_boot_has_the_stages_that_lead_to_its_login_prompt_and_what_happened_in_it() {
        use GuestPhase::{Firmware, Init, Kernel, Login, Panicked, Shutdown};
        let phase = |offset, at, phase| mark(offset, at, GuestEvent::Phase(phase));
        let marks = ConsoleMarksView {
            boots: vec![boot(0, 1000, Some(4000)), boot(500, 90_000, None)],
            marks: vec![
                phase(10, 1500, Firmware),
                phase(20, 2000, Kernel),
                phase(30, 3000, Init),
                phase(40, 5000, Login),
                mark(50, 9000, GuestEvent::OutOfMemory),
                phase(60, 80_000, Shutdown),
                phase(510, 90_100, Kernel),
                phase(520, 91_000, Panicked),
            ],
            ..ConsoleMarksView::default()
        };
        let all = timelines(&marks);
        let shown: Vec<Vec<_>> = all
            .iter()
            .map(|line| line.stages.iter().map(|stage| (stage.phase, stage.ms)).collect())
            .collect();
        assert_eq!(
            shown,
            [
                vec![
                    (Firmware, Some(1000)),
                    (Kernel, Some(1000)),
                    (Init, Some(2000)),
                    (Login, None)
                ],
                vec![(Kernel, Some(1000)), (Panicked, None)],
            ]
        );
        assert_eq!(
            all.iter().map(|line| line.events.len()).collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(
            all.iter().map(|line| line.ended_in(Panicked)).collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(all.first().map(Timeline::stages_ms), Some(4000));
    }

    #[test]
    fn a_boot_that_nobody_timed_has_stages_without_times() {
        let marks = ConsoleMarksView {
            boots: vec![boot(0, 1000, None)],
            marks: vec![
                mark(10, 9_000_000, GuestEvent::Phase(GuestPhase::Kernel)),
                mark(20, 9_000_000, GuestEvent::Phase(GuestPhase::Login)),
            ],
            ..ConsoleMarksView::default()
        };
        let times: Vec<_> = timelines(&marks)
            .into_iter()
            .flat_map(|line| line.stages)
            .map(|stage| stage.ms)
            .collect();
        assert_eq!(times, [None, None]);
    }

    #[test]
    fn a_console_of_which_nothing_is_understood_has_boots_without_stages() {
        let marks = ConsoleMarksView {
            boots: vec![boot(0, 0, None)],
            ..ConsoleMarksView::default()
        };
        let all = timelines(&marks);
        assert!(all.iter().all(|line| line.stages.is_empty()) && all.len() == 1);
    }
}
