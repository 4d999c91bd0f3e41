//! What the claims of `spec.rs` need around them.

pub mod early;
pub mod end;
pub mod gate;
pub mod outcome;
pub mod server;
