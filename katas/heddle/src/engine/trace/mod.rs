//! The trace face's engine: real threads, with what each of them is doing on record.
//!
//! Everything that blocks is one monitor: who holds which lock, who waits where, who has a token.
//! What a thread waits for is therefore no guess: it changes in the same step as what the
//! operation does, and a thread that was notified but has not run yet does not look stuck.
//! Atomics are `std`'s; they only leave a note.

mod counterexample;
mod lock;
mod monitor;
mod notes;
mod parking;
mod queue;
mod report;
mod threads;
mod word;

pub(crate) use self::counterexample::counterexample;
pub(crate) use self::lock::{Held, Lock, wants_values};
pub(crate) use self::monitor::{progress, watch_until};
pub(crate) use self::parking::{park, park_timeout, sleep, spin_loop, until_blocked, yield_now};
pub(crate) use self::queue::Queue;
pub(crate) use self::report::{spinning, stuck, threads};
#[cfg(feature = "property")]
pub(crate) use self::threads::begin_case;
pub(crate) use self::threads::{
    Joiner, ThreadRef, before_scope_end, current, enter_claim, note_panic, spawn,
};
pub(crate) use self::word::{Word, fence};
