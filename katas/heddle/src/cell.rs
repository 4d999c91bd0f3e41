//! A cell whose accesses the model can see.

#[cfg(not(feature = "model"))]
pub use crate::ordinary::cell::UnsafeCell;

#[cfg(feature = "model")]
mod watched;
#[cfg(feature = "model")]
pub use self::watched::UnsafeCell;
