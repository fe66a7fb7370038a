//! How a service stands: its rule over its members, and what checks from outside say. Nothing unknown is taken for up or down.
use super::{Rule, Span, Standing};
use crate::UnixMillis;

/// How many stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Up.
    pub up: u32,
    /// Degraded.
    pub degraded: u32,
    /// Down.
    pub down: u32,
    /// Nobody knows.
    pub unknown: u32,
}

impl Tally {
    /// Counts them.
    pub fn of(standings: impl IntoIterator<Item = Standing>) -> Self {
        let mut tally = Self::default();
        for standing in standings {
            tally.add(standing);
        }
        tally
    }

    /// One more.
    pub fn add(&mut self, standing: Standing) {
        let count = self.count(standing);
        *count = count.saturating_add(1);
    }

    /// One fewer.
    pub fn take(&mut self, standing: Standing) {
        let count = self.count(standing);
        *count = count.saturating_sub(1);
    }

    /// With others that nothing is known of, as many as any rule may ask for.
    pub fn with_more_to_come(self) -> Self {
        Self {
            unknown: self.unknown.saturating_add(u32::from(u16::MAX)),
            ..self
        }
    }

    fn count(&mut self, standing: Standing) -> &mut u32 {
        match standing {
            Standing::Up => &mut self.up,
            Standing::Degraded => &mut self.degraded,
            Standing::Down => &mut self.down,
            Standing::Unknown => &mut self.unknown,
        }
    }

    fn all(self) -> u32 {
        self.running()
            .saturating_add(self.down)
            .saturating_add(self.unknown)
    }

    fn running(self) -> u32 {
        self.up.saturating_add(self.degraded)
    }
}

impl Rule {
    /// How members stand together. The rule holds, or cannot hold whatever the unknown ones are, or nobody knows; when it
    /// holds, all must be up for it to be up. Of no members nothing is known.
    pub fn judge(self, members: Tally) -> Standing {
        let all = members.all();
        let needed = match self {
            Self::All => all,
            Self::Any => 1,
            Self::AtLeast(count) => u32::from(count),
        };
        if all == 0 {
            Standing::Unknown
        } else if members.running() >= needed {
            match members.up == all {
                true => Standing::Up,
                false => Standing::Degraded,
            }
        } else if members.running().saturating_add(members.unknown) < needed {
            Standing::Down
        } else {
            Standing::Unknown
        }
    }
}

/// How a service stands. A check that fails makes it down whatever its members do. Where members leave it unknown (their host
/// is not reachable, or there are none), checks decide when all of them are known. One that is unknown itself says nothing.
pub fn judge(rule: Rule, members: Tally, checks: Tally) -> Standing {
    if checks.down > 0 {
        return Standing::Down;
    }
    let passing = if checks.degraded > 0 {
        Standing::Degraded
    } else {
        Standing::Up
    };
    match rule.judge(members) {
        Standing::Unknown if checks.running() > 0 && checks.unknown == 0 => passing,
        Standing::Unknown => Standing::Unknown,
        known => known.max(passing),
    }
}

/// What a service's past is judged from: what its members and checks were. Added one by one, so that no more than the moments at
/// which something changed is held.
#[derive(Clone, Debug)]
pub struct Past {
    from: UnixMillis,
    until: UnixMillis,
    members: Tally,
    checks: Tally,
    turns: Vec<Turn>,
}

/// A part of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A member.
    Member,
    /// A check.
    Check,
}

/// Something that stood one way stands another way from then on.
#[derive(Clone, Copy, Debug)]
struct Turn {
    at: UnixMillis,
    part: Part,
    was: Standing,
    is: Standing,
}

impl Past {
    /// Of that time, of nothing yet.
    pub fn new(from: UnixMillis, until: UnixMillis) -> Self {
        Self {
            from,
            until,
            members: Tally::default(),
            checks: Tally::default(),
            turns: Vec::new(),
        }
    }

    /// Adds what a part was. Spans come oldest first; what they leave open is unknown.
    pub fn add(&mut self, part: Part, spans: &[Span]) {
        self.tally(part).add(Standing::Unknown);
        let mut end = self.from;
        for span in spans {
            let (from, until) = (span.from.max(end), span.until.min(self.until));
            if from < until {
                self.turn(from, part, Standing::Unknown, span.standing);
                self.turn(until, part, span.standing, Standing::Unknown);
                end = until;
            }
        }
    }

    /// How the service stood, by that rule: oldest first, without what is unknown.
    pub fn judge(mut self, rule: Rule) -> Vec<Span> {
        self.turns.sort_by_key(|turn| turn.at);
        let turns = std::mem::take(&mut self.turns);
        let mut spans = Vec::new();
        let mut at = self.from;
        for turn in turns {
            if turn.at > at {
                let standing = judge(rule, self.members, self.checks);
                push(
                    &mut spans,
                    Span {
                        from: at,
                        until: turn.at,
                        standing,
                    },
                );
                at = turn.at;
            }
            let tally = self.tally(turn.part);
            tally.take(turn.was);
            tally.add(turn.is);
        }
        let standing = judge(rule, self.members, self.checks);
        push(
            &mut spans,
            Span {
                from: at,
                until: self.until,
                standing,
            },
        );
        spans
    }

    fn turn(&mut self, at: UnixMillis, part: Part, was: Standing, is: Standing) {
        self.turns.push(Turn { at, part, was, is });
    }

    fn tally(&mut self, part: Part) -> &mut Tally {
        match part {
            Part::Member => &mut self.members,
            Part::Check => &mut self.checks,
        }
    }
}

/// Adds a span to those before it: the last one becomes longer when nothing is different. What is empty or unknown is not added.
pub fn push(spans: &mut Vec<Span>, span: Span) {
    if span.from >= span.until || span.standing == Standing::Unknown {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.until == span.from && last.standing == span.standing => last.until = span.until,
        _ => spans.push(span),
    }
}

#[cfg(test)]
mod tests;
