//! One types, the others watch, whatever they say in whatever order.
use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn comer(name: &str, right: KeyboardRight) -> Comer {
    Comer {
        name: name.into(),
        person: Some(UserId(Uuid::from_u128(
            name.bytes().fold(0, |sum, byte| sum * 256 + u128::from(byte)),
        ))),
        came: Came::SignedIn,
        right,
        since: UnixMillis(1),
    }
}

/// Two who may type, one who watches and an administrator: numbers 1 to 4.
fn four() -> Keyboard {
    let mut keyboard = Keyboard::default();
    for (name, right) in [
        ("ada", KeyboardRight::Type),
        ("ben", KeyboardRight::Type),
        ("cyd", KeyboardRight::Watch),
        ("dan", KeyboardRight::Take),
    ] {
        keyboard.join(comer(name, right));
    }
    keyboard
}

impl Keyboard {
    fn typist(&self) -> Option<u64> {
        let present = self.present();
        let mut typing = present
            .iter()
            .filter(|viewer| viewer.keyboard == KeyboardState::Types);
        let first = typing.next().map(|viewer| viewer.number);
        assert!(typing.next().is_none(), "one at a time: {present:?}");
        first
    }

    fn state(&self, number: u64) -> KeyboardState {
        let mut present = self.present().into_iter();
        present
            .find(|viewer| viewer.number == number)
            .expect("is there")
            .keyboard
    }
}

#[test]
fn who_types_first_has_it_and_what_others_type_is_thrown_away() {
    let mut keyboard = four();
    assert_eq!(keyboard.typist(), None, "coming takes nothing");
    assert_eq!(keyboard.typed(1, at(1)), Typed::Goes { changed: true });
    assert_eq!(keyboard.typed(1, at(2)), Typed::Goes { changed: false });
    assert_eq!(keyboard.typed(2, at(3)), Typed::Dropped);
    assert_eq!(keyboard.typed(3, at(3)), Typed::Dropped);
    assert_eq!(
        keyboard.typed(4, at(3)),
        Typed::Dropped,
        "an administrator takes it by a word, not by accident"
    );
    assert_eq!(keyboard.typist(), Some(1));
    assert!(keyboard.has_typed(1) && !keyboard.has_typed(2));
}

#[test]
fn who_may_only_watch_never_has_it() {
    let mut keyboard = four();
    assert_eq!(keyboard.typed(3, at(0)), Typed::Dropped);
    for word in [KeyboardWord::Ask, KeyboardWord::Take, KeyboardWord::Release] {
        assert!(!keyboard.said(3, word, at(0)), "{word:?}");
    }
    keyboard.typed(1, at(0));
    assert!(!keyboard.said(1, KeyboardWord::HandOver { to: 3 }, at(0)));
    assert_eq!(keyboard.typist(), Some(1));
    assert_eq!(keyboard.state(3), KeyboardState::MayOnlyWatch);
}

#[test]
fn it_goes_to_who_asked_longest_when_it_is_released_or_its_holder_leaves() {
    let mut keyboard = four();
    assert!(keyboard.said(1, KeyboardWord::Ask, at(0)));
    assert_eq!(keyboard.typist(), Some(1), "at once where nobody has it");
    keyboard.said(4, KeyboardWord::Ask, at(1));
    keyboard.said(2, KeyboardWord::Ask, at(2));
    assert!(
        !keyboard.said(4, KeyboardWord::Ask, at(3)),
        "asking again loses no turn"
    );
    assert_eq!(
        (keyboard.state(2), keyboard.state(4)),
        (KeyboardState::Asks, KeyboardState::Asks)
    );
    keyboard.said(1, KeyboardWord::Release, at(4));
    assert_eq!(keyboard.typist(), Some(4));
    assert_eq!(keyboard.state(1), KeyboardState::Watches);
    keyboard.leave(4, at(5));
    assert_eq!(keyboard.typist(), Some(2));
    keyboard.leave(2, at(6));
    assert_eq!(keyboard.typist(), None);
}

#[test]
fn an_asker_that_thinks_better_of_it_or_may_no_more_is_passed_over() {
    let mut keyboard = four();
    keyboard.typed(1, at(0));
    keyboard.said(2, KeyboardWord::Ask, at(1));
    keyboard.said(4, KeyboardWord::Ask, at(2));
    assert!(keyboard.said(2, KeyboardWord::Withdraw, at(3)));
    assert!(!keyboard.said(2, KeyboardWord::Withdraw, at(3)));
    assert!(keyboard.set_right(4, KeyboardRight::Watch, at(4)));
    keyboard.said(1, KeyboardWord::Release, at(5));
    assert_eq!(keyboard.typist(), None);
}

#[test]
fn it_is_handed_over_by_its_holder_only_and_to_somebody_who_is_there() {
    let mut keyboard = four();
    keyboard.typed(1, at(0));
    assert!(!keyboard.said(2, KeyboardWord::HandOver { to: 2 }, at(1)));
    assert!(!keyboard.said(4, KeyboardWord::HandOver { to: 2 }, at(1)));
    assert!(!keyboard.said(1, KeyboardWord::HandOver { to: 99 }, at(1)));
    assert_eq!(keyboard.typist(), Some(1));
    assert!(keyboard.said(1, KeyboardWord::HandOver { to: 2 }, at(1)));
    assert_eq!(keyboard.typist(), Some(2));
}

#[test]
fn numbers_are_not_given_twice() {
    let mut keyboard = four();
    keyboard.leave(4, at(0));
    assert_eq!(keyboard.join(comer("eve", KeyboardRight::Type)), 5);
}

#[test]
fn only_an_administrator_takes_it() {
    let mut keyboard = four();
    keyboard.typed(1, at(0));
    assert!(!keyboard.said(2, KeyboardWord::Take, at(1)));
    assert!(keyboard.said(4, KeyboardWord::Take, at(1)));
    assert_eq!(keyboard.typist(), Some(4));
    assert_eq!(keyboard.typed(1, at(2)), Typed::Dropped);
}

#[test]
fn who_has_been_silent_for_ten_minutes_does_not_have_it_any_more() {
    let mut keyboard = four();
    assert_eq!(keyboard.silent_at(), None);
    keyboard.typed(1, at(0));
    keyboard.typed(1, at(60));
    keyboard.said(2, KeyboardWord::Ask, at(100));
    assert!(!keyboard.expire(at(659)));
    assert_eq!(keyboard.silent_at(), Some(at(660)));
    assert!(keyboard.expire(at(660)));
    assert_eq!(keyboard.typist(), Some(2));
    assert!(
        !keyboard.expire(at(1259)),
        "whoever gets it has his own ten minutes"
    );
    assert!(keyboard.expire(at(1260)));
    assert_eq!(keyboard.typist(), None);
}

#[test]
fn a_person_types_in_whichever_window_he_likes_and_guests_are_each_somebody_else() {
    let mut keyboard = four();
    let second = keyboard.join(comer("ada", KeyboardRight::Type));
    keyboard.typed(1, at(0));
    assert_eq!(keyboard.typed(second, at(1)), Typed::Goes { changed: true });
    assert_eq!(keyboard.typist(), Some(second));
    assert!(
        keyboard.said(1, KeyboardWord::Ask, at(2)),
        "or asks itself, in vain never"
    );
    assert_eq!(keyboard.typist(), Some(1));

    let guest = Comer {
        person: None,
        came: Came::ByLink,
        ..comer("guest", KeyboardRight::Type)
    };
    let mut keyboard = Keyboard::default();
    let (one, other) = (keyboard.join(guest.clone()), keyboard.join(guest));
    keyboard.typed(one, at(0));
    assert_eq!(keyboard.typed(other, at(0)), Typed::Dropped);
}

#[test]
fn a_right_that_is_lost_takes_the_keyboard_with_it() {
    let mut keyboard = four();
    keyboard.typed(1, at(0));
    keyboard.said(2, KeyboardWord::Ask, at(0));
    assert!(keyboard.set_right(1, KeyboardRight::Watch, at(1)));
    assert_eq!(keyboard.typist(), Some(2));
    assert!(!keyboard.set_right(1, KeyboardRight::Watch, at(1)));
    assert!(
        !keyboard.set_right(2, KeyboardRight::Take, at(1)),
        "nobody sees that"
    );
}

#[derive(Clone, Debug)]
enum Happens {
    Joins(u8, KeyboardRight),
    Leaves(u64),
    Rights(u64, KeyboardRight),
    Types(u64),
    Says(u64, KeyboardWord),
    TimePasses(u64),
}

fn right() -> impl Strategy<Value = KeyboardRight> {
    prop_oneof![
        Just(KeyboardRight::Watch),
        Just(KeyboardRight::Type),
        Just(KeyboardRight::Take)
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    let who = || 0..8_u64;
    let word = prop_oneof![
        Just(KeyboardWord::Ask),
        Just(KeyboardWord::Withdraw),
        Just(KeyboardWord::Release),
        Just(KeyboardWord::Take),
        who().prop_map(|to| KeyboardWord::HandOver { to }),
    ];
    prop_oneof![
        2 => (0..3_u8, right()).prop_map(|(person, right)| Happens::Joins(person, right)),
        1 => who().prop_map(Happens::Leaves),
        1 => (who(), right()).prop_map(|(who, right)| Happens::Rights(who, right)),
        4 => who().prop_map(Happens::Types),
        4 => (who(), word).prop_map(|(who, word)| Happens::Says(who, word)),
        1 => (0..900_u64).prop_map(Happens::TimePasses),
    ]
}

/// Whether the keyboard may have gone from `from` by that.
fn goes_by(what: &Happens, from: u64, before: &Keyboard) -> bool {
    let person = |number| {
        let mut seats = before.seats.iter();
        seats
            .find(|seat| seat.number == number)
            .and_then(|seat| seat.comer.person)
    };
    match what {
        Happens::Leaves(who) | Happens::Rights(who, KeyboardRight::Watch) => *who == from,
        Happens::Says(who, KeyboardWord::Release | KeyboardWord::HandOver { .. }) => *who == from,
        Happens::Says(who, KeyboardWord::Take) => before
            .seats
            .iter()
            .any(|seat| seat.number == *who && seat.comer.right == KeyboardRight::Take),
        // Another window of the same person.
        Happens::Types(who) | Happens::Says(who, KeyboardWord::Ask) => person(*who) == person(from),
        Happens::TimePasses(_) => true,
        Happens::Joins(..) | Happens::Rights(..) | Happens::Says(..) => false,
    }
}

proptest! {
    #[test]
    fn whatever_happens_one_types_and_nobody_loses_it_unawares(story in prop::collection::vec(happens(), 0..120)) {
        let mut keyboard = Keyboard::default();
        let mut now = at(0);
        for what in story {
            let shown = keyboard.present();
            let holder = keyboard.typist();
            let before = Keyboard {
                seats: keyboard.seats.iter().map(|seat| Seat { comer: seat.comer.clone(), ..*seat }).collect(),
                ..Keyboard::default()
            };
            let told = match what.clone() {
                Happens::Joins(person, right) => {
                    keyboard.join(comer(&person.to_string(), right));
                    true
                }
                Happens::Leaves(who) => {
                    keyboard.leave(who, now);
                    true
                }
                Happens::Rights(who, right) => keyboard.set_right(who, right, now),
                Happens::Types(who) => {
                    let might = keyboard.may_type(who);
                    let typed = keyboard.typed(who, now);
                    prop_assert_eq!(might, typed != Typed::Dropped);
                    prop_assert_eq!(typed != Typed::Dropped, keyboard.holds(who));
                    typed == Typed::Goes { changed: true }
                }
                Happens::Says(who, word) => keyboard.said(who, word, now),
                Happens::TimePasses(seconds) => {
                    now += at(seconds);
                    keyboard.expire(now)
                }
            };
            prop_assert!(told || shown == keyboard.present(), "what changes is told: {:?}", what);
            let typist = keyboard.typist();
            prop_assert_eq!(typist, keyboard.holder.map(|holder| holder.number), "the holder is there");
            prop_assert!(keyboard.silent_at().is_none_or(|at| at > now) || !matches!(what, Happens::TimePasses(_)));
            for seat in &keyboard.seats {
                let watches = seat.comer.right == KeyboardRight::Watch;
                prop_assert!(!watches || (Some(seat.number) != typist && seat.asks.is_none()));
                prop_assert!(seat.asks.is_none() || typist.is_some(), "nobody asks for what nobody has");
                prop_assert!(seat.asks.is_none() || Some(seat.number) != typist);
            }
            if let Some(from) = holder.filter(|_| holder != typist) {
                prop_assert!(goes_by(&what, from, &before), "{:?} took it from {}", what, from);
            }
        }
    }
}
