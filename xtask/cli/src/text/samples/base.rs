//! A report in which all phases passed, and how it is made to fail.

use std::time::Duration;

use heddle_terms::report::{
    ClaimReport, Failure, Outcome, Phase, PhaseReport, PhaseStatus, Place, Report, Rung, SCHEMA,
    Verdict,
};

use super::super::Sources;

/// The subject's file.
pub const FILE: &str = "katas/kata-05-rlock/src/lib.rs";

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

/// A line of the subject.
pub fn place(line: u32) -> Place {
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
pub fn clean() -> Report {
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
pub fn broken(phase: Phase, failures: &[(usize, Failure)], verdict: Verdict) -> Report {
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
pub fn stopped(mut report: Report, at: Phase) -> Report {
    for phase in &mut report.phases {
        if phase.phase >= at {
            phase.claims.clear();
            phase.status = PhaseStatus::NotReached;
        }
    }
    report
}
