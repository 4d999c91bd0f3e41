//! The grader of the katas: every subject gets its verdict here.
//!
//! One path leads from a subject to its verdict, [`grade::grade`], whoever wrote the subject. This
//! library never prints; the binary beside it renders what a [`Report`](heddle_terms::report::Report) says.

pub mod build;
pub mod grade;
pub mod matrix;
pub mod mutants;
pub mod mutate;
pub mod overlay;
pub mod process;
pub mod records;
pub mod rules;
pub mod stub;
pub mod subject;
pub mod toolchain;
