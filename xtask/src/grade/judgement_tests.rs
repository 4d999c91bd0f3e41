//! Claims about what counts as proof.

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use super::Fault;
use super::judgement::judge;
use crate::process::{End, Ended};
use crate::records::Record;
use heddle_terms::catalogue::{ClaimDecl, Workspace};
use heddle_terms::report::{Kind, Outcome, Phase};

const NONCE: &str = "1234";
const STARTED: &str = r#"{"nonce":"1234","event":"started","runner":"spec"}"#;
const PASSED: &str = r#"{"nonce":"1234","event":"passed","runner":"spec","cases":1}"#;
const FAILED: &str =
    r#"{"nonce":"1234","event":"failed","runner":"spec","kind":"deadlock","message":"stuck"}"#;
const REQUIRED_RUNGS: [&str; 5] = [
    "sequential-0",
    "sequential-1",
    "sequential-2",
    "orderings-1",
    "orderings-2",
];
const ALL_RUNGS: [&str; 6] = [
    "sequential-0",
    "sequential-1",
    "sequential-2",
    "orderings-1",
    "orderings-2",
    "sequential-full",
];

/// The runner's word and a good end are a pass.
#[test]
fn a_record_of_success_and_a_good_end_pass() {
    let outcome = on(Phase::Spec, &[STARTED, PASSED], exited(0)).expect("no fault");
    assert!(
        matches!(outcome, Outcome::Passed { cases: 1, .. }),
        "{outcome:?}"
    );
}

/// A record that carries another nonce is nobody's.
#[test]
fn a_record_with_another_nonce_is_not_heard() {
    let forged = PASSED.replace("1234", "0000");
    assert_eq!(kind(&[STARTED, &forged], exited(0)), Kind::ExitedEarly);
}

/// A line of rubbish, or half a line, is not heard and harms nothing.
#[test]
fn rubbish_in_the_record_changes_nothing() {
    let lines = ["rubbish", STARTED, "{\"nonce\":\"1234\"", PASSED];
    let outcome = on(Phase::Spec, &lines, exited(0)).expect("no fault");
    assert!(matches!(outcome, Outcome::Passed { .. }), "{outcome:?}");
}

/// A process that ends well without its runner's word has left early.
#[test]
fn a_good_end_without_a_record_is_early() {
    assert_eq!(kind(&[STARTED], exited(0)), Kind::ExitedEarly);
    assert_eq!(kind(&[STARTED], exited(101)), Kind::ExitedEarly);
}

/// A claim that failed after its runner passed has failed.
#[test]
fn a_bad_end_outweighs_a_pass() {
    assert_eq!(kind(&[STARTED, PASSED], exited(101)), Kind::Assertion);
    assert_eq!(kind(&[STARTED, PASSED], signalled(11)), Kind::Crashed);
    let late = Ended {
        end: End::Clock,
        ..signalled(9)
    };
    assert_eq!(kind(&[STARTED, PASSED], late), Kind::Timeout);
}

/// A failure is one wherever it stands in the record and however the process ended.
#[test]
fn a_failure_outweighs_a_pass() {
    assert_eq!(kind(&[STARTED, PASSED, FAILED], exited(0)), Kind::Deadlock);
    assert_eq!(kind(&[STARTED, FAILED, PASSED], exited(0)), Kind::Deadlock);
}

/// A claim that has failed and looks for a shorter schedule stays failed, whatever ends its process:
/// the last complete word counts.
#[test]
fn what_has_failed_stays_failed() {
    let first = FAILED.replace("\"stuck\"", "\"first\",\"provisional\":true");
    let half = &FAILED[..FAILED.len() / 2];
    let late = |end| Ended {
        end,
        ..signalled(9)
    };
    for (lines, message) in [
        (vec![STARTED, &first], "first"),
        (vec![STARTED, &first, FAILED], "stuck"),
        (vec![STARTED, &first, half], "first"),
        (vec![STARTED, &first, PASSED], "first"),
    ] {
        for ended in [
            exited(0),
            exited(101),
            signalled(6),
            late(End::Clock),
            late(End::Output),
            late(End::Children),
        ] {
            match on(Phase::Model, &lines, ended).expect("no fault") {
                Outcome::Failed(failure) => {
                    assert_eq!((failure.kind, &*failure.message), (Kind::Deadlock, message));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A process that was ended for its output has not passed, whatever it recorded.
#[test]
fn a_limit_outweighs_a_pass() {
    let flooded = Ended {
        end: End::Output,
        ..exited(0)
    };
    assert_eq!(kind(&[STARTED, PASSED], flooded), Kind::Limit);
}

/// A runner that was never entered proves nothing, however the process ended.
#[test]
fn a_runner_never_entered_is_a_fault() {
    for ended in [exited(0), exited(101), signalled(6)] {
        on(Phase::Spec, &[], ended).expect_err("nothing was claimed");
    }
}

/// heddle's own trouble is a fault of the tool, even beside a failure.
#[test]
fn trouble_of_heddle_is_a_fault() {
    let fault = r#"{"nonce":"1234","event":"fault","message":"lost count"}"#;
    let error = on(Phase::Spec, &[STARTED, FAILED, fault], exited(1)).expect_err("a fault");
    assert!(error.to_string().contains("lost count"), "{error}");
}

/// Nothing tried is nothing shown.
#[test]
fn nothing_tried_is_never_a_pass() {
    let nothing = PASSED.replace("\"cases\":1", "\"cases\":0");
    on(Phase::Spec, &[STARTED, &nothing], exited(0)).expect_err("no case");
    on(Phase::Model, &[&model(0, &ALL_RUNGS)], exited(0)).expect_err("no schedule");
    on(Phase::Model, &[&model(9, &[])], exited(0)).expect_err("no rung");
}

/// A model claim that skipped a required rung has not passed.
#[test]
fn a_skipped_rung_is_never_a_pass() {
    let outcome = on(Phase::Model, &[&model(9, &ALL_RUNGS)], exited(0)).expect("no fault");
    assert!(
        matches!(outcome, Outcome::Passed { schedules: 9, .. }),
        "{outcome:?}"
    );
    for skipped in 0..ALL_RUNGS.len() {
        let mut names = ALL_RUNGS.to_vec();
        names.remove(skipped);
        on(Phase::Model, &[&model(9, &names)], exited(0)).expect_err("a rung is missing");
    }
}

/// A rung whose search was given up proves nothing, required or not.
#[test]
fn a_rung_given_up_is_never_a_pass() {
    for given_up in ALL_RUNGS {
        let whole = model(9, &ALL_RUNGS);
        let rung = format!(r#""name":"{given_up}","schedules":1,"exhausted""#);
        let record = whole.replace(&format!("{rung}:true"), &format!("{rung}:false"));
        assert_ne!(record, whole, "{given_up} is in the record");
        on(Phase::Model, &[&record], exited(0)).expect_err("its search was given up");
    }
}

/// A claim of two threads has passed only when it was searched with any number of preemptions.
#[test]
fn two_threads_need_the_full_search() {
    on(Phase::Model, &[&model(9, &REQUIRED_RUNGS)], exited(0)).expect_err("two threads, no full");
    let three = |rungs| model(9, rungs).replace(r#""threads":2"#, r#""threads":3"#);
    on(Phase::Model, &[&three(&REQUIRED_RUNGS)], exited(0)).expect("three threads need none");
    let none = |rungs| model(9, rungs).replace(r#""threads":2"#, r#""threads":0"#);
    on(Phase::Model, &[&none(&ALL_RUNGS)], exited(0)).expect_err("nobody took part");
}

/// The runner of one phase proves nothing for another.
#[test]
fn another_phases_runner_is_a_fault() {
    on(Phase::Model, &[STARTED, PASSED], exited(0)).expect_err("it is a spec's record");
}

/// An overflow of the stack is a limit, told from other crashes by what the runtime says.
#[test]
fn an_overflow_of_the_stack_is_a_limit() {
    let said = b"coroutine has overflowed its stack".to_vec();
    let ended = Ended {
        stderr: said,
        ..signalled(6)
    };
    assert_eq!(kind(&[STARTED], ended), Kind::Limit);
    assert_eq!(kind(&[STARTED], signalled(6)), Kind::Crashed);
}

fn on(phase: Phase, lines: &[&str], ended: Ended) -> Result<Outcome, Fault> {
    let claim = ClaimDecl {
        phase,
        name: "it_holds".to_owned(),
        sentence: "It holds.".to_owned(),
        file: PathBuf::from("tests/spec.rs"),
        line: 1,
        error_code: None,
    };
    let record = Record::read(
        lines.join("\n").as_bytes(),
        NONCE,
        &Workspace::at("/nowhere"),
    );
    judge(&claim, &record, &ended)
}

#[track_caller]
fn kind(lines: &[&str], ended: Ended) -> Kind {
    match on(Phase::Spec, lines, ended).expect("no fault") {
        Outcome::Failed(failure) => failure.kind,
        other => panic!("{other:?}"),
    }
}

fn model(schedules: u64, rungs: &[&str]) -> String {
    let rungs: Vec<String> = rungs
        .iter()
        .map(|name| format!(r#"{{"name":"{name}","schedules":1,"exhausted":true}}"#))
        .collect();
    format!(
        r#"{{"nonce":"1234","event":"passed","runner":"model","threads":2,"schedules":{schedules},"rungs":[{}]}}"#,
        rungs.join(",")
    )
}

fn exited(code: i32) -> Ended {
    ended(ExitStatus::from_raw(code << 8))
}

fn signalled(signal: i32) -> Ended {
    ended(ExitStatus::from_raw(signal))
}

fn ended(status: ExitStatus) -> Ended {
    Ended {
        end: End::Itself,
        status,
        record: Vec::new(),
        stdout: Vec::new(),
        stderr: Vec::new(),
        took: Duration::ZERO,
    }
}
