//! What the claims of `model.rs` share.

pub mod limit;
pub mod place;
