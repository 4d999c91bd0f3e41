//! Reports of every verdict, built by hand, for the tests of the rendering.

use std::time::Duration;

use xtask::report::{
    ClaimReport, Diagnostic, Face, Failure, Kind, Limit, Outcome, Phase, PhaseReport, PhaseStatus,
    Place, Remark, Report, RuleBroken, Rung, SCHEMA, ThreadState, Verdict,
};

use super::Sources;

const FILE: &str = "katas/kata-05-rlock/src/lib.rs";

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

/// How the report `spec` looks.
pub const SPEC_TEXT: &str = r#"✗ kata-05 rlock · a claim fails · 0.64 s

  rules       ✓                                              0.04 s
  build       ✓                                              0.04 s
  types       ✓  1 claim                                     0.04 s
  spec        ✗  2 of 2 claims fail                          0.04 s
  properties  ✓  1 claim, 256 cases                          0.04 s
  model       ✓  3 claims, 8,631 schedules                   0.04 s

  spec · the_owner_may_lock_again
  The owner may lock again without waiting for itself.
  katas/kata-05-rlock/tests/spec.rs:12

    assertion `left == right` failed: the depth after two locks
      left: 1
     right: 2

    katas/kata-05-rlock/src/lib.rs:38:9
        36 │     let line_36 = 36;
        37 │     let line_37 = 37;
    ▸   38 │         state = self.changed.wait(state).unwrap();
        39 │     let line_39 = 39;

  Also
    ✗ spec · depth_counts_the_locks: assertion `left == right` failed: the depth after two locks

  Next: mend this first; `cargo xtask hint 05` helps.
"#;

/// How the report `passed` looks.
pub const PASSED_TEXT: &str = r#"✓ kata-05 rlock · passed · 0.64 s

  rules       ✓                                              0.04 s
  build       ✓                                              0.04 s
  types       ✓  1 claim                                     0.04 s
  spec        ✓  2 claims                                    0.04 s
  properties  ✓  1 claim, 256 cases                          0.04 s
  model       ✓  3 claims, 8,631 schedules                   0.04 s

  What was proven
    1 model claim: every schedule with up to 2 preemptions; with the orderings as written, up to 2
      preemptions.
    2 model claims: every sequentially consistent schedule; with the orderings as written, up to 2
      preemptions; each possible fault alone.
    Properties: 256 generated cases.

  Note: `#![allow(unused)]` is no longer needed: every `todo!` is gone
  (katas/kata-05-rlock/src/lib.rs:3:9)

  Next: compare yours with solutions/kata-05-rlock/src/lib.rs and its NOTES.md; then go on with
  kata-08 condition.
"#;

/// The files that the reports name.
pub fn sources() -> Sources {
    let lines: Vec<String> = (1..60)
        .map(|line| match line {
            38 => "        state = self.changed.wait(state).unwrap();".to_owned(),
            _ => format!("    let line_{line} = {line};"),
        })
        .collect();
    Sources::default().with(FILE, lines.join("\n"))
}

fn place(line: u32) -> Place {
    Place {
        file: FILE.into(),
        line,
        column: 9,
    }
}

fn claim(phase: Phase, name: &str, outcome: Outcome) -> ClaimReport {
    ClaimReport {
        phase,
        name: name.into(),
        sentence: "The owner may lock again without waiting for itself.".into(),
        place: Place {
            file: format!("katas/kata-05-rlock/tests/{phase}.rs"),
            line: 12,
            column: 0,
        },
        took: Duration::from_millis(20),
        outcome,
        output: "\nrunning 1 test\nlast words\n".into(),
    }
}

fn passed(cases: u64, rungs: &[&str]) -> Outcome {
    let rung = |name: &&str| Rung {
        name: (*name).to_owned(),
        schedules: 411,
        exhausted: true,
    };
    Outcome::Passed {
        cases,
        schedules: 411 * rungs.len() as u64,
        rungs: rungs.iter().map(rung).collect(),
        seed: None,
    }
}

fn phase(phase: Phase, claims: Vec<ClaimReport>) -> PhaseReport {
    let failed = claims.iter().any(|claim| !claim.passed());
    PhaseReport {
        phase,
        status: if failed {
            PhaseStatus::Failed
        } else {
            PhaseStatus::Passed
        },
        took: Duration::from_millis(40),
        claims,
        broken: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// All phases passed.
fn clean() -> Report {
    let ladder = [
        "sequential-0",
        "sequential-1",
        "sequential-2",
        "orderings-1",
        "orderings-2",
    ];
    let mut full = ladder.to_vec();
    full.extend([
        "fault:spurious-park:a:1",
        "fault:spurious-park:b:1",
        "sequential-full",
    ]);
    let spec = |name| claim(Phase::Spec, name, passed(1, &[]));
    let phases = vec![
        phase(Phase::Rules, Vec::new()),
        phase(Phase::Build, Vec::new()),
        phase(
            Phase::Types,
            vec![claim(
                Phase::Types,
                "compile_fail::the_guard_stays",
                passed(1, &[]),
            )],
        ),
        phase(
            Phase::Spec,
            vec![
                spec("the_owner_may_lock_again"),
                spec("depth_counts_the_locks"),
            ],
        ),
        phase(
            Phase::Properties,
            vec![claim(
                Phase::Properties,
                "depth_is_locks_less_unlocks",
                passed(256, &[]),
            )],
        ),
        phase(
            Phase::Model,
            vec![
                claim(Phase::Model, "only_one_thread_is_inside", passed(0, &full)),
                claim(Phase::Model, "a_waiter_gets_in", passed(0, &full)),
                claim(Phase::Model, "three_threads_take_turns", passed(0, &ladder)),
            ],
        ),
    ];
    Report {
        schema: SCHEMA,
        kata: "kata-05-rlock".into(),
        title: "A re-entrant lock".into(),
        subject: "learner".into(),
        file: FILE.into(),
        verdict: Verdict::Passed {
            claims: 7,
            schedules: 8631,
        },
        phases,
        remarks: Vec::new(),
        took: Duration::from_millis(640),
    }
}

/// A report whose claims at these indices of a phase fail, with that verdict.
fn broken(phase: Phase, failures: &[(usize, Failure)], verdict: Verdict) -> Report {
    let mut report = clean();
    let found = report.phases.iter_mut().find(|one| one.phase == phase);
    let found = found.expect("every phase is there");
    found.status = PhaseStatus::Failed;
    for (index, failure) in failures {
        found.claims[*index].outcome = Outcome::Failed(Box::new(failure.clone()));
    }
    report.verdict = verdict;
    report
}

/// Nothing after that phase was reached.
fn stopped(mut report: Report, at: Phase) -> Report {
    for phase in &mut report.phases {
        if phase.phase >= at {
            phase.claims.clear();
            phase.status = PhaseStatus::NotReached;
        }
    }
    report
}

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
    let table = "       producer             consumer\n  1   lock items      :22\n  \
                 2                        wait not_empty :38";
    let failure = Failure {
        rung: Some("orderings-1".into()),
        schedules: Some(37),
        table: Some(table.into()),
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
                counterexample: Some(table.into()),
            },
        );
    }
    let mut report = clean();
    report.phases[5].status = PhaseStatus::Failed;
    report.phases[5].claims[0].outcome = Outcome::Inconclusive {
        rung: "orderings-2".into(),
        limit: "the budget of 30 s was used up".into(),
        schedules: 99_000,
        rungs: Vec::new(),
    };
    report.verdict = Verdict::Inconclusive {
        claim,
        rung: "orderings-2".into(),
        limit: "the budget of 30 s was used up".into(),
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
