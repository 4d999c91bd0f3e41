//! A schedule that breaks a claim.

pub mod record;
