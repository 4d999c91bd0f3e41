//! An input that broke a property is kept for the next time.

use std::fs;

use heddle_terms::report::Verdict;
use xtask::grade::{Options, grade};
use xtask::subject::Subject;

use crate::world::{empty_folder, kata, with_body, workspace};

/// What broke a learner's file is kept beside the builds, and breaks it again until it is mended.
#[test]
fn a_failing_input_is_kept_and_tried_again() {
    let kata = kata("1");
    let file = empty_folder("kept").join("lib.rs");
    let kept = workspace()
        .scratch
        .join("kept/kata-01-turn/twice_is_the_sum");
    // There is none the first time.
    let _ = fs::remove_file(&kept);
    let verdict = |body: &str| {
        fs::write(&file, with_body(body)).expect("writable");
        let subject = Subject::File(file.clone());
        grade(&kata, &subject, &Options::default())
            .expect("no fault")
            .verdict
    };
    let wrong = "if number == 77_777 { 0 } else if number < 1000 { number * 2 } else { 0 }";
    let first = verdict(wrong);
    assert!(matches!(first, Verdict::PropertyFailed { .. }), "{first:?}");
    let lines = fs::read_to_string(&kept).expect("it is kept");
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert_eq!(verdict(wrong), first);
    assert!(matches!(verdict("number * 2"), Verdict::Passed { .. }));
}

/// What breaks a model claim is saved when that is asked for, and tried first until it is deleted.
/// No file, whatever is in it, makes a right subject fail or a wrong one pass.
#[test]
fn a_saved_schedule_is_tried_first_and_changes_no_verdict() {
    let kata = kata("2");
    let file = empty_folder("saved-schedule").join("lib.rs");
    let saved = workspace()
        .scratch
        .join("kept/kata-02-tally/both_additions_survive.schedule.json");
    let _ = fs::remove_file(&saved);
    let report = |text: &str, keep: bool| {
        fs::write(&file, text).expect("writable");
        let options = Options {
            keep,
            ..Options::default()
        };
        grade(&kata, &Subject::File(file.clone()), &options).expect("no fault")
    };
    let right = fs::read_to_string(kata.solution_file()).expect("readable");
    let wrong = right.replace(
        "self.count.fetch_add(1, Ordering::Relaxed);",
        "self.count.store(self.count() + 1, Ordering::Relaxed);",
    );
    let said = |report: &heddle_terms::report::Report| {
        let remarks = report.remarks.iter().map(|remark| remark.message.clone());
        remarks.collect::<Vec<_>>().join("\n")
    };
    let first = report(&wrong, false);
    assert!(
        matches!(first.verdict, Verdict::ModelFailed { .. }),
        "{first:?}"
    );
    assert!(!saved.exists(), "nobody asked for it");
    report(&wrong, true);
    let text = fs::read_to_string(&saved).expect("it is saved");
    assert!(
        text.contains("\"claim\": \"model::both_additions_survive\""),
        "{text}"
    );

    let again = report(&wrong, false);
    assert!(
        matches!(again.verdict, Verdict::ModelFailed { .. }),
        "{again:?}"
    );
    assert!(said(&again).contains("still breaks model::both_additions_survive"));
    let mended = report(&right, false);
    assert!(
        matches!(mended.verdict, Verdict::Passed { .. }),
        "{mended:?}"
    );
    assert!(
        said(&mended).contains("no longer breaks"),
        "{}",
        said(&mended)
    );
    assert!(saved.exists(), "it goes on to be tried");

    for (stale, problem) in [
        (
            text.replace("\"schema\": 1", "\"schema\": 2"),
            "its schema is 2",
        ),
        (
            text.replace("both_additions", "no_additions"),
            "it is one of",
        ),
        (text.replace("0 x", "0 y"), "not as heddle writes it"),
        (text[..text.len() / 2].to_owned(), "EOF"),
        ("\u{0}".to_owned(), "expected value"),
    ] {
        fs::write(&saved, stale).expect("writable");
        let mended = report(&right, false);
        assert!(
            matches!(mended.verdict, Verdict::Passed { .. }),
            "{mended:?}"
        );
        assert!(
            said(&mended).contains(problem),
            "{problem}: {}",
            said(&mended)
        );
        let broken = report(&wrong, false);
        assert!(
            matches!(broken.verdict, Verdict::ModelFailed { .. }),
            "{broken:?}"
        );
    }
    fs::remove_file(&saved).expect("it is there");
}
