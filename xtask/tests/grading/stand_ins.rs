//! Subjects that nobody edits are compiled at the same path in turn, and nobody can tell.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use heddle_terms::catalogue::{Catalogue, Kata, Workspace};
use heddle_terms::report::{Report, Verdict};
use xtask::grade::{Event, Options, grade};
use xtask::overlay::StandIn;
use xtask::subject::Subject;

use crate::world::{copy_folder, empty_folder, fixtures, repository, with_body};

const RIGHT: &str = "number * 2";
const WRONG: &str = "number + 21";

/// A kata of a copy of the small katas, whose stand-ins no other test uses.
fn own_kata(test: &str, name: &str) -> Kata {
    let folder = empty_folder(test);
    copy_folder(&fixtures(), &folder);
    let workspace = Workspace::at(folder)
        .built_with(repository())
        .with_scratch(repository().join("target/grade"));
    let catalogue = Catalogue::load(&workspace).expect("the copy is in order");
    catalogue.find(name).expect("it has that kata")
}

fn source(text: String) -> Subject {
    Subject::Source {
        label: "turn".to_owned(),
        text,
    }
}

fn report_on(kata: &Kata, text: String) -> Report {
    grade(kata, &source(text), &Options::default()).expect("no fault")
}

/// The files at the places of a kata.
fn places(kata: &Kata) -> Vec<PathBuf> {
    let entries = fs::read_dir(StandIn::folder(kata)).expect("there are places");
    let files = entries.flatten().map(|entry| entry.path().join("lib.rs"));
    files.filter(|file| file.is_file()).collect()
}

/// One after another, at one place, each subject has the verdict of its own text.
#[test]
fn every_subject_of_a_place_gets_its_own_verdict() {
    let kata = own_kata("in-turn", "1");
    for round in 0..3 {
        for (body, is_right) in [(RIGHT, true), (WRONG, false)] {
            let text = format!("{}\n// Round {round}.\n", with_body(body));
            let verdict = report_on(&kata, text).verdict;
            let passed = matches!(verdict, Verdict::Passed { .. });
            assert_eq!(passed, is_right, "round {round}: {verdict:?}");
        }
    }
    let places = places(&kata);
    assert_eq!(places.len(), 1, "{places:?}");
}

/// A text that lay at the place only while it was compiled decides nothing, though it is gone afterwards.
#[test]
fn what_is_put_at_a_place_during_the_build_is_not_graded() {
    let kata = own_kata("disturbed", "1");
    // A text of its own each time, so that nothing is found ready.
    let text = format!("{}\n// {:?}\n", with_body(WRONG), SystemTime::now());
    let (built, started_over) = (AtomicU32::new(0), AtomicU32::new(0));
    let put = |text: String| {
        for file in places(&kata) {
            fs::write(file, &text).expect("writable");
        }
    };
    let events = |event: Event| match event {
        Event::Building { .. } if built.load(Ordering::SeqCst) == 0 => put(with_body(RIGHT)),
        Event::Built { .. } if built.fetch_add(1, Ordering::SeqCst) == 0 => put(text.clone()),
        Event::StartedOver => {
            started_over.fetch_add(1, Ordering::SeqCst);
        }
        _ => (),
    };
    let options = Options {
        events: &events,
        ..Options::default()
    };
    let report = grade(&kata, &source(text.clone()), &options).expect("no fault");
    let verdict = report.verdict;
    assert!(matches!(verdict, Verdict::SpecFailed { .. }), "{verdict:?}");
    assert!(started_over.into_inner() > 0);
}

/// Whatever is told of a subject names its file and never the place where it was compiled.
#[test]
fn reports_name_the_file_and_not_its_place() {
    let turn = own_kata("named-turn", "1");
    let tally = own_kata("named-tally", "2");
    let solution = fs::read_to_string(tally.solution_file()).expect("readable");
    let looks_then_stores = solution.replace(
        "self.count.fetch_add(1, Ordering::Relaxed);",
        "let seen = self.count.load(Ordering::Relaxed);\n        self.count.store(seen + 1, Ordering::Relaxed);",
    );
    let subjects = [
        (&turn, with_body("panic!(\"number {number}\")")),
        (&turn, with_body("number * \"two\"")),
        (
            &turn,
            with_body(RIGHT).replace("pub struct Once(pub u64)", "pub struct Once(u64)"),
        ),
        (&tally, looks_then_stores),
        (
            &tally,
            solution.replace("AtomicUsize::new(0),", "AtomicUsize::new(panics()),")
                + "\nfn panics() -> usize { panic!() }\n",
        ),
    ];
    for (kata, text) in subjects {
        let report = report_on(kata, text);
        assert!(!report.passed(), "{:?}", report.verdict);
        let json = serde_json::to_string(&report).expect("a report is JSON");
        assert!(!json.contains("stand-ins"), "{json}");
        let own = Path::new(&report.file).file_name().expect("a file");
        let told = json.matches(&*own.to_string_lossy()).count();
        assert!(
            told > 1,
            "only the head of the report names the file: {json}"
        );
    }
}
