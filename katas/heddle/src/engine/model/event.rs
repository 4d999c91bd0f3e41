//! What the threads of a schedule did, one event for each effect.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine::Place;

/// An object of the schedule, by the order of creation.
pub(super) type ObjectId = u32;

/// A thread of the schedule, by the order of creation; the claim's own is 0.
pub(super) type ThreadIndex = u8;

/// A step of the schedule, counted from its beginning.
pub(super) type StepNumber = usize;

/// The most threads a schedule can have.
pub(super) const MAX_THREADS: usize = loom::MAX_THREADS;

/// One effect of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) thread: ThreadIndex,
    pub(super) place: Option<Place>,
    pub(super) action: Action,
    /// The limit of a wait, or how long one has lasted whose time was over.
    pub(super) time: Option<Duration>,
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
    /// The thread finds a lock held, and waits for it.
    Blocks {
        lock: ObjectId,
        holder: Owner,
    },
    Unlock {
        lock: ObjectId,
    },
    Wait {
        queue: ObjectId,
        lock: ObjectId,
        timed: bool,
    },
    /// The thread no longer waits for a notification, and does not have its lock yet.
    Leave {
        queue: ObjectId,
        why: Wake,
    },
    Wake {
        queue: ObjectId,
        lock: ObjectId,
        why: Wake,
        by: Option<StepNumber>,
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
        /// The newest value, where the one that was seen is overwritten already.
        newer: Option<u64>,
        order: Ordering,
    },
    Store {
        word: ObjectId,
        before: u64,
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
    /// The only owner has set the value without an atomic operation.
    Set {
        word: ObjectId,
        before: u64,
        after: u64,
    },
    Exchange {
        word: ObjectId,
        call: Exchange,
        before: u64,
        after: u64,
        order: Ordering,
    },
    ExchangeFailed {
        word: ObjectId,
        call: Exchange,
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
        address: usize,
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
        by: Option<StepNumber>,
    },
    Unpark {
        thread: ThreadIndex,
    },
    Sleep {
        until_nanos: u128,
    },
}

/// Who holds a lock, and since when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    pub(super) thread: ThreadIndex,
    pub(super) place: Place,
    pub(super) step: StepNumber,
}

/// A call that puts a new value in the place of an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    Swap,
    Strong,
    Weak,
}

impl Exchange {
    /// The call, as the subject wrote it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Exchange::Swap => "swap",
            Exchange::Strong => "compare_exchange",
            Exchange::Weak => "compare_exchange_weak",
        }
    }
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

impl Wake {
    pub(super) fn name(self) -> &'static str {
        match self {
            Wake::Notified => "notified",
            Wake::Spurious => "spurious",
            Wake::TimedOut => "timed-out",
        }
    }
}

impl Unpark {
    pub(super) fn name(self) -> &'static str {
        match self {
            Unpark::TokenWasThere => "token-was-there",
            Unpark::Token => "token",
            Unpark::Spurious => "spurious",
            Unpark::TimedOut => "timed-out",
        }
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
