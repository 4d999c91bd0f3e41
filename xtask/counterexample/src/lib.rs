//! A schedule that breaks a claim, from heddle's record to a page that a person reads.
//!
//! Pure functions: a [record](heddle_terms::record::Counterexample) and the sources lead to a [`Story`] of rows, a
//! [`Diagnosis`] and a [page](page::page) of lines. Nothing here prints.

mod calls;
pub mod diagnosis;
mod ending;
pub mod excerpt;
mod fold;
mod functions;
pub mod golden;
pub mod kept;
mod layout;
mod missing;
pub mod page;
mod relevance;
pub mod search;
mod shape;
pub mod story;
pub mod words;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod samples;

pub use diagnosis::{Diagnosis, Finding, diagnose};
pub use page::{Line, Page, Role, Setting, page};
pub use shape::shape;
pub use story::{Row, Story, Tone};
