//! The stub of a kata, derived from its solution: the one place where a signature or its docs are written.
//!
//! Marker comments in the solution, each on a line of its own, say what becomes of what stands there:
//!
//! - `// stub: todo "what the todo! tells the learner"`, first in a function's body: the body becomes a `todo!`.
//! - `// stub: omit`, directly above an item, a field, a variant, a method or a `use`, before its docs and
//!   attributes: the stub does without it.
//! - `// stub: insert CODE`: the line `CODE`, in the stub only.
//!
//! A body without a marker is shipped as it stands, and so is everything else.

mod derive;
mod error;
mod known;
mod marker;
mod nodes;
mod ship;
mod splice;

pub use derive::{ALLOW_UNUSED, derive};
pub use error::{ShipError, StubError};
pub use ship::{Written, check, is, is_untouched, of, write};

#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod ship_tests;
#[cfg(test)]
mod tests;
