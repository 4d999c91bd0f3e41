//! Locks, condition variables, shared ownership and atomics, with the signatures of `std::sync`.

pub use std::sync::{
    Arc, Condvar, LockResult, Mutex, MutexGuard, PoisonError, WaitTimeoutResult, Weak,
};

/// Atomic integers, flags and pointers, with the signatures of `std::sync::atomic`.
pub mod atomic {
    pub use std::sync::atomic::*;
}
