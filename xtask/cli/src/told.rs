//! What `check --mutant` adds to the report: the story, and whether the mutant is caught as declared.

#[cfg(test)]
mod judged;

use heddle_terms::report::Report;
use xtask::matrix::{Expected, Fate, declared, judge};
use xtask::mutants::Mutant;

use super::console::{Style, wrap};

/// The story of a mutant, and what its header declares.
pub fn told(mutant: &Mutant, report: &Report, style: Style) -> String {
    let declared = declared(mutant);
    let words = format!("{} with {}", declared.claim, declared.kind);
    let (fate, _) = judge(report, &Expected::Caught(declared));
    let verdict = match fate {
        Fate::Killed => style.good("caught as its header declares"),
        _ => style.bad("not caught as its header declares"),
    };
    let story = wrap(&format!("The mutant: {}", mutant.story), "  ", style.width);
    let declaration = wrap(&words, "    ", style.width);
    format!("\n{story}  It is {verdict}:\n{declaration}")
}
