//! A cell whose accesses the model can see.

pub use crate::ordinary::cell::UnsafeCell;
