//! State letters of `xl list` and of xentop.
use wxa_model::PowerState;

/// What a domain's state letters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainState {
    /// On a CPU, runnable or waiting.
    Running,
    /// Stopped by the hypervisor.
    Paused,
    /// Shut down but not gone; how it ended.
    Shutdown(ShutdownReason),
    /// Being taken apart.
    Dying,
}

/// How a domain ended, as far as letters tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutdownReason {
    /// It powered off.
    PowerOff,
    /// It wants to start again.
    Reboot,
    /// It was suspended, for a save or a migration.
    Suspend,
    /// It crashed.
    Crash,
    /// Not told.
    Unknown,
}

impl DomainState {
    /// From `xl list`: running, blocked, paused, shutdown, reason, dying.
    pub fn from_xl(letters: &str) -> Option<Self> {
        let [running, blocked, paused, shutdown, reason, dying] = six(letters)?;
        let known = "r-".contains(running) && "b-".contains(blocked) && "p-".contains(paused);
        if !known || !"s-".contains(shutdown) || !"d-".contains(dying) {
            return None;
        }
        Some(if dying == 'd' {
            Self::Dying
        } else if reason == 'c' {
            // Older tools print a crash without the shutdown letter.
            Self::Shutdown(ShutdownReason::Crash)
        } else if shutdown == 's' {
            Self::Shutdown(match reason {
                '-' => ShutdownReason::PowerOff,
                'r' => ShutdownReason::Reboot,
                's' => ShutdownReason::Suspend,
                'w' => ShutdownReason::Crash,
                _ => ShutdownReason::Unknown,
            })
        } else if paused == 'p' {
            Self::Paused
        } else {
            Self::Running
        })
    }

    /// From xentop: dying, shutdown, blocked, crashed, paused, running.
    pub fn from_xentop(letters: &str) -> Option<Self> {
        let [dying, shutdown, blocked, crashed, paused, running] = six(letters)?;
        let known = "d-".contains(dying) && "s-".contains(shutdown) && "b-".contains(blocked);
        if !known || !"c-".contains(crashed) || !"p-".contains(paused) || !"r-".contains(running) {
            return None;
        }
        Some(if dying == 'd' {
            Self::Dying
        } else if crashed == 'c' {
            Self::Shutdown(ShutdownReason::Crash)
        } else if shutdown == 's' {
            Self::Shutdown(ShutdownReason::Unknown)
        } else if paused == 'p' {
            Self::Paused
        } else {
            Self::Running
        })
    }

    /// In our words.
    pub fn power(self) -> PowerState {
        match self {
            Self::Running => PowerState::Running,
            Self::Paused => PowerState::Paused,
            Self::Shutdown(ShutdownReason::Suspend) => PowerState::Suspended,
            Self::Shutdown(ShutdownReason::Crash) => PowerState::Crashed,
            Self::Shutdown(_) | Self::Dying => PowerState::Stopping,
        }
    }
}

fn six(letters: &str) -> Option<[char; 6]> {
    let mut chars = letters.chars();
    let six = [
        chars.next()?,
        chars.next()?,
        chars.next()?,
        chars.next()?,
        chars.next()?,
        chars.next()?,
    ];
    chars.next().is_none().then_some(six)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PowerState as P;

    #[test]
    fn every_state_seen_on_real_hosts_is_known() {
        let seen = [
            ("r-----", P::Running),
            ("-b----", P::Running),
            ("------", P::Running),
            ("--p---", P::Paused),
            ("---s--", P::Stopping),
            ("---sr-", P::Stopping),
            ("---ss-", P::Suspended),
            ("---sc-", P::Crashed),
            ("----c-", P::Crashed),
            ("-----d", P::Stopping),
            ("--ps-d", P::Stopping),
        ];
        for (letters, power) in seen {
            assert_eq!(
                DomainState::from_xl(letters).map(DomainState::power),
                Some(power),
                "{letters}"
            );
        }
    }

    #[test]
    fn xentop_has_its_own_order() {
        let seen = [
            ("-----r", P::Running),
            ("--b---", P::Running),
            ("------", P::Running),
            ("----p-", P::Paused),
            ("--b-p-", P::Paused),
            ("---c--", P::Crashed),
            ("-s----", P::Stopping),
            ("d-----", P::Stopping),
        ];
        for (letters, power) in seen {
            assert_eq!(
                DomainState::from_xentop(letters).map(DomainState::power),
                Some(power),
                "{letters}"
            );
        }
    }

    #[test]
    fn other_words_are_no_states() {
        for word in ["", "r", "r-----x", "STATE", "abcdef", "128"] {
            assert_eq!(DomainState::from_xl(word), None, "{word}");
            assert_eq!(DomainState::from_xentop(word), None, "{word}");
        }
    }
}
