//! Which schedule of a report is stepped through.

use std::time::Duration;

use heddle_terms::report::{Report, Verdict};

use super::*;
use crate::samples::{self, CROSSED, STOLEN, claim, failed, report_of};

fn two() -> Report {
    report_of(
        failed("model::second"),
        vec![claim("first", Some(STOLEN)), claim("second", Some(CROSSED))],
    )
}

fn chosen(report: &Report, name: Option<&str>) -> Result<String, String> {
    let replay = Replay::of(report, name, |_| None);
    replay
        .map(|one| one.claim)
        .map_err(|error| error.to_string())
}

/// Without a name it is the claim that decided the verdict.
#[test]
fn the_deciding_claim_comes_first() {
    assert_eq!(chosen(&two(), None).unwrap(), "model::second");
}

/// A claim can be named with its phase or without.
#[test]
fn another_claim_can_be_named() {
    assert_eq!(chosen(&two(), Some("first")).unwrap(), "model::first");
    assert_eq!(
        chosen(&two(), Some("model::first")).unwrap(),
        "model::first"
    );
}

/// A wrong name is answered with the right ones.
#[test]
fn an_unknown_claim_is_answered_with_those_that_there_are() {
    let refused = chosen(&two(), Some("third")).unwrap_err();
    assert!(
        refused.ends_with("it has model::first, model::second"),
        "{refused}"
    );
}

/// Where no schedule failed, the answer says why and what to do.
#[test]
fn a_report_without_a_schedule_says_why() {
    let passed = Verdict::Passed {
        claims: 1,
        schedules: 1,
    };
    assert!(
        chosen(&report_of(passed, Vec::new()), None)
            .unwrap_err()
            .contains("passed")
    );
    let other = report_of(failed("model::first"), vec![claim("first", None)]);
    assert!(
        chosen(&other, None)
            .unwrap_err()
            .contains("cargo xtask check 12")
    );
}

/// Without a report there is a command that makes one.
#[test]
fn an_unchecked_kata_gets_the_command_that_checks_it() {
    let nowhere = std::env::temp_dir().join("heddle-replay-nowhere");
    let error = Replay::last(&nowhere, "kata-12-queue", None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "kata-12-queue has not been checked yet: run `cargo xtask check 12` first"
    );
}

/// What a check wrote is read with its sources, and says when they were changed since.
#[test]
fn a_source_that_was_changed_after_the_check_is_told() {
    let root = std::env::temp_dir().join(format!("heddle-replay-{}", std::process::id()));
    let write = |path: &str, text: &str| {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        file
    };
    let tests = write("katas/kata-12-queue/tests/model.rs", "//! Claims.\n");
    let subject = write("katas/kata-12-queue/src/lib.rs", "//! A queue.\n");
    let last = write(
        "target/heddle/last/kata-12-queue.json",
        &serde_json::to_string(&two()).unwrap(),
    );
    let set = |file: &Path, seconds: u64| {
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        std::fs::File::options()
            .append(true)
            .open(file)
            .unwrap()
            .set_modified(time)
            .unwrap();
    };
    set(&tests, 1000);
    set(&subject, 1000);
    set(&last, 2000);
    let replay = Replay::last(&root, "kata-12-queue", None).unwrap();
    assert_eq!(replay.caution, None);
    assert_eq!(replay.sources.files()[0].lines, ["//! A queue."]);
    assert_eq!(replay.title(), "kata-12 queue · mutant wait-once");
    set(&subject, 3000);
    let replay = Replay::last(&root, "kata-12-queue", None).unwrap();
    assert!(
        replay
            .caution
            .unwrap()
            .starts_with("src/lib.rs was changed")
    );
    std::fs::remove_dir_all(&root).unwrap();
}

/// A record that leads nowhere is refused before anything follows it.
#[test]
fn a_number_that_leads_nowhere_is_found() {
    let mut record = samples::replay(STOLEN).record;
    assert_eq!(sound(&record), Ok(()));
    record.steps[4].thread = 9;
    assert_eq!(
        sound(&record).unwrap_err(),
        "step 5 of the schedule leads nowhere"
    );
    record.schema = 2;
    assert!(sound(&record).unwrap_err().contains("schema 2"));
}
