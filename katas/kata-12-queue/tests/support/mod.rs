//! What the claims share: how they start threads, and what they compare a queue with.

#![allow(dead_code, reason = "each phase uses its part of this module")]

pub mod scenario;
pub mod sequential;
pub mod threads;
pub mod work;
