//! A schedule that breaks a claim.

pub mod record;
#[cfg(test)]
mod schema;
