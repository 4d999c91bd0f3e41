//! The human report: text rendered from a `Report`, and nothing else.

mod advice;
mod excerpt;
mod failure;
mod others;
mod phases;
mod proof;
mod report;
#[cfg(test)]
pub mod samples;
mod words;

pub use excerpt::Sources;
pub use report::{Beside, one_line, render};

pub use words::{cut, kata_title, seconds, verdict_words};
