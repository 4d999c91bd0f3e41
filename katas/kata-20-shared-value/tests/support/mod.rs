//! What the claims of `spec.rs` need around them.

pub mod peer;
pub mod segments;
pub mod told;
pub mod values;
pub mod waiting;
