//! What judging a source by the rules can find.

use heddle_terms::report::{Place, RuleBroken};

/// What a source that keeps every rule still says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Every `todo!` and `unimplemented!`, in the order of the text.
    pub todos: Vec<Todo>,
    /// The stub's `#![allow(unused)]` line, when it is still there.
    pub allow_unused: Option<Place>,
}

/// One `todo!` that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// Where it is.
    pub place: Place,
    /// What it tells the learner; empty when it says nothing.
    pub message: String,
}

/// Why a source was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The source breaks these rules; at least one.
    #[error("{} rule(s) broken, the first at {}: {}", .0.len(), .0[0].place, .0[0].message)]
    Broken(Vec<RuleBroken>),
    /// The source cannot be read as Rust.
    #[error("{place}: {message}")]
    Unparsable {
        /// Where reading stopped.
        place: Place,
        /// What was expected there.
        message: String,
    },
}
