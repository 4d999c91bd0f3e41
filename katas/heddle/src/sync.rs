//! Locks, condition variables, shared ownership and atomics, with the signatures of `std::sync`.

#[cfg(feature = "model")]
mod arc;
pub mod atomic;
#[cfg(any(feature = "trace", feature = "model"))]
mod condvar;
#[cfg(any(feature = "trace", feature = "model"))]
mod mutex;

pub use std::sync::{LockResult, PoisonError};

#[cfg(not(any(feature = "trace", feature = "model")))]
pub use std::sync::{Condvar, Mutex, MutexGuard, WaitTimeoutResult};

#[cfg(any(feature = "trace", feature = "model"))]
pub use self::condvar::{Condvar, WaitTimeoutResult};
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::mutex::{Mutex, MutexGuard};

#[cfg(feature = "model")]
pub use self::arc::{Arc, Weak};
#[cfg(not(feature = "model"))]
pub use std::sync::{Arc, Weak};
