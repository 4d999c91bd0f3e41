//! What the claims of `spec.rs` need around them.

pub mod ends;
pub mod log;
pub mod trouble;
