//! Pauses, who is held up by whom, and the bound on memory.
use super::{tally::REMEMBERED, tally::pause_after, *};

const NOW: UnixMillis = UnixMillis(1_000_000_000);
const HOME: &str = "192.0.2.1";
const ELSEWHERE: &str = "198.51.100.7";

fn later(seconds: u64) -> UnixMillis {
    UnixMillis(NOW.0 + seconds * 1000)
}

fn fail(throttle: &Throttle, times: u32, account: &str, from: &str) {
    for _ in 0..times {
        let _ = throttle.begin(account, from, NOW).unwrap();
    }
}

/// An address of its own for each `n`.
fn address(n: usize) -> String {
    format!("10.{}.{}.{}", n / 65536, n / 256 % 256, n % 256)
}

#[test]
fn pauses_double_up_to_the_longest() {
    let pace = Pace {
        free: 2,
        most: Duration::from_secs(30),
    };
    let pauses: Vec<_> = (0..=9)
        .map(|failures| pause_after(failures, pace).as_secs())
        .collect();
    assert_eq!(pauses, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
    assert_eq!(pause_after(u32::MAX, pace), pace.most);
}

#[test]
fn whoever_guesses_waits_longer_each_time_and_only_he_does() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", ELSEWHERE);
    assert_eq!(throttle.begin("ADA", ELSEWHERE, NOW).unwrap_err(), 1);
    let _ = throttle.begin("bob", ELSEWHERE, NOW).unwrap();
    let _ = throttle.begin("ada", HOME, NOW).unwrap();
    let _ = throttle.begin("ada", ELSEWHERE, later(1)).unwrap();
    assert_eq!(throttle.begin("ada", ELSEWHERE, later(1)).unwrap_err(), 2);
}

#[test]
fn a_stranger_who_never_pauses_does_not_keep_the_owner_out() {
    let throttle = Throttle::default();
    let mut owner_waited = 0;
    // For ten minutes, he tries again the very second he may.
    for second in 0..600 {
        let _ = throttle.begin("ada", ELSEWHERE, later(second));
        owner_waited = match throttle.begin("ada", HOME, later(second)) {
            Ok(attempt) => {
                throttle.withdrawn(&attempt);
                0
            }
            Err(_) => owner_waited + 1,
        };
        assert!(owner_waited <= 4, "the owner waits at second {second}");
    }
}

#[test]
fn guesses_from_many_networks_are_slowed_together_but_not_where_the_owner_is_known() {
    let throttle = Throttle::default();
    let attempt = throttle.begin("ada", HOME, NOW).unwrap();
    throttle.succeeded(&attempt, NOW);
    let mut let_through = 0;
    for n in 0..10_000 {
        let_through += u32::from(throttle.begin("ada", &address(n), later(n as u64 / 100)).is_ok());
    }
    // A hundred seconds: ten at once, then one every four seconds, give or take the first short pauses.
    assert!((30..=45).contains(&let_through), "{let_through}");
    let stranger = throttle.begin("ada", ELSEWHERE, later(99));
    assert!(stranger.is_err(), "a network that is not known waits");
    let _ = throttle.begin("ada", HOME, later(99)).unwrap();
}

#[test]
fn a_network_that_tries_many_names_waits() {
    let throttle = Throttle::default();
    for n in 0..21 {
        fail(&throttle, 1, &format!("user{n}"), "2001:db8::1");
    }
    assert!(
        throttle.begin("new", "2001:db8::ffff", NOW).is_err(),
        "the same /64"
    );
    let _ = throttle.begin("new", "2001:db8:0:1::1", NOW).unwrap();
}

#[test]
fn success_clears_the_account_there_and_a_withdrawn_attempt_costs_nothing() {
    let throttle = Throttle::default();
    fail(&throttle, 5, "ada", HOME);
    let attempt = throttle.begin("ada", HOME, NOW).unwrap();
    throttle.withdrawn(&attempt);
    let attempt = throttle.begin("ada", HOME, NOW).unwrap();
    throttle.succeeded(&attempt, NOW);
    fail(&throttle, 5, "ada", HOME);
}

#[test]
fn quiet_time_forgives() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", HOME);
    let _ = throttle.begin("ada", HOME, later(31 * 60)).unwrap();
    let _ = throttle.begin("ada", HOME, later(31 * 60)).unwrap();
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out_for_long() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", HOME);
    let yesterday = |seconds: u64| UnixMillis(NOW.0 - 24 * 3600 * 1000 + seconds * 1000);
    assert_eq!(throttle.begin("ada", HOME, yesterday(0)).unwrap_err(), 1);
    let _ = throttle.begin("ada", HOME, yesterday(1)).unwrap();
}

#[test]
fn wrong_tokens_are_slowed_by_network_and_do_not_hold_up_passwords() {
    let throttle = Throttle::default();
    for _ in 0..21 {
        throttle.wrong_token(ELSEWHERE, NOW).unwrap();
    }
    assert_eq!(throttle.wrong_token(ELSEWHERE, NOW).unwrap_err(), 1);
    throttle.wrong_token(HOME, NOW).unwrap();
    throttle.wrong_token(ELSEWHERE, later(1)).unwrap();
    let _ = throttle.begin("ada", ELSEWHERE, NOW).unwrap();
}

#[test]
fn memory_is_bounded_and_the_worst_are_remembered() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", HOME);
    for n in 0..REMEMBERED + 10 {
        // Each from its own address, so that none has to wait.
        let attempt = throttle.begin(&format!("user{n}"), &address(n), NOW).unwrap();
        if n % 2 == 0 {
            throttle.succeeded(&attempt, NOW);
            fail(&throttle, 1, &format!("user{n}"), &address(n));
        }
        let _ = throttle.wrong_token(&address(n), NOW);
    }
    assert!(throttle.begin("ada", HOME, NOW).is_err());
    let state = throttle.state();
    for tally in [&state.pairs, &state.networks, &state.accounts, &state.tokens] {
        assert!(tally.len() <= REMEMBERED, "{}", tally.len());
    }
}
