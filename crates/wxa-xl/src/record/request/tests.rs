//! Questions fit, and a guest's bytes stay its own.
use super::*;
use proptest::prelude::*;

fn want(inode: u64) -> Want {
    Want {
        file: inode + 1,
        inode,
        from: u64::MAX,
        count: PIECE,
    }
}

#[test]
fn every_question_has_the_same_number_of_arguments() {
    let mark = Mark::new();
    let wants: Vec<Want> = (0..20).map(want).collect();
    for words in [
        mark.list("/var/log/xen/console", Scope::All),
        mark.list("/var/log/xen/console", Scope::Recent),
        mark.read("/var/log/xen/console", &wants),
        mark.read("/var/log/xen/console", &wants[..1]),
    ] {
        assert_eq!(words.len(), ARGUMENTS, "{words:?}");
    }
}

#[test]
fn a_list_is_read_with_all_that_names_can_hold() {
    let mark = Mark::new();
    let answer = format!(
        "65024:12:-1.-000000010 12 400 1795867566.4119998950 guest-a b\n ü.log\x0065024:13:5.1 13 0 1.5 guest-x.log.1\0nonsense\0{}",
        mark.end()
    );
    let listed = mark.listed(answer.as_bytes());
    let seen: Vec<_> = listed
        .iter()
        .map(|log| (log.name.as_str(), log.inode, log.size, log.written))
        .collect();
    assert_eq!(
        seen,
        [
            ("guest-a b\n ü.log", 12, 400, 1_795_867_566_412),
            ("guest-x.log.1", 13, 0, 1500)
        ]
    );
    assert_ne!(listed[0].file, listed[1].file);
}

proptest! {
    #[test]
    fn a_guests_bytes_are_told_as_they_are(
        guests in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..8),
        // A guest that has seen other marks, or a part of this one.
        shown in 0usize..20,
    ) {
        let mark = Mark::new();
        let other = Mark::new();
        let mut answer = Vec::new();
        let mut told = Vec::new();
        for (index, bytes) in guests.iter().enumerate() {
            let mut bytes = bytes.clone();
            bytes.extend_from_slice(other.end().as_bytes());
            bytes.extend_from_slice(&mark.0.as_bytes()[..shown]);
            answer.extend_from_slice(format!("{}{index}\n", mark.0).as_bytes());
            answer.extend_from_slice(&bytes);
            told.push((index, bytes));
        }
        answer.extend_from_slice(mark.end().as_bytes());
        let pieces: Vec<(usize, Vec<u8>)> =
            mark.pieces(&answer).into_iter().map(|(index, piece)| (index, piece.to_vec())).collect();
        prop_assert_eq!(pieces, told);
    }

    #[test]
    fn any_answer_is_borne(answer in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let mark = Mark::new();
        let _ = (mark.listed(&answer), mark.pieces(&answer));
    }
}
