//! The runners of claims, and the record they write for the grader.

pub(crate) mod clock;
pub(crate) mod counterexample;
pub(crate) mod grader;
mod json;
#[cfg(feature = "property")]
mod kept;
#[cfg(feature = "model")]
pub(crate) mod measure;
#[cfg(feature = "model")]
mod model;
mod panics;
#[cfg(feature = "property")]
mod property;
#[cfg(feature = "property")]
mod quiet;
pub(crate) mod record;
mod require;
#[cfg(feature = "property")]
mod search;
mod session;
mod spec;
mod threads;
#[cfg(not(feature = "model"))]
mod unmodelled;
pub(crate) mod watchdog;

#[cfg(feature = "model")]
pub use model::{explore_all, model, model_with};
#[cfg(feature = "property")]
pub use property::property;
pub use require::Require;
pub use spec::spec;
#[cfg(not(feature = "model"))]
pub use unmodelled::{model, model_with};
