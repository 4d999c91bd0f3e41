//! Mutants by machine: a solution weakened in one place at a time.
//!
//! Every memory ordering one step, every fence taken out, every loop round a wait made to go round once, every wake-up
//! taken out or narrowed to one thread, every release on drop taken out. Each must be rejected by some claim, or have
//! a written reason why nothing can tell it from the solution.
//!
//! The text is read without types: orderings are recognised by their names and operations by those of std. An ordering
//! that comes from a constant or a variable is not seen.

mod change;
mod collect;
mod loops;
mod orderings;
mod wakes;

pub use change::{MechanicalMutant, MutateError};

use self::collect::Collect;
use heddle_terms::catalogue::Kata;
use heddle_terms::files;

/// Every mechanical mutant of a solution, in the order of its text. The same text gives the same names.
///
/// # Errors
///
/// When the solution does not parse, or a mutant of it would not: the latter is a fault of this code.
pub fn mechanical(solution: &str) -> Result<Vec<MechanicalMutant>, MutateError> {
    let file = syn::parse_file(solution).map_err(|error| MutateError::Unparsable {
        file: "solution".to_owned(),
        line: error.span().start().line,
        message: error.to_string(),
    })?;
    change::apply(solution, Collect::all(solution, &file))
}

/// Every mechanical mutant of a kata's solution.
///
/// # Errors
///
/// When the solution cannot be read, or as for [`mechanical`].
pub fn of(kata: &Kata) -> Result<Vec<MechanicalMutant>, MutateError> {
    let path = kata.solution_file();
    let file = kata.workspace.display(&path);
    let text = String::from_utf8(files::read(&path)?)
        .map_err(|_| MutateError::NotText { file: file.clone() })?;
    mechanical(&text).map_err(|error| error.in_file(&file))
}

#[cfg(test)]
mod tests;
