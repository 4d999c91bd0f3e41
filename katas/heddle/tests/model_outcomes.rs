//! What the small programs of the book can return, found out by trying every schedule.
//!
//! Each program of `book/outcomes` names the results that it might have. For each of them a claim
//! says that the program never has it: where the claim is broken, its counterexample is the schedule
//! that leads to the result; where it holds in every schedule, there is none. What was found stands
//! beside the program as JSON. After a change that was meant, write it anew with
//! `HEDDLE_OUTCOMES=write cargo test -p heddle --no-default-features --features model --test model_outcomes`
//! and read the diff.

#![cfg(feature = "model")]

mod child;
#[allow(dead_code, reason = "one enumerator of two, and no random programs")]
#[path = "engine/mod.rs"]
mod engine;
#[path = "outcomes/forms.rs"]
mod forms;
#[path = "outcomes/found.rs"]
mod found;
#[path = "outcomes/programs.rs"]
mod programs;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use child::Child;
use found::Found;
use programs::{NEVER, PROGRAMS, Program};
use serde_json::Value;

/// Tells a child which program it runs, and which result must not be.
const PROGRAM: &str = "OUTCOME_PROGRAM";
const RESULT: &str = "OUTCOME_RESULT";

/// Set to `write`, the data are written instead of compared.
const MODE: &str = "HEDDLE_OUTCOMES";

/// Said by a child for each result that it sees.
const SEEN: &str = "seen: ";

/// Runs a program when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(&[("never has the result", never_has_the_result)]);
}

fn never_has_the_result() {
    let told = |name: &str| std::env::var(name).expect("set by the parent");
    let (name, unwanted) = (told(PROGRAM), told(RESULT));
    let program = PROGRAMS.iter().find(|program| program.name() == name);
    let run = program.expect("the parent knows it too").run;
    let require = heddle::Require::new().exhaustive();
    heddle::model_with(require, move || {
        let result = run();
        eprintln!("{SEEN}{result}");
        assert_ne!(result, unwanted);
    });
}

/// Every result of every program is possible or impossible as its data say, by the same schedule.
#[test]
fn the_results_are_those_of_the_data() {
    let writes = std::env::var(MODE).is_ok_and(|mode| mode == "write");
    let mut stale = Vec::new();
    for program in PROGRAMS {
        let data = found::data(program, &explored(program));
        let file = folder().join(format!("{}.json", program.name()));
        if writes {
            fs::write(&file, data).expect("the data can be written");
        } else if !found::still_holds(&fs::read_to_string(&file).unwrap_or_default(), &data) {
            stale.push(program.name());
        }
    }
    assert!(
        stale.is_empty(),
        "not what is in book/outcomes: {stale:?}; run with {MODE}=write and read the diff"
    );
}

/// Where a program has a form that the enumerator of the memory model reads, no legal result is
/// missing and no illegal one is there.
#[test]
fn the_memory_model_allows_what_the_model_shows() {
    for form in forms::forms() {
        let program = PROGRAMS.iter().find(|program| program.name() == form.name);
        let found = explored(program.expect("a program of that name"));
        let possible = found.iter().filter(|found| found.schedule.is_some());
        let possible = possible.map(|found| found.result.to_owned()).collect();
        assert_eq!(form.allowed(), possible, "{}", form.name);
    }
}

/// Every source in the folder of programs is one of them.
#[test]
fn every_program_of_the_book_is_explored() {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let sources: BTreeSet<String> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some(name.strip_suffix(".rs")?.to_owned())
        })
        .collect();
    let explored = PROGRAMS.iter().map(|program| program.name().to_owned());
    assert_eq!(sources, explored.collect());
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/outcomes"))
}

/// What becomes of each result that a program might have.
///
/// A schedule that hangs ends its search, so of a program that can hang nothing is said to be
/// impossible: each of its results has to be found.
fn explored(program: &Program) -> Vec<Found> {
    if !program.results.contains(&NEVER) {
        // In all of its schedules, whatever was found before the end of another search.
        let schedule = without(program, NEVER);
        assert!(schedule.is_none(), "{} may never return", program.name());
    }
    let results = program.results.iter();
    results
        .map(|&result| Found {
            result,
            schedule: without(program, result),
        })
        .collect()
}

/// The schedule that breaks the claim that a program never has this result, if there is one.
fn without(program: &Program, result: &str) -> Option<Value> {
    let ended = Child::graded("never has the result")
        .with(PROGRAM, program.name())
        .with(RESULT, result)
        .run();
    let lines = ended.stderr.lines();
    for seen in lines.filter_map(|line| line.strip_prefix(SEEN)) {
        let is_known = program.results.contains(&seen);
        assert!(is_known, "{} returns {seen}", program.name());
    }
    let end = ended.end();
    match (end["event"].as_str(), end["kind"].as_str()) {
        (Some("passed"), _) => None,
        (Some("failed"), Some("assertion")) => Some(end["counterexample"].clone()),
        (Some("failed"), Some("deadlock")) if result == NEVER => {
            Some(end["counterexample"].clone())
        }
        _ => panic!("{}, {result}: {end}\n{}", program.name(), ended.stderr),
    }
}
