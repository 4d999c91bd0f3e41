//! One grading path for every subject.

mod claim_run;
mod compile_fail;
mod event;
mod fault;
mod judgement;
#[cfg(test)]
mod judgement_tests;
mod kept;
mod listing;
mod options;
mod path;
mod pipeline;
mod queue;
mod saved;
mod verdict;
mod write_up;

pub use event::Event;
pub use fault::Fault;
pub use options::{First, Options};
pub use path::grade;
