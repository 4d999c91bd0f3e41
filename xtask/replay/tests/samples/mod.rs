//! Schedules to step through, written by hand, each with its source.

#![allow(dead_code, reason = "each of the test programs uses some of these")]

use std::time::Duration;

use heddle_replay::Replay;
use heddle_replay::sources::Sources;
use heddle_terms::record::Counterexample;
use heddle_terms::report::{
    ClaimReport, Failure, Kind, Outcome, Phase, PhaseReport, PhaseStatus, Place,
};
use heddle_terms::report::{Report, SCHEMA, Verdict};

/// A consumer takes what another one was notified of: a panic behind a wait.
pub const STOLEN: &str = include_str!("stolen.json");
/// Two threads take two locks in two orders: a deadlock.
pub const CROSSED: &str = include_str!("crossed.json");
/// A flag that publishes nothing: a stale load and a data race.
pub const UNPUBLISHED: &str = include_str!("unpublished.json");
/// A park that returns by itself.
pub const SPURIOUS: &str = include_str!("spurious.json");

/// All of them by name.
pub const ALL: [(&str, &str); 4] = [
    ("stolen", STOLEN),
    ("crossed", CROSSED),
    ("unpublished", UNPUBLISHED),
    ("spurious", SPURIOUS),
];

/// The replay of one of them.
pub fn replay(record: &str) -> Replay {
    let record = read(record);
    let source = |path: &str| {
        Some(match path {
            "katas/kata-12-queue/src/lib.rs" => include_str!("queue.rs.txt").to_owned(),
            "katas/kata-12-queue/tests/model.rs" => include_str!("model.rs.txt").to_owned(),
            _ => return None,
        })
    };
    let sources = Sources::of(&record.files, "katas/kata-12-queue/src/lib.rs", source);
    Replay {
        kata: "kata-12-queue".to_owned(),
        subject: "learner".to_owned(),
        file: "katas/kata-12-queue/src/lib.rs".to_owned(),
        claim: "model::a_consumer_never_leaves_empty_handed".to_owned(),
        promise: "A consumer never leaves empty-handed.".to_owned(),
        record,
        sources,
        caution: None,
    }
}

/// The record of one of them.
pub fn read(record: &str) -> Counterexample {
    serde_json::from_str(record).expect("the sample is a record")
}

/// A claim that failed; with a schedule, if there is one.
pub fn claim(name: &str, record: Option<&str>) -> ClaimReport {
    let mut failure = Failure::new(Kind::Assertion, "broken");
    failure.counterexample = record.map(read);
    ClaimReport {
        phase: Phase::Model,
        name: name.to_owned(),
        sentence: "It holds.".to_owned(),
        place: Place {
            file: "tests/model.rs".to_owned(),
            line: 1,
            column: 1,
        },
        took: Duration::ZERO,
        outcome: Outcome::Failed(Box::new(failure)),
        output: String::new(),
    }
}

/// A report with these claims.
pub fn report_of(verdict: Verdict, claims: Vec<ClaimReport>) -> Report {
    Report {
        schema: SCHEMA,
        kata: "kata-12-queue".to_owned(),
        title: "A queue".to_owned(),
        subject: "mutant wait-once".to_owned(),
        file: "katas/kata-12-queue/src/lib.rs".to_owned(),
        verdict,
        phases: vec![PhaseReport {
            phase: Phase::Model,
            status: PhaseStatus::Failed,
            took: Duration::ZERO,
            claims,
            broken: Vec::new(),
            diagnostics: Vec::new(),
        }],
        remarks: Vec::new(),
        took: Duration::ZERO,
    }
}

/// The verdict that the model claim of that id decided.
pub fn failed(claim: &str) -> Verdict {
    Verdict::ModelFailed {
        claim: claim.to_owned(),
        rung: None,
    }
}

/// A report in which the claim `stolen` fails by that schedule.
pub fn report(record: &str) -> Report {
    report_of(failed("model::stolen"), vec![claim("stolen", Some(record))])
}
