//! The one next step at the end of a report.

use heddle_terms::report::{Limit, Outcome, Report, Verdict};

/// What the learner does next, in one or two sentences.
///
/// `next` is the kata that comes after this one, where there is one.
pub fn next_step(report: &Report, next: Option<&str>) -> String {
    let short = short_name(&report.kata);
    let file = &report.file;
    let step = match &report.verdict {
        Verdict::Passed { .. } => passed(report, next),
        Verdict::NotStarted => format!(
            "read katas/{}/README.md, then open {file}, fill in its first `todo!` and run \
             `cargo xtask check {short}` again.",
            report.kata
        ),
        Verdict::Unfinished { place, .. } => format!("fill in {place}."),
        Verdict::RuleBroken { .. } => format!(
            "do it with what heddle offers; [rules] in katas/{}/kata.toml lists what else this \
             kata allows.",
            report.kata
        ),
        Verdict::BuildFailed {
            interface: true, ..
        } => format!(
            "the public signatures are part of the task: put them back as `cargo xtask stub \
             {short}` shows them."
        ),
        Verdict::BuildFailed { .. } => "mend this error first; others may go with it.".to_owned(),
        Verdict::Inconclusive { .. } => "give it more time: the same command with `--budget 120`; \
                                         fewer steps make the search shorter."
            .into(),
        Verdict::PropertyFailed { .. } => {
            "go through it by hand with that input; it is kept, and tried first next time.".into()
        }
        Verdict::ModelFailed { .. } => "follow that schedule line by line.".into(),
        Verdict::Deadlocked { .. } => "find who should have gone on, and what it waits for.".into(),
        Verdict::TimedOut { .. } => {
            "look for a loop that does not end, or for a thread that nobody wakes.".into()
        }
        Verdict::LimitExceeded {
            which: Limit::Stack,
            ..
        } => "look for a recursion that does not end.".into(),
        Verdict::LimitExceeded {
            which: Limit::Branches,
            ..
        } => "look for a loop that does not end.".into(),
        _ => "mend this first.".into(),
    };
    let step = match has_schedule(report) {
        true => format!("{step} `cargo xtask replay {short}` steps through the schedule."),
        false => step,
    };
    // Hints are for those who look for the answer; a mutant or a solution has none to look for.
    match &report.verdict {
        Verdict::Passed { .. } | Verdict::NotStarted | Verdict::Inconclusive { .. } => step,
        _ if report.subject == "learner" => {
            format!("{step} Stuck? `cargo xtask hint {short}`")
        }
        _ => step,
    }
}

/// Whether the claim that decided the verdict has a schedule to step through.
fn has_schedule(report: &Report) -> bool {
    let claim = match &report.verdict {
        Verdict::ModelFailed { claim, .. }
        | Verdict::Deadlocked { claim, .. }
        | Verdict::TimedOut { claim, .. } => claim,
        _ => return false,
    };
    let outcome = report.claim(claim).map(|claim| &claim.outcome);
    matches!(outcome, Some(Outcome::Failed(failure)) if failure.counterexample.is_some())
}

fn passed(report: &Report, next: Option<&str>) -> String {
    if report.subject != "learner" {
        return String::new();
    }
    let compare = format!(
        "compare yours with solutions/{}/src/lib.rs and its NOTES.md",
        report.kata
    );
    match next {
        Some(next) => format!("{compare}; then go on with {next}."),
        None => format!("{compare}."),
    }
}

/// The number of a kata, which is all that its commands need.
pub fn short_name(kata: &str) -> &str {
    kata.split('-').nth(1).unwrap_or(kata)
}
