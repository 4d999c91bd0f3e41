//! The book: its chapters, the katas and their mutants, as pages that need nothing else.
//!
//! `cargo xtask book` runs it. Whatever stands in the repository already is taken from there: READMEs,
//! solutions, stories and counterexamples of mutants, questions, and the order from `book/outline.toml`.

pub mod assets;
pub mod binding;
pub mod chapter;
pub mod directive;
pub mod error;
pub mod gallery;
pub mod html;
pub mod include;
pub mod interview;
pub mod library;
pub mod outline;
pub mod quiz;
pub mod serve;
pub mod step;

pub use error::BookError;
