//! What the claims of `spec.rs` need around them.

pub mod children;
pub mod descriptors;
pub mod dropping;
pub mod memory;
pub mod sinks;
