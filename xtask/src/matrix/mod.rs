//! The kill matrix: every mutant of a kata, and which claim rejected it.

mod case;
mod judge;

pub use case::{Case, MatrixError, declared, hand_written, mechanical};
pub use judge::{Catch, Declared, Expected, Fate, Origin, Row, judge};
