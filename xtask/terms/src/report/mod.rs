//! What a grading found, as plain data; text and JSON only read it.

mod claim;
mod place;
mod verdict;

pub use claim::{ClaimReport, Failure, Kind, Outcome, Rung, ThreadState};
pub use place::{Diagnostic, Face, Phase, Place, RuleBroken};
pub use verdict::{Limit, PhaseReport, PhaseStatus, Remark, Report, SCHEMA, Verdict};
