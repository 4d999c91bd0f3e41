//! Wrong programs that the model must reject, and right ones that it must accept.
//!
//! Each wrong program makes one mistake that people make; the letters are those of the table in
//! which the limits of plain loom were first measured: (a) to (r).
#![cfg(feature = "model")]

#[macro_use]
#[path = "bugs/verdict.rs"]
mod verdict;

#[path = "bugs/barrier.rs"]
mod barrier;
#[path = "bugs/event.rs"]
mod event;
#[path = "bugs/futex.rs"]
mod futex;
#[path = "bugs/pool.rs"]
mod pool;
#[path = "bugs/queue.rs"]
mod queue;
#[path = "bugs/ring.rs"]
mod ring;
#[path = "bugs/semaphore.rs"]
mod semaphore;
#[path = "bugs/spin.rs"]
mod spin;
#[path = "bugs/stack.rs"]
mod stack;

mod replayed;
