//! Steps through a schedule that breaks a claim: in a terminal, and in a page for a browser.
//!
//! [`Replay`] is what a check left behind, [`Timeline`] the state of every thread and object after
//! every step, worked out from the record alone. [`terminal`] and [`page`] only show it.

pub mod page;
pub mod replay;
pub mod sources;
pub mod state;
pub mod terminal;
pub mod timeline;
pub mod words;

mod advance;

#[cfg(test)]
extern crate self as heddle_replay;
#[cfg(test)]
#[path = "../tests/samples/mod.rs"]
mod samples;

pub use replay::Replay;
pub use timeline::{Detail, Timeline};
