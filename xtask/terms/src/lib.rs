//! What the grader, the pages and the commands talk about: the katas as they lie in their folders, what a
//! grading found, and the record of a schedule.
//!
//! A crate of its own, so that the grader and the pages, which know nothing of each other, compile side
//! by side.

pub mod catalogue;
pub mod files;
pub mod parsing;
pub mod prose;
pub mod record;
pub mod report;
pub mod sources;

#[cfg(test)]
mod schemas;
