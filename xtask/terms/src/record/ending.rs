//! How a schedule ends: what went wrong, and where every thread stands.

use serde::{Deserialize, Serialize};

use super::{At, Holder};
use crate::report::Kind;

/// A thread that had not ended when the schedule did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Blocked {
    /// The thread.
    pub thread: usize,
    /// Where it is.
    pub at: Option<At>,
    /// What it is in.
    #[serde(rename = "in")]
    pub inside: Inside,
    /// The lock, condition variable or other object.
    pub object: Option<usize>,
    /// The thread for which it waits, or which it is about to wake.
    pub target: Option<usize>,
    /// Whether the wait has a limit.
    pub timed: bool,
    /// Who holds the lock for which it waits.
    pub holder: Option<Holder>,
    /// All of this in words.
    pub doing: String,
}

/// What a thread that had not ended is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Inside {
    /// It waits for a lock.
    Lock,
    /// It waits on a condition variable.
    Wait,
    /// It is parked.
    Park,
    /// It waits for a thread's end.
    Join,
    /// It is at the end of a scope and waits for a thread's end.
    EndScope,
    /// It spins.
    Spin,
    /// It waits until a thread is blocked.
    UntilBlocked,
    /// It sleeps, on real threads.
    Sleep,
    /// It could go on.
    Next,
}

/// How a schedule ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Failing {
    /// What went wrong.
    pub kind: Kind,
    /// The thread that did it; absent where none does: a deadlock, a livelock, a leak.
    pub thread: Option<usize>,
    /// Where.
    pub at: Option<At>,
    /// What it said.
    pub message: String,
    /// Both accesses of a data race, or of a free that races.
    pub race: Option<Race>,
    /// What was never dropped, or was used though it had been freed.
    pub object: Option<usize>,
}

/// Two accesses to one object that nothing orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Race {
    /// The object.
    pub object: usize,
    /// The access that came first in this schedule.
    pub first: Access,
    /// The one that came then.
    pub second: Access,
}

/// One access to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The thread.
    pub thread: usize,
    /// The step; absent where it was not kept, and for the creation of a cell.
    pub step: Option<usize>,
    /// What it did.
    pub access: AccessKind,
}

/// What an access does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AccessKind {
    /// It writes.
    Write,
    /// It reads.
    Read,
    /// It frees.
    Free,
    /// It makes the object.
    Creation,
}
