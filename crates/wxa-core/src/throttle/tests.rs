//! Pauses, who is held up by whom, and the bound on memory.
use super::*;

const NOW: UnixMillis = UnixMillis(1_000_000_000);

fn later(seconds: u64) -> UnixMillis {
    UnixMillis(NOW.0 + seconds * 1000)
}

fn fail(throttle: &Throttle, times: u32, account: &str, from: &str) {
    for _ in 0..times {
        let _ = throttle.begin(account, from, NOW).unwrap();
    }
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
fn an_account_waits_wherever_the_guesses_come_from_and_its_neighbour_does_not() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", "192.0.2.1");
    assert_eq!(throttle.begin("ADA", "192.0.2.2", NOW).unwrap_err(), 1);
    let _ = throttle.begin("bob", "192.0.2.1", NOW).unwrap();
    let _ = throttle.begin("ada", "192.0.2.1", later(1)).unwrap();
    assert_eq!(throttle.begin("ada", "192.0.2.1", later(1)).unwrap_err(), 2);
}

#[test]
fn an_address_that_tries_many_names_waits() {
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
fn success_clears_the_account_and_a_withdrawn_attempt_costs_nothing() {
    let throttle = Throttle::default();
    fail(&throttle, 5, "ada", "192.0.2.1");
    let attempt = throttle.begin("ada", "192.0.2.1", NOW).unwrap();
    throttle.withdrawn(&attempt);
    let attempt = throttle.begin("ada", "192.0.2.1", NOW).unwrap();
    throttle.succeeded(&attempt);
    fail(&throttle, 5, "ada", "192.0.2.1");
}

#[test]
fn quiet_time_forgives() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", "192.0.2.1");
    let _ = throttle.begin("ada", "192.0.2.1", later(31 * 60)).unwrap();
    let _ = throttle.begin("ada", "192.0.2.1", later(31 * 60)).unwrap();
}

#[test]
fn memory_is_bounded_and_the_worst_are_remembered() {
    let throttle = Throttle::default();
    fail(&throttle, 6, "ada", "192.0.2.1");
    for n in 0..REMEMBERED + 10 {
        // Each from its own address, so that none has to wait.
        fail(
            &throttle,
            1,
            &format!("user{n}"),
            &format!("10.{}.{}.{}", n / 65536, n / 256 % 256, n % 256),
        );
    }
    assert!(throttle.begin("ada", "198.51.100.1", NOW).is_err());
    let state = throttle.state();
    assert!(state.accounts.len() <= REMEMBERED && state.addresses.len() <= REMEMBERED);
}
