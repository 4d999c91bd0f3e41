//! What a model claim does where there is no model: it asks the grader, and is red otherwise.

#![cfg(not(any(feature = "trace", feature = "model")))]

mod child;

use std::fs;

use child::{Child, Claim, Ended, Folder};

const CLAIMS: &[Claim] = &[
    ("one", || heddle::model(|| {})),
    ("two", || {
        heddle::model(|| {});
        heddle::model_with(heddle::Require::new().preemptions(3), || {});
    }),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// Runs a claim of a kata with a `cargo` that notes its arguments and exits with `status`.
///
/// The shell stands in for cargo and takes `xtask` for a script of this folder. (A script that
/// is run by its own name can't be: it would be busy while another test starts a process.)
fn with_cargo_that_exits(status: &str, claim: &'static str) -> (Ended, String) {
    let folder = Folder::new(&format!("cargo-{status}-{claim}"));
    let calls = folder.file("calls", "");
    let script = format!("echo \"$@\" >> '{calls}'\necho the report\nexit {status}\n");
    folder.file("xtask", &script);
    let ended = Child::ungraded(claim)
        .with("CARGO", "/bin/sh")
        .with("CARGO_PKG_NAME", "kata-05-rlock")
        .inside(&folder.0)
        .run();
    let calls = fs::read_to_string(calls).expect("the calls can be read");
    (ended, calls)
}

/// The check's word counts, and one check serves every claim of the process.
#[test]
fn a_model_claim_passes_when_the_check_has() {
    let (ended, calls) = with_cargo_that_exits("0", "two");
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    assert_eq!(calls, "check kata-05-rlock\n");
}

/// A kata that has not passed the check makes its model claims red, and shows the report.
#[test]
fn a_model_claim_fails_when_the_check_has() {
    let (ended, _) = with_cargo_that_exits("1", "one");
    assert_eq!(ended.status.code(), Some(101));
    assert!(ended.stderr.contains("not passed"), "{}", ended.stderr);
    assert!(ended.stderr.contains("the report"), "{}", ended.stderr);
}

/// A check that gives no verdict is told apart from one that found something.
#[test]
fn a_model_claim_is_not_checked_when_the_check_breaks_down() {
    let (ended, _) = with_cargo_that_exits("2", "one");
    assert_eq!(ended.status.code(), Some(101));
    let remedy = "not checked: run `cargo xtask check 05`";
    assert!(ended.stderr.contains(remedy), "{}", ended.stderr);
}

/// Without cargo nothing is checked, and the claim says so.
#[test]
fn a_model_claim_is_not_checked_without_cargo() {
    let ended = Child::ungraded("one")
        .with("CARGO", "/no/such/cargo")
        .with("CARGO_PKG_NAME", "kata-05-rlock")
        .run();
    assert_eq!(ended.status.code(), Some(101));
    let remedy = "not checked: run `cargo xtask check 05`";
    assert!(ended.stderr.contains(remedy), "{}", ended.stderr);
}

/// Outside a kata there is nothing to check.
#[test]
fn a_model_claim_of_another_package_is_not_checked() {
    let ended = Child::ungraded("one")
        .with("CARGO_PKG_NAME", "heddle")
        .run();
    assert_eq!(ended.status.code(), Some(101));
    assert!(ended.stderr.contains("not checked"), "{}", ended.stderr);
}

/// A grader that built a model claim without the model has made a mistake of its own.
#[test]
fn a_graded_model_claim_without_a_model_is_a_fault() {
    let ended = Child::graded("one").run();
    assert_eq!(ended.events(), ["fault"]);
    assert_eq!(ended.status.code(), Some(101));
}
