//! What the threads of a schedule did, one event for each effect.

use std::sync::atomic::Ordering;

use crate::engine::Place;

/// An object of the schedule, by the order of creation.
pub(super) type ObjectId = u32;

/// A thread of the schedule, by the order of creation; the claim's own is 0.
pub(super) type ThreadIndex = u8;

/// The most threads a schedule can have.
pub(super) const MAX_THREADS: usize = loom::MAX_THREADS;

/// One effect of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) thread: ThreadIndex,
    pub(super) place: Option<Place>,
    pub(super) action: Action,
}

/// What a thread did.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Spawn {
        child: ThreadIndex,
    },
    Join {
        child: ThreadIndex,
    },
    End,
    Lock {
        lock: ObjectId,
    },
    Unlock {
        lock: ObjectId,
    },
    Wait {
        queue: ObjectId,
        lock: ObjectId,
        timed: bool,
    },
    Wake {
        lock: ObjectId,
        why: Wake,
    },
    Notify {
        queue: ObjectId,
        all: bool,
        woken: ThreadSet,
        out_of_turn: bool,
    },
    Load {
        word: ObjectId,
        value: u64,
        stale: bool,
        order: Ordering,
    },
    Store {
        word: ObjectId,
        value: u64,
        order: Ordering,
    },
    Update {
        word: ObjectId,
        name: &'static str,
        before: u64,
        after: u64,
        order: Ordering,
    },
    Exchange {
        word: ObjectId,
        before: u64,
        after: u64,
        order: Ordering,
    },
    ExchangeFailed {
        word: ObjectId,
        found: u64,
        wanted: u64,
        spurious: bool,
        order: Ordering,
    },
    Fence {
        order: Ordering,
    },
    Read {
        cell: ObjectId,
    },
    Write {
        cell: ObjectId,
    },
    Allocate {
        node: ObjectId,
        reused: bool,
    },
    Free {
        node: ObjectId,
    },
    Park {
        timed: bool,
    },
    Unparked {
        why: Unpark,
    },
    Unpark {
        thread: ThreadIndex,
    },
    Sleep {
        until_nanos: u128,
    },
}

/// Why a thread left a condition variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Notified,
    Spurious,
    TimedOut,
}

/// Why a thread left `park`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unpark {
    TokenWasThere,
    Token,
    Spurious,
    TimedOut,
}

/// Some of the threads of a schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ThreadSet(u8);

impl ThreadSet {
    pub(super) fn insert(&mut self, thread: ThreadIndex) {
        self.0 |= 1 << thread;
    }

    pub(super) fn iter(self) -> impl Iterator<Item = ThreadIndex> {
        (0..8).filter(move |thread| self.0 >> thread & 1 == 1)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a thread is about to do, or is blocked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Lock(ObjectId),
    Wait { queue: ObjectId, timed: bool },
    Notify(ObjectId),
    Join(ThreadIndex),
    EndScope(ThreadIndex),
    Park { timed: bool },
    Unpark(ThreadIndex),
    Access(ObjectId),
    Read(ObjectId),
    Write(ObjectId),
    Free(ObjectId),
    Spin,
    UntilBlocked(ThreadIndex),
    Time,
}
