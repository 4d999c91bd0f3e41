//! Every verdict is reached by a subject that earns it.

use heddle_terms::report::{Kind, Limit, Phase, Verdict};
use xtask::grade::{Options, grade};
use xtask::subject::Subject;

use crate::world::{kata, report_on, verdict_on, with_body};

/// A correct subject passes with all its claims.
#[test]
fn the_solution_passes() {
    let report = grade(&kata("1"), &Subject::Solution, &Options::default()).expect("no fault");
    assert_eq!(
        report.verdict,
        Verdict::Passed {
            claims: 6,
            schedules: 0
        }
    );
    assert_eq!(report.claims().count(), 6);
}

/// A correct subject of a kata with a model passes with the schedules that were tried.
#[test]
fn a_pass_of_a_model_counts_its_schedules() {
    let report = grade(&kata("2"), &Subject::Solution, &Options::default()).expect("no fault");
    let Verdict::Passed {
        claims: 2,
        schedules,
    } = report.verdict
    else {
        panic!("{:?}", report.verdict)
    };
    assert!(schedules > 1, "{schedules}");
}

/// The stub is not a failed attempt.
#[test]
fn the_stub_is_not_started() {
    let report = grade(&kata("1"), &Subject::Learner, &Options::default()).expect("no fault");
    assert_eq!(report.verdict, Verdict::NotStarted);
    let report = grade(&kata("1"), &Subject::Stub, &Options::default()).expect("no fault");
    assert_eq!(report.verdict, Verdict::NotStarted);
}

/// A `todo!` that a claim hits makes the subject unfinished, and the other claims are told all the same.
#[test]
fn a_todo_that_is_hit_is_unfinished() {
    let report = report_on(&with_body(
        "if number == 21 { todo!(\"one more\") } else { 2 * number }",
    ));
    let Verdict::Unfinished { place, claim, .. } = &report.verdict else {
        panic!("{:?}", report.verdict)
    };
    assert_eq!(claim.as_deref(), Some("spec::twenty_one_becomes_forty_two"));
    assert_eq!(place.line, 10);
    assert!(
        report
            .claim("spec::nothing_stays_nothing")
            .expect("it ran")
            .passed()
    );
}

/// A `todo!` that no claim hits is one all the same.
#[test]
fn a_todo_that_remains_is_unfinished() {
    let verdict = verdict_on(&with_body(
        "if number == u64::MAX { todo!(\"later\") } else { 2 * number }",
    ));
    let Verdict::Unfinished {
        message,
        claim: None,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
    assert!(message.contains("later"), "{message}");
}

/// What the kata does not allow is refused before anything is built.
#[test]
fn a_broken_rule_ends_the_grading() {
    let report = report_on(&with_body(
        "std::fs::read(\"/etc/passwd\").map_or(0, |_| number * 2)",
    ));
    assert!(
        matches!(report.verdict, Verdict::RuleBroken { .. }),
        "{:?}",
        report.verdict
    );
    assert_eq!(report.claims().count(), 0);
}

/// An error of the compiler is told once, with its place in the subject.
#[test]
fn an_error_of_the_compiler_is_told_once() {
    let verdict = verdict_on(&with_body("number * \"2\""));
    let Verdict::BuildFailed {
        diagnostics,
        interface: false,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].code.as_deref(), Some("E0277"));
    assert_eq!(
        diagnostics[0].place.as_ref().map(|place| place.line),
        Some(10)
    );
}

/// A text that is no Rust is the compiler's to explain.
#[test]
fn what_does_not_parse_is_a_failed_build() {
    let verdict = verdict_on("//! Not Rust.\n\npub fn twice(number: u64 -> u64 { number }\n");
    assert!(
        matches!(verdict, Verdict::BuildFailed { .. }),
        "{verdict:?}"
    );
}

/// A changed signature breaks the claims' build, and it is said that the interface is the reason.
#[test]
fn a_changed_signature_is_told_as_one() {
    let text = with_body("number * 2").replace("number: u64) -> u64", "number: u32) -> u32");
    let verdict = verdict_on(&text);
    assert!(
        matches!(
            verdict,
            Verdict::BuildFailed {
                interface: true,
                ..
            }
        ),
        "{verdict:?}"
    );
}

/// Types that accept what they must refuse fail, with the program that shows it.
#[test]
fn types_that_accept_too_much_fail() {
    let text = with_body("number * 2").replace("#[derive(Debug)]", "#[derive(Clone, Copy, Debug)]");
    let report = report_on(&text);
    let claim = "compile_fail::a_number_cannot_be_copied".to_owned();
    assert_eq!(
        report.claim(&claim).and_then(|claim| claim.kind()),
        Some(Kind::Accepted)
    );
    assert_eq!(report.verdict, Verdict::TypeClaimFailed { claim });
    assert!(
        report
            .claim("compile_fail::a_number_is_not_a_text")
            .expect("it ran")
            .passed()
    );
}

/// Types that refuse with another error than declared fail.
#[test]
fn types_that_refuse_for_another_reason_fail() {
    let text = with_body("number * 2").replace("pub struct Once(pub u64)", "pub struct Once(u64)");
    let report = report_on(&text);
    let claim = report
        .claim("compile_fail::a_number_cannot_be_copied")
        .expect("it ran");
    assert_eq!(claim.kind(), Some(Kind::Misjudged));
}

/// A wrong result of a deterministic claim fails the spec, with the assertion's place.
#[test]
fn a_wrong_result_fails_the_spec() {
    let report = report_on(&with_body("number + 21"));
    let claim = "spec::nothing_stays_nothing".to_owned();
    assert_eq!(
        report.verdict,
        Verdict::SpecFailed {
            claim: claim.clone()
        }
    );
    assert_eq!(
        report.claim(&claim).and_then(|claim| claim.kind()),
        Some(Kind::Assertion)
    );
    assert!(
        report
            .claim("spec::twenty_one_becomes_forty_two")
            .expect("it ran")
            .passed()
    );
}

/// A wrong result on generated inputs fails the property, with the smallest input.
#[test]
fn a_wrong_result_on_some_inputs_fails_the_property() {
    let verdict = verdict_on(&with_body("if number < 1000 { number * 2 } else { 0 }"));
    let claim = "properties::twice_is_the_sum".to_owned();
    assert_eq!(
        verdict,
        Verdict::PropertyFailed {
            claim,
            minimal: Some("1000".to_owned())
        }
    );
}

/// A schedule that breaks a model claim is the verdict, with the schedule.
#[test]
fn a_lost_update_fails_the_model() {
    let kata = kata("2");
    let solution = std::fs::read_to_string(kata.solution_file()).expect("readable");
    let text = solution.replace(
        "self.count.fetch_add(1, Ordering::Relaxed);",
        "let count = self.count.load(Ordering::SeqCst);\n        self.count.store(count + 1, Ordering::SeqCst);",
    );
    let subject = Subject::Source {
        label: "lost-update".to_owned(),
        text,
    };
    let report = grade(&kata, &subject, &Options::default()).expect("no fault");
    let Verdict::ModelFailed {
        claim,
        rung: Some(_),
    } = report.verdict
    else {
        panic!("{:?}", report.verdict)
    };
    assert_eq!(claim, "model::both_additions_survive");
}

/// A thread that waits for what nobody will do is a deadlock.
#[test]
fn a_wait_for_nobody_is_a_deadlock() {
    let body = "let never = heddle::sync::Mutex::new(());\n    \
                let woken = heddle::sync::Condvar::new();\n    \
                let guard = never.lock().expect(\"not poisoned\");\n    \
                drop(woken.wait(guard));\n    number * 2";
    let verdict = verdict_on(&with_body(body));
    let Verdict::Deadlocked { threads, .. } = verdict else {
        panic!("{verdict:?}")
    };
    assert!(!threads.is_empty());
}

/// A claim that never ends is out of time, and where its threads were is told.
#[test]
fn an_endless_loop_is_out_of_time() {
    let options = Options {
        clock: Some(std::time::Duration::from_secs(1)),
        ..Options::default()
    };
    let subject = Subject::Source {
        label: "an endless loop".to_owned(),
        text: with_body("loop {}"),
    };
    let report = grade(&kata("1"), &subject, &options).expect("no fault");
    let Verdict::TimedOut { phase, threads, .. } = &report.verdict else {
        panic!("{:?}", report.verdict)
    };
    assert_eq!(*phase, Phase::Spec);
    assert!(!threads.is_empty());
}

/// A signal that ends a claim is a crash.
#[test]
fn an_abort_is_a_crash() {
    let verdict = verdict_on(&with_body("std::process::abort()"));
    let Verdict::Crashed { signal: 6, .. } = verdict else {
        panic!("{verdict:?}")
    };
}

/// A process that ends with success before its claim does has not passed.
#[test]
fn an_early_exit_is_no_pass() {
    let verdict = verdict_on(&with_body("std::process::exit(0)"));
    assert!(
        matches!(verdict, Verdict::ExitedEarly { .. }),
        "{verdict:?}"
    );
}

/// A stack without end is a limit, not a crash.
#[test]
fn a_stack_without_end_is_a_limit() {
    let body = "if number > 0 && std::hint::black_box(true) { twice(number) + 1 } else { 0 }";
    let verdict = verdict_on(&with_body(body));
    let Verdict::LimitExceeded {
        which: Limit::Stack,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
}

/// A modelled thread has a small stack, and more than that is a limit too.
#[test]
fn a_modelled_stack_that_overflows_is_a_limit() {
    let kata = kata("2");
    let solution = std::fs::read_to_string(kata.solution_file()).expect("readable");
    let text = solution.replace(
        "self.count.fetch_add(1, Ordering::Relaxed);",
        "self.count.fetch_add(1, Ordering::Relaxed);\n        std::hint::black_box([0_u8; 100_000]);",
    );
    let subject = Subject::Source {
        label: "large".to_owned(),
        text,
    };
    let report = grade(&kata, &subject, &Options::default()).expect("no fault");
    let claim = "model::both_additions_survive".to_owned();
    assert_eq!(
        report.verdict,
        Verdict::LimitExceeded {
            claim,
            which: Limit::Stack
        }
    );
}

/// A model search that has no time left is inconclusive, not a pass.
#[test]
fn a_search_without_time_is_inconclusive() {
    let options = Options {
        budget: std::time::Duration::ZERO,
        ..Options::default()
    };
    let report = grade(&kata("2"), &Subject::Solution, &options).expect("no fault");
    assert!(
        matches!(report.verdict, Verdict::Inconclusive { .. }),
        "{:?}",
        report.verdict
    );
}

/// The report lists all phases in order, and says why one is absent.
#[test]
fn a_report_has_every_phase_in_order() {
    let report = report_on(&with_body("number + number"));
    let phases: Vec<Phase> = report.phases.iter().map(|phase| phase.phase).collect();
    assert_eq!(phases, Phase::ALL);
}
