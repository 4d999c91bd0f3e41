//! What the user's shell says decides nothing.

use std::process::Command;

use heddle_terms::report::Verdict;
use xtask::grade::{Options, grade};
use xtask::subject::Subject;

use crate::world::{kata, verdict_on, with_body};

/// The variable by which this test program knows that it is run by itself.
const INSIDE: &str = "GRADING_INSIDE";

/// Variables that would turn failures into passes, or passes into failures, where they are heard.
const ILL_WILL: [(&str, &str); 14] = [
    ("LOOM_MAX_PREEMPTIONS", "0"),
    ("LOOM_MAX_PERMUTATIONS", "1"),
    ("LOOM_MAX_DURATION", "0"),
    ("LOOM_MAX_BRANCHES", "1"),
    ("PROPTEST_CASES", "0"),
    ("PROPTEST_MAX_SHRINK_ITERS", "0"),
    ("RUST_TEST_THREADS", "0"),
    ("RUST_TEST_SHUFFLE", "yes"),
    ("RUSTFLAGS", "-Cdebug-assertions=off -Cno-such-flag"),
    ("CARGO_ENCODED_RUSTFLAGS", "-Cno-such-flag"),
    ("CARGO_BUILD_RUSTFLAGS", "-Cno-such-flag"),
    ("CARGO_TARGET_DIR", "/proc/no-such-folder"),
    ("CARGO_BUILD_TARGET", "no-such-platform"),
    ("HEDDLE_CASES", "1"),
];

/// Variables of ill will change neither a pass nor a failure.
#[test]
fn variables_of_ill_will_change_no_verdict() {
    if std::env::var_os(INSIDE).is_some() {
        return;
    }
    let program = std::env::current_exe().expect("a test program knows its path");
    let output = Command::new(program)
        .args([
            "--exact",
            "surroundings::inside_ill_will",
            "--nocapture",
            "--test-threads=1",
        ])
        .envs(
            ILL_WILL
                .into_iter()
                .filter(|(name, _)| !name.starts_with("RUST_TEST")),
        )
        .env(INSIDE, "1")
        .output()
        .expect("this test program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("1 passed"), "{said}");
}

/// The inner half of the claim above, which says nothing by itself.
#[test]
fn inside_ill_will() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    // SAFETY: this test runs alone in a process of its own.
    ILL_WILL
        .iter()
        .for_each(|(name, value)| unsafe { std::env::set_var(name, value) });
    let passed = grade(&kata("1"), &Subject::Solution, &Options::default()).expect("no fault");
    assert!(
        matches!(passed.verdict, Verdict::Passed { .. }),
        "{:?}",
        passed.verdict
    );
    let failed = verdict_on(&with_body("if number < 1000 { number * 2 } else { 0 }"));
    assert!(
        matches!(failed, Verdict::PropertyFailed { .. }),
        "{failed:?}"
    );
    // An overflow panics only with debug assertions.
    let checked = verdict_on(&with_body("(number + u64::MAX) * 2"));
    assert!(matches!(checked, Verdict::SpecFailed { .. }), "{checked:?}");
}

/// The subject's process finds neither the grader's words nor the user's variables.
#[test]
fn a_claim_sees_nothing_of_the_grader_or_the_user() {
    let body = "assert!(std::env::vars_os().all(|(name, _)| {\n        \
                let name = name.to_string_lossy().into_owned();\n        \
                !name.starts_with(\"HEDDLE\") && !name.starts_with(\"CARGO\") || name == \"CARGO_HOME\"\n    \
                }));\n    number * 2";
    let verdict = verdict_on(&with_body(body));
    assert!(matches!(verdict, Verdict::Passed { .. }), "{verdict:?}");
}
