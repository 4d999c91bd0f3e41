//! One grading path for every subject.

mod event;
mod options;

pub use event::Event;
pub use options::{Fault, Options};

use crate::catalogue::Kata;
use crate::report::Report;
use crate::subject::Subject;

/// Judges a subject: rules, build, then all claims of all phases.
///
/// # Errors
///
/// A [`Fault`] of the tool or of the set-up; whatever the subject does wrong is a [`Report`].
pub fn grade(_kata: &Kata, _subject: &Subject, _options: &Options<'_>) -> Result<Report, Fault> {
    todo!()
}
