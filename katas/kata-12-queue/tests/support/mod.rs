//! What the claims share: how they start threads, and what they compare a queue with.

#![allow(dead_code, reason = "each phase uses its part of this module")]
#![allow(
    clippy::duplicate_mod,
    reason = "the phases of a face are one crate when they are graded"
)]

pub mod drops;
pub mod scenario;
pub mod sequential;
pub mod threads;
pub mod virtual_time;
pub mod work;
