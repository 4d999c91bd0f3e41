//! What `heddle::property` tries, finds, keeps and tells.

#![cfg(all(not(feature = "model"), feature = "property"))]

mod child;
#[path = "programs/property.rs"]
mod programs;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use child::{Child, Claim, Ended, Folder};
use heddle::proptest::collection::vec;
use heddle::proptest::prelude::{Strategy, any};
use programs::*;

const CLAIMS: &[Claim] = &[
    ("holds", || heddle::property(any::<u64>(), print)),
    ("fails from 500", fails_from_500),
    ("fails for a long list", || {
        heddle::property(vec(any::<u8>(), 0..40), |list| assert!(list.len() < 7));
    }),
    ("hangs at 3", || {
        heddle::property(0_u8..9, |number| {
            if number == 3 {
                hang();
            }
        });
    }),
    ("is not written", || {
        heddle::property(any::<u8>(), |_| todo!("the body"));
    }),
    ("takes a todo for a panic", || {
        heddle::property(any::<u8>(), |_| {
            assert!(thread::spawn(|| todo!("the refusal")).join().is_err());
        });
    }),
    ("expects panics", || {
        heddle::property(any::<u8>(), |_| {
            let refused = thread::spawn(|| panic!("expected")).join();
            assert!(refused.is_err());
        });
    }),
    ("unwraps a join after an expected panic", || {
        heddle::property(any::<u8>(), unwraps_a_join_after_an_expected_panic);
    }),
    ("cannot shrink", || {
        heddle::property(NineOrThree, |number| assert_eq!(number, 3));
    }),
    ("has a strategy that panics later", || {
        let made = AtomicUsize::new(0);
        let strategy = any::<u8>().prop_map(move |number| {
            assert!(made.fetch_add(1, Ordering::Relaxed) < 5, "in the strategy");
            number
        });
        heddle::property(strategy, print);
    }),
    ("rejects everything", || {
        heddle::property(any::<u8>().prop_filter("nothing", |_| false), |_| {});
    }),
    ("has a strategy that panics", || {
        heddle::property(any::<u8>().prop_map(|_| panic!("in the strategy")), print);
    }),
    ("filters", || {
        let even = any::<u16>().prop_filter("odd", |number| number % 2 == 0);
        heddle::property(even, print);
    }),
    ("prints lists", || heddle::property(any::<Vec<u8>>(), print)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// The inputs that a child says it has tried.
fn tried(ended: &Ended) -> Vec<&str> {
    ended
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("tries "))
        .collect()
}

/// A property that holds has tried 256 inputs, and many different ones.
#[test]
fn a_property_that_holds_tries_256_inputs() {
    let ended = Child::graded("holds").run();
    ended.assert_passed();
    assert_eq!(ended.end()["cases"], 256);
    let mut tried = tried(&ended);
    assert_eq!(tried.len(), 256);
    tried.sort_unstable();
    tried.dedup();
    assert_eq!(tried.len(), 256);
}

/// Two runs try the same inputs; another seed tries others, and is named in the record.
#[test]
fn the_seed_decides_what_is_tried() {
    let once = Child::graded("holds").run();
    let again = Child::graded("holds").run();
    let other = Child::graded("holds").with("HEDDLE_SEED", "5").run();
    assert_eq!(tried(&once), tried(&again));
    assert_eq!(once.end(), again.end());
    assert_ne!(tried(&once), tried(&other));
    assert_eq!(other.end()["seed"], 5);
}

/// The seed is made of the kata's folder and the test's name, by FNV-1a.
#[test]
fn the_seed_comes_from_the_names() {
    let name = "heddle::the_claim_of_a_child";
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    let ended = Child::graded("holds").run();
    assert_eq!(ended.end()["seed"], seed);
}

/// Plain `cargo test` tries what the grader tries.
#[test]
fn the_inputs_are_the_same_without_a_grader() {
    let graded = Child::graded("holds").run();
    let ungraded = Child::ungraded("holds").run();
    assert!(ungraded.status.success());
    assert_eq!(tried(&graded), tried(&ungraded));
}

/// The record names the smallest input that fails, with message and place.
#[test]
fn a_failing_input_is_shrunk() {
    let ended = Child::graded("fails from 500").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("minimal"), "500");
    assert_eq!(ended.text("message"), "too big");
    let file = ended.end()["place"]["file"].as_str().unwrap_or_default();
    assert!(file.ends_with("tests/programs/property.rs"), "{file}");
}

/// The record does not depend on anybody reading the error stream.
#[test]
fn a_failing_input_is_told_when_nobody_listens() {
    let ended = Child::graded("fails for a long list").unheard().run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("minimal"), "[0, 0, 0, 0, 0, 0, 0]");
}

/// Lists shrink in length and in their items.
#[test]
fn a_failing_list_is_shrunk() {
    let ended = Child::graded("fails for a long list").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("minimal"), "[0, 0, 0, 0, 0, 0, 0]");
}

/// An input that can't be shrunk is told as it is, not the one that was tried for it and held.
#[test]
fn the_input_that_is_told_is_one_that_fails() {
    let ended = Child::graded("cannot shrink").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("minimal"), "9");
}

/// A panic of an earlier input is not taken for the reason of a later failure.
#[test]
fn each_input_starts_without_a_past() {
    let ended = Child::graded("unwraps a join after an expected panic").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("minimal"), "128");
    assert_eq!(ended.text("message"), "not expected");
    let places = ended.end()["threads"].as_array().map(Vec::len);
    assert_eq!(places, Some(2), "{}", ended.end());
}

/// The rounds of shrinking do not print their panics; what they have found is told once, and by
/// the record alone where there is one.
#[test]
fn shrinking_is_silent() {
    let ended = Child::graded("fails from 500").run();
    assert!(tried(&ended).len() > 2);
    for (ended, told) in [(ended, 0), (Child::ungraded("fails from 500").run(), 1)] {
        assert_eq!(ended.stderr.matches("panicked").count(), 0);
        assert_eq!(ended.stderr.matches("too big").count(), told);
    }
}

/// A kept line brings back the very input that it was kept for, before any other.
#[test]
fn a_kept_input_is_tried_first() {
    let folder = Folder::new("kept");
    for claim in ["fails from 500", "fails for a long list"] {
        let found = Child::graded(claim).run();
        let kept = folder.file("kept", &format!("not a line\n{}\n", found.text("kept")));
        // Another seed: what is tried first can't come from anywhere but the file.
        let again = Child::graded(claim)
            .with("HEDDLE_SEED", "12345")
            .with("HEDDLE_KEPT_SEEDS", &kept)
            .run();
        again.assert_failed("assertion");
        assert_eq!(again.text("minimal"), found.text("minimal"));
        if claim == "fails from 500" {
            assert_eq!(tried(&again)[0], "500");
        }
    }
}

/// A kept input that has been mended does not shorten the search.
#[test]
fn a_mended_input_is_followed_by_the_search() {
    let folder = Folder::new("mended");
    let kept = folder.file("kept", "1:0000000000000001:s1\n");
    let ended = Child::graded("holds")
        .with("HEDDLE_KEPT_SEEDS", &kept)
        .run();
    ended.assert_passed();
    assert_eq!(ended.end()["cases"], 256);
    assert_eq!(tried(&ended).len(), 258);
}

/// A file of kept inputs that is not there yet holds none.
#[test]
fn no_kept_file_is_no_fault() {
    let missing = std::env::temp_dir().join("heddle-no-such-file");
    let missing = missing.to_str().expect("the path is text");
    let child = Child::graded("holds").with("HEDDLE_KEPT_SEEDS", missing);
    child.run().assert_passed();
}

/// Kept inputs that can't be read are not passed over in silence.
#[test]
fn an_unreadable_kept_file_is_a_fault() {
    let folder = Folder::new("unreadable");
    let path = folder.0.to_str().expect("the path is text");
    let child = Child::graded("holds").with("HEDDLE_KEPT_SEEDS", path);
    assert_eq!(child.run().events(), ["started", "fault"]);
}

/// proptest's own variables change neither the inputs nor the verdict.
#[test]
fn the_variables_of_proptest_have_no_say() {
    for claim in ["holds", "filters", "fails from 500"] {
        let plain = Child::graded(claim).run();
        for value in ["0", "1", "garbage"] {
            let mut child = Child::graded(claim);
            for name in [
                "PROPTEST_CASES",
                "PROPTEST_MAX_LOCAL_REJECTS",
                "PROPTEST_MAX_GLOBAL_REJECTS",
                "PROPTEST_MAX_FLAT_MAP_REGENS",
                "PROPTEST_MAX_SHRINK_ITERS",
                "PROPTEST_MAX_SHRINK_TIME",
                "PROPTEST_RNG_ALGORITHM",
                "PROPTEST_RNG_SEED",
                "PROPTEST_FORK",
                "PROPTEST_TIMEOUT",
                "PROPTEST_VERBOSE",
                "PROPTEST_MAX_DEFAULT_SIZE_RANGE",
                "PROPTEST_DISABLE_FAILURE_PERSISTENCE",
            ] {
                child = child.with(name, value);
            }
            let ended = child.run();
            assert_eq!(tried(&ended), tried(&plain));
            assert_eq!(ended.end(), plain.end());
        }
    }
}

/// The grader's number of cases counts, and none at all is never a pass.
#[test]
fn no_case_is_no_pass() {
    let ten = Child::graded("holds").with("HEDDLE_CASES", "10").run();
    ten.assert_passed();
    assert_eq!(ten.end()["cases"], 10);
    let none = Child::graded("holds").with("HEDDLE_CASES", "0").run();
    assert_eq!(none.events(), ["started", "fault"]);
    assert_eq!(none.status.code(), Some(101));
}

/// A strategy that gives no input is a fault of the claim, not of the subject.
#[test]
fn a_strategy_that_rejects_everything_is_a_fault() {
    let ended = Child::graded("rejects everything").run();
    assert_eq!(ended.events(), ["started", "fault"]);
    assert_eq!(ended.status.code(), Some(101));
    let ungraded = Child::ungraded("rejects everything").run();
    assert_eq!(ungraded.status.code(), Some(101));
}

/// A panic before there is an input is told without one.
#[test]
fn a_panic_in_a_strategy_is_told() {
    for claim in [
        "has a strategy that panics",
        "has a strategy that panics later",
    ] {
        let ended = Child::graded(claim).run();
        ended.assert_failed("assertion");
        assert_eq!(ended.text("message"), "in the strategy");
        assert!(ended.end()["minimal"].is_null());
    }
}

/// A hang names the input that it hangs on.
#[test]
fn a_hang_names_its_input() {
    let ended = Child::graded("hangs at 3")
        .with("HEDDLE_DEADLINE_MS", "800")
        .run();
    ended.assert_failed("timeout");
    assert_eq!(ended.text("minimal"), "3");
    assert!(ended.end()["kept"].is_string());
}

/// A body that is not written yet is told apart, caught or not.
#[test]
fn a_todo_is_told_apart() {
    for claim in ["is not written", "takes a todo for a panic"] {
        let ended = Child::graded(claim).run();
        ended.assert_failed("todo");
        assert_eq!(ended.text("minimal"), "0");
    }
}

/// Panics of threads that the claim joins are its own affair in every case.
#[test]
fn a_panic_that_the_claim_expects_is_no_failure() {
    Child::graded("expects panics").run().assert_passed();
}

/// Plain `cargo test` fails with the smallest input on its error stream.
#[test]
fn a_property_without_a_grader_is_a_plain_test() {
    let ended = Child::ungraded("fails from 500").run();
    assert_eq!(ended.status.code(), Some(101));
    assert!(
        ended.stderr.contains("with the input 500"),
        "{}",
        ended.stderr
    );
    assert!(ended.records.is_empty());
}

/// A failing property leaves no file behind.
#[test]
fn nothing_is_written_beside_the_sources() {
    let folder = Folder::new("beside");
    let ended = Child::graded("fails from 500").inside(&folder.0).run();
    ended.assert_failed("assertion");
    let left = std::fs::read_dir(&folder.0).expect("the folder is there");
    assert_eq!(left.count(), 0);
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(!here.join("proptest-regressions").exists());
    assert!(
        !here
            .join("tests/real_property.proptest-regressions")
            .exists()
    );
}
