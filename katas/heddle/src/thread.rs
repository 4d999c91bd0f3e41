//! Threads, with the signatures of `std::thread`.

pub use std::thread::{
    AccessError, Builder, JoinHandle, LocalKey, Result, Scope, ScopedJoinHandle, Thread, ThreadId,
    current, panicking, park, park_timeout, scope, sleep, spawn, yield_now,
};

pub use crate::ordinary::blocked::until_blocked;
