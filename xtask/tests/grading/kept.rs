//! An input that broke a property is kept for the next time.

use std::fs;

use xtask::grade::{Options, grade};
use xtask::report::Verdict;
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
