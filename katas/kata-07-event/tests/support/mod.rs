//! What the claims of `spec.rs` need around them.

pub mod held;
