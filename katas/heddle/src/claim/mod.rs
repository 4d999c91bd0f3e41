//! The runners of claims, and the record they write for the grader.

pub(crate) mod grader;
mod json;
#[cfg(feature = "property")]
mod kept;
mod panics;
#[cfg(feature = "property")]
mod property;
#[cfg(feature = "property")]
mod quiet;
pub(crate) mod record;
#[cfg(feature = "property")]
mod search;
mod session;
mod spec;
mod threads;
pub(crate) mod watchdog;

#[cfg(feature = "property")]
pub use property::property;
pub use spec::spec;
