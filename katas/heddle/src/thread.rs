//! Threads, with the signatures of `std::thread`.
//!
//! Under the model at most five threads exist in a schedule, the claim's own among them, and a
//! schedule ends when all of them have: a thread that nobody joins and that never ends is a
//! deadlock, where a real program would just exit.

#[cfg(any(feature = "trace", feature = "model"))]
mod handle;
#[cfg(feature = "model")]
mod local;
#[cfg(any(feature = "trace", feature = "model"))]
mod scoped;
#[cfg(any(feature = "trace", feature = "model"))]
mod spawned;
#[cfg(any(feature = "trace", feature = "model"))]
mod waiting;

pub use std::thread::{Result, panicking};

#[cfg(not(any(feature = "trace", feature = "model")))]
pub use std::thread::{
    Builder, JoinHandle, Scope, ScopedJoinHandle, Thread, ThreadId, current, park, park_timeout,
    scope, sleep, spawn, yield_now,
};

#[cfg(not(any(feature = "trace", feature = "model")))]
pub use crate::ordinary::blocked::until_blocked;

#[cfg(any(feature = "trace", feature = "model"))]
pub use self::handle::{Thread, ThreadId, current};
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::scoped::{Scope, ScopedJoinHandle, scope};
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::spawned::{Builder, JoinHandle, spawn};
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::waiting::{park, park_timeout, sleep, until_blocked, yield_now};

#[cfg(feature = "model")]
pub use self::local::{AccessError, LocalKey};
#[cfg(not(feature = "model"))]
pub use std::thread::{AccessError, LocalKey};
