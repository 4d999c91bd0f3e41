//! Time, which is virtual under the model.

pub use std::time::{Duration, Instant};
