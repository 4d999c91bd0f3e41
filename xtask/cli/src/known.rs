//! The known mutant that a failing subject behaves like.

use heddle_counterexample::golden;
use heddle_terms::catalogue::Kata;
use heddle_terms::report::{Report, Verdict};
use xtask::mutants;

/// The story of the hand-written mutant that fails the decisive claim in just the same way, when there
/// is one and only one: two stories for one shape would be a guess.
pub fn known_mistake(kata: &Kata, report: &Report) -> Option<String> {
    // A mutant needs no hint about itself, nor does the solution.
    if report.subject.starts_with("mutant ") {
        return None;
    }
    let (Verdict::ModelFailed { claim, .. }
    | Verdict::Deadlocked { claim, .. }
    | Verdict::LimitExceeded { claim, .. }) = &report.verdict
    else {
        return None;
    };
    let known = golden::known(&golden::folder(kata));
    let alike = golden::alike(&known, report.claim(claim)?);
    let stories = alike
        .iter()
        .filter_map(|name| mutants::find(kata, name).ok());
    let mut stories = stories.map(|mutant| mutant.story);
    match (stories.next(), stories.next()) {
        (Some(story), None) => Some(story),
        _ => None,
    }
}
