//! What the claims of `spec.rs` need around them.

pub mod gate;
pub mod outcome;
pub mod server;
