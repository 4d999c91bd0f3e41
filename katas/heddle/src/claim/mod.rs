//! The runners of claims, and the record they write for the grader.

pub(crate) mod grader;
mod json;
pub(crate) mod record;
