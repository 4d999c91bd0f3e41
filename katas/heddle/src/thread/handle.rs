//! Handles to threads, and their names and identities.

use std::fmt;
use std::panic::Location;

use crate::engine;

/// A handle to a thread.
#[derive(Clone)]
pub struct Thread {
    pub(crate) thread: engine::ThreadRef,
}

/// The identity of a thread; no two threads that live at the same time share one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId {
    number: u64,
}

impl Thread {
    /// Which thread this is.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        ThreadId {
            number: self.thread.number(),
        }
    }

    /// The thread's name, where it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.thread.name()
    }

    /// Gives the thread a token, with which its next [`park`](super::park) returns.
    #[track_caller]
    pub fn unpark(&self) {
        self.thread.unpark(Location::caller());
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("id", &self.id())
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThreadId({})", self.number)
    }
}

/// A handle to the thread that calls.
#[must_use]
pub fn current() -> Thread {
    Thread {
        thread: engine::current(),
    }
}
