//! What a step of a schedule did.

use serde::{Deserialize, Serialize};

use super::Holder;

/// What a thread did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Op {
    /// It made a thread.
    Spawn {
        /// The new thread.
        child: usize,
    },
    /// It saw a thread's end.
    Join {
        /// The thread that had ended.
        child: usize,
    },
    /// It ended.
    End {},
    /// It took a lock.
    Lock {
        /// The lock.
        object: usize,
    },
    /// It tried to take a lock that is held, and waits.
    Blocks {
        /// The lock.
        object: usize,
        /// Who held it then.
        holder: Holder,
    },
    /// It gave a lock back.
    Unlock {
        /// The lock.
        object: usize,
    },
    /// It gave a lock back and began to wait on a condition variable.
    Wait {
        /// The condition variable.
        object: usize,
        /// The lock.
        lock: usize,
        /// Whether the wait has a limit.
        timed: bool,
    },
    /// It stopped waiting on a condition variable without a notification, and has to take its lock
    /// again. Where it does so at once there is only the `wake`.
    Leave {
        /// The condition variable.
        object: usize,
        /// Why.
        why: WhyWoken,
    },
    /// It came back from a wait and has its lock again.
    Wake {
        /// The condition variable.
        object: usize,
        /// The lock.
        lock: usize,
        /// Why.
        why: WhyWoken,
        /// The step that notified it.
        by: Option<usize>,
    },
    /// It notified a condition variable.
    Notify {
        /// The condition variable.
        object: usize,
        /// Whether it notified all.
        all: bool,
        /// The threads that it woke.
        woken: Vec<usize>,
        /// Whether it woke another one than the one that came first.
        out_of_turn: bool,
    },
    /// It read an atomic.
    Load {
        /// The atomic.
        object: usize,
        /// What it saw.
        value: String,
        /// The ordering.
        ordering: String,
        /// Whether the value was overwritten already.
        stale: bool,
        /// The newest value, where the one seen is stale.
        newest: Option<String>,
    },
    /// It wrote an atomic.
    Store {
        /// The atomic.
        object: usize,
        /// What it wrote.
        value: String,
        /// What was there before.
        overwrote: String,
        /// The ordering.
        ordering: String,
    },
    /// It changed an atomic by a call that always succeeds and computes, such as `fetch_add`.
    Update {
        /// The atomic.
        object: usize,
        /// The call.
        call: String,
        /// What was there before.
        before: String,
        /// What was there after.
        after: String,
        /// The ordering.
        ordering: String,
    },
    /// It put a new value in the place of an old one.
    Exchange {
        /// The atomic.
        object: usize,
        /// The call: `swap`, `compare_exchange` or `compare_exchange_weak`.
        call: String,
        /// What was there before.
        before: String,
        /// What was there after.
        after: String,
        /// The ordering.
        ordering: String,
    },
    /// It did not find what it wanted to replace.
    ExchangeFailed {
        /// The atomic.
        object: usize,
        /// The call.
        call: String,
        /// What it found.
        found: String,
        /// What it wanted to find.
        wanted: String,
        /// Whether it failed though the value is the wanted one, as weak exchanges may.
        spurious: bool,
        /// The ordering.
        ordering: String,
    },
    /// A fence between operations on atomics.
    Fence {
        /// The ordering.
        ordering: String,
    },
    /// It read a cell or a node.
    Read {
        /// The cell or node.
        object: usize,
    },
    /// It wrote a cell or a node.
    Write {
        /// The cell or node.
        object: usize,
    },
    /// It made a node.
    Allocate {
        /// The node.
        object: usize,
        /// Whether it has the address of a node that was freed before.
        reused: bool,
    },
    /// It freed a node.
    Free {
        /// The node.
        object: usize,
    },
    /// It parked, and sleeps.
    Park {
        /// Whether the sleep has a limit.
        timed: bool,
    },
    /// It came back from `park`.
    Unparked {
        /// Why.
        why: WhyUnparked,
        /// The step that unparked it.
        by: Option<usize>,
    },
    /// It unparked a thread.
    Unpark {
        /// The thread.
        target: usize,
    },
    /// It slept, in virtual time.
    Sleep {
        /// The time since the beginning of the schedule at which it woke.
        until: String,
    },
    /// It panicked.
    Panic {
        /// What it said.
        message: String,
    },
    /// It called something else of heddle's, on real threads.
    Call {
        /// The call, such as `spin_loop`.
        call: String,
        /// The object, where there is one.
        object: Option<usize>,
    },
}

/// Why a thread came back from a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WhyWoken {
    /// It was notified.
    Notified,
    /// It woke by itself, as a wait may.
    Spurious,
    /// Its time was over.
    TimedOut,
}

/// Why a thread came back from `park`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnparked {
    /// It had been unparked before, and did not sleep.
    TokenWasThere,
    /// It was unparked while it slept.
    Token,
    /// It woke by itself, as `park` may.
    Spurious,
    /// Its time was over.
    TimedOut,
}

impl Op {
    /// The object that it is about, if it is about one.
    pub fn object(&self) -> Option<usize> {
        match self {
            Op::Lock { object }
            | Op::Blocks { object, .. }
            | Op::Unlock { object }
            | Op::Wait { object, .. }
            | Op::Leave { object, .. }
            | Op::Wake { object, .. }
            | Op::Notify { object, .. }
            | Op::Load { object, .. }
            | Op::Store { object, .. }
            | Op::Update { object, .. }
            | Op::Exchange { object, .. }
            | Op::ExchangeFailed { object, .. }
            | Op::Read { object }
            | Op::Write { object }
            | Op::Allocate { object, .. }
            | Op::Free { object } => Some(*object),
            Op::Call { object, .. } => *object,
            Op::Spawn { .. }
            | Op::Join { .. }
            | Op::End {}
            | Op::Fence { .. }
            | Op::Park { .. }
            | Op::Unparked { .. }
            | Op::Unpark { .. }
            | Op::Sleep { .. }
            | Op::Panic { .. } => None,
        }
    }

    /// Whether it gives an atomic, a cell or a node another value.
    pub fn writes(&self) -> bool {
        matches!(
            self,
            Op::Store { .. }
                | Op::Update { .. }
                | Op::Exchange { .. }
                | Op::Write { .. }
                | Op::Allocate { .. }
                | Op::Free { .. }
        )
    }

    /// Whether it is an operation on an atomic.
    pub fn is_atomic(&self) -> bool {
        matches!(
            self,
            Op::Load { .. }
                | Op::Store { .. }
                | Op::Update { .. }
                | Op::Exchange { .. }
                | Op::ExchangeFailed { .. }
        )
    }
}
