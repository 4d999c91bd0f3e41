//! Time, which is virtual under the model.

pub use std::time::Duration;

#[cfg(not(feature = "model"))]
pub use std::time::Instant;

#[cfg(feature = "model")]
mod instant;
#[cfg(feature = "model")]
pub use self::instant::Instant;
