//! Every target on its seeds, on a few hundred changes of them, and on every input that once broke one.
#![allow(clippy::expect_used, reason = "helpers of tests: a failure must stop")]
use std::{collections::HashSet, fs, path::Path};
use wxa_fuzz::{mutate::Mutator, target, targets};

/// Changed inputs for each seed: all targets together take a second or two.
const CHANGES: usize = 300;

#[test]
fn every_target_takes_its_seeds_and_changes_of_them() {
    for target in targets() {
        assert!(!target.seeds.is_empty(), "{} has no seed", target.name);
        for (n, seed) in target.seeds.iter().enumerate() {
            let mut mutator = Mutator::new(n as u64 + 17);
            (target.run)(seed);
            let mut input = seed.to_vec();
            for _ in 0..CHANGES {
                input = mutator.change(&input);
                (target.run)(&input);
                if input.len() < 8 {
                    input = seed.to_vec();
                }
            }
        }
        (target.run)(b"");
    }
}

#[test]
fn what_once_broke_a_target_breaks_it_no_more() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    for folder in fs::read_dir(&all).expect("the folder") {
        let folder = folder.expect("an entry").path();
        if !folder.is_dir() {
            continue;
        }
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let target = target(name).unwrap_or_else(|| panic!("there is no target {name:?}"));
        for input in fs::read_dir(&folder).expect("inputs") {
            let path = input.expect("an entry").path();
            println!("{}", path.display());
            (target.run)(&fs::read(&path).expect("an input"));
        }
    }
}

#[test]
fn targets_have_names_of_their_own() {
    let names: Vec<_> = targets().map(|target| target.name).collect();
    let different: HashSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[test]
fn the_same_seed_changes_an_input_in_the_same_way() {
    let changed = |seed| Mutator::new(seed).change(b"name = \"web\"\nmemory = 128\n");
    assert_eq!(changed(5), changed(5));
    assert!((0..20).map(changed).collect::<HashSet<_>>().len() > 10);
}
