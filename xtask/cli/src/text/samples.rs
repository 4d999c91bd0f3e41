//! Reports of every verdict, built by hand, for the tests of the rendering.

mod base;
mod golden;
mod schedule;

use heddle_terms::report::{
    Diagnostic, Face, Failure, Kind, Limit, Outcome, Phase, PhaseStatus, Remark, Report,
    RuleBroken, ThreadState, Verdict,
};

pub use base::sources;
use base::{FILE, broken, clean, place, stopped};
pub use golden::{PASSED_TEXT, SPEC_TEXT};

/// The names that [`report`] knows, one for each verdict.
pub const NAMES: &[&str] = &[
    "passed",
    "not-started",
    "unfinished",
    "rule",
    "build",
    "interface",
    "types",
    "spec",
    "property",
    "model",
    "deadlock",
    "timeout",
    "crashed",
    "exited",
    "limit",
    "inconclusive",
];

fn assertion() -> Failure {
    Failure {
        place: Some(place(38)),
        ..Failure::new(
            Kind::Assertion,
            "assertion `left == right` failed: the depth after two locks\n  left: 1\n right: 2",
        )
    }
}

fn waiting() -> Vec<ThreadState> {
    vec![
        ThreadState {
            name: "consumer".into(),
            doing: "has been in Condvar::wait; nobody is left to notify it".into(),
            place: Some(place(38)),
        },
        ThreadState {
            name: "main".into(),
            doing: "waits for `consumer` to end".into(),
            place: None,
        },
    ]
}

/// The report of that name.
pub fn report(name: &str) -> Report {
    let spec = || "spec::the_owner_may_lock_again".to_owned();
    match name {
        "passed" => Report {
            remarks: vec![Remark {
                message: "`#![allow(unused)]` is no longer needed: every `todo!` is gone".into(),
                place: Some(place(3)),
            }],
            ..clean()
        },
        "not-started" => stopped(
            Report {
                verdict: Verdict::NotStarted,
                ..clean()
            },
            Phase::Build,
        ),
        "unfinished" => broken(
            Phase::Spec,
            &[
                (0, Failure::new(Kind::Todo, "not yet implemented: wake one")),
                (1, Failure::new(Kind::Todo, "not yet implemented: wake one")),
            ],
            Verdict::Unfinished {
                place: place(38),
                message: "not yet implemented: wake one".into(),
                claim: Some(spec()),
            },
        ),
        "rule" | "build" | "interface" => before_the_claims(name),
        "types" => broken(
            Phase::Types,
            &[(
                0,
                Failure::new(Kind::Accepted, "compiles, and has to fail with E0277"),
            )],
            Verdict::TypeClaimFailed {
                claim: "compile_fail::the_guard_stays".into(),
            },
        ),
        "spec" => broken(
            Phase::Spec,
            &[(0, assertion()), (1, assertion())],
            Verdict::SpecFailed { claim: spec() },
        ),
        "property" => property(),
        "model" | "inconclusive" => model(name),
        other => ended(other, spec()),
    }
}

fn before_the_claims(name: &str) -> Report {
    if name == "rule" {
        let broken = |line| RuleBroken {
            rule: "std-path".into(),
            place: place(line),
            message:
                "`std::sync::Mutex` is not for this kata: the model checker cannot see inside \
                      it, so it could not try the schedules. Use `heddle::sync::Mutex`."
                    .into(),
        };
        let mut report = stopped(clean(), Phase::Build);
        report.phases[0].status = PhaseStatus::Failed;
        report.phases[0].broken = vec![broken(4), broken(17)];
        report.verdict = Verdict::RuleBroken {
            rule: "std-path".into(),
            place: place(4),
            message: report.phases[0].broken[0].message.clone(),
        };
        return report;
    }
    let diagnostic = |line| Diagnostic {
        level: "error".into(),
        code: Some("E0308".into()),
        message: "mismatched types".into(),
        rendered: format!(
            "error[E0308]: mismatched types\n  --> {FILE}:{line}:9\n   |\n{line} |         1\n   |"
        ),
        place: Some(place(line)),
        faces: vec![Face::Model],
    };
    let mut report = stopped(clean(), Phase::Types);
    report.phases[1].status = PhaseStatus::Failed;
    report.phases[1].diagnostics = vec![diagnostic(20), diagnostic(31)];
    report.verdict = Verdict::BuildFailed {
        face: Some(Face::Model),
        diagnostics: report.phases[1].diagnostics.clone(),
        interface: name == "interface",
    };
    report
}

fn property() -> Report {
    let failure = Failure {
        minimal: Some("[Lock, Lock, Unlock]".into()),
        seed: Some(77),
        ..assertion()
    };
    broken(
        Phase::Properties,
        &[(0, failure)],
        Verdict::PropertyFailed {
            claim: "properties::depth_is_locks_less_unlocks".into(),
            minimal: Some("[Lock, Lock, Unlock]".into()),
        },
    )
}

fn model(name: &str) -> Report {
    let failure = Failure {
        rung: Some("orderings-1".into()),
        schedules: Some(37),
        counterexample: Some(schedule::record()),
        place: Some(place(41)),
        ..Failure::new(
            Kind::DataRace,
            "two threads use `value` and nothing orders them",
        )
    };
    let claim = "model::only_one_thread_is_inside".to_owned();
    if name == "model" {
        let spurious = Failure {
            rung: Some("fault:spurious-wait:consumer:1".into()),
            ..failure.clone()
        };
        return broken(
            Phase::Model,
            &[(0, failure), (1, spurious)],
            Verdict::ModelFailed {
                claim,
                rung: Some("orderings-1".into()),
            },
        );
    }
    let mut report = clean();
    report.phases[5].status = PhaseStatus::Failed;
    report.phases[5].claims[0].outcome = Outcome::Inconclusive {
        rung: "orderings-2".into(),
        limit: "budget".into(),
        schedules: 99_000,
        rungs: Vec::new(),
    };
    report.verdict = Verdict::Inconclusive {
        claim,
        rung: "orderings-2".into(),
        limit: "budget".into(),
    };
    report
}

/// Claims whose process or search was ended.
fn ended(name: &str, claim: String) -> Report {
    let threads = waiting();
    let (failure, verdict) = match name {
        "deadlock" => (
            Failure {
                threads: threads.clone(),
                ..Failure::new(Kind::Deadlock, "every thread waits")
            },
            Verdict::Deadlocked { claim, threads },
        ),
        "timeout" => (
            Failure {
                threads: threads.clone(),
                ..Failure::new(Kind::Timeout, "not over after 10 s")
            },
            Verdict::TimedOut {
                claim,
                phase: Phase::Spec,
                threads,
            },
        ),
        "crashed" => (
            Failure {
                signal: Some(11),
                ..Failure::new(Kind::Crashed, "")
            },
            Verdict::Crashed { claim, signal: 11 },
        ),
        "exited" => (
            Failure::new(Kind::ExitedEarly, "the process exited with code 0"),
            Verdict::ExitedEarly { claim },
        ),
        "limit" => (
            Failure {
                limit: Some("memory".into()),
                ..Failure::new(Kind::Limit, "more than 2 GiB")
            },
            Verdict::LimitExceeded {
                claim,
                which: Limit::Memory,
            },
        ),
        other => panic!("there is no sample `{other}`"),
    };
    broken(Phase::Spec, &[(0, failure)], verdict)
}
