//! Mutants by hand: solutions with one realistic bug each, kept as patches with their story.
//!
//! A mutant is `tests/mutants/<kata>/<name>.patch`: header lines, then a unified diff against the solution.
//!
//! ```text
//! # story: What goes wrong, in two or three sentences, which may
//! #   go on in lines like this one.
//! # phase: model
//! # claim: only_one_thread_is_inside
//! # kind: data-race
//! # behaviour: W2
//! --- a/src/lib.rs
//! +++ b/src/lib.rs
//! ```
//!
//! Beside them, `equivalent.toml` says of mechanical mutants why nothing can tell them from the solution.

mod equivalent;
mod error;
mod header;
mod patch;

pub use equivalent::equivalents;
pub use error::MutantError;
pub use header::MutantKind;
pub use patch::{Mutant, apply, find, load};

#[cfg(test)]
mod tests;
