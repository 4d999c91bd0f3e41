//! The model face's engine: every operation is one of loom's, and is recorded.
//!
//! No other module of the project names loom. It is used as it comes from crates.io, and what it
//! lacks or gets wrong is made up for here:
//!
//! - atomic stores are issued as swaps, and in the sequential pass loads as comparisons that
//!   cannot succeed: loom then misses no sequentially consistent interleaving and produces no
//!   execution that the memory model forbids (`memory`);
//! - condition variables have their own wait queues, and threads their own park tokens (`queue`,
//!   `parking`): loom's wake in arrival order only, never by themselves, and never time out;
//! - faults are injected one at a time at enumerated calls (`faults`);
//! - a thread that spins is not run again until something has changed (`spin`);
//! - time is virtual (`clock`), and heap nodes outlive themselves (`heap`).
//!
//! All threads of a schedule are coroutines of one OS thread. After each call into loom that may
//! have switched, the thread that goes on says who it is (`world::settle`).

mod abandon;
mod activity;
mod blocked;
mod clock;
mod counterexample;
mod event;
pub(crate) mod explore;
mod failure;
pub(crate) mod faults;
mod guide;
pub(crate) mod heap;
mod life;
mod lock;
mod log;
mod memory;
mod order;
mod parking;
mod queue;
mod race;
mod retell;
pub(crate) mod saved;
mod shorten;
mod spin;
mod stacks;
mod steps;
mod threads;
mod watch;
mod word;
mod world;

pub(crate) use self::abandon::before_scope_end;
pub(crate) use self::activity::threads as activity;
pub(crate) use self::clock::{END as END_OF_TIME, now, sleep};
pub(crate) use self::life::{Life, LifeId, Local, in_last_drop, locals};
pub(crate) use self::lock::{Held, Lock};
pub(crate) use self::memory::fence;
pub(crate) use self::parking::{park, park_timeout};
pub(crate) use self::queue::Queue;
pub(crate) use self::retell::is_on as wants_values;
pub(crate) use self::spin::{spin_loop, until_blocked, yield_now};
pub(crate) use self::threads::{Joiner, ThreadRef, current, spawn};
pub(crate) use self::watch::Watch;
pub(crate) use self::word::Word;
