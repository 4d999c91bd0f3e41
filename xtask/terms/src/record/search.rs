//! How a schedule was found.

use serde::{Deserialize, Serialize};

/// How a schedule was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The rung of the ladder.
    pub rung: String,
    /// Whether orderings count.
    pub pass: Pass,
    /// How many preemptions a schedule of this rung may have.
    pub preemptions: Option<u32>,
    /// The call that misbehaves on this rung.
    pub fault: Option<Fault>,
    /// How many schedules were tried up to the first that failed, over all rungs.
    pub schedules: u64,
    /// The search for a shorter one that came then.
    pub shortening: Option<Shortening>,
    /// How often another thread goes on than the one before.
    pub switches: u64,
}

/// What the model takes into account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pass {
    /// Every operation is as strong as can be: only the interleaving counts.
    Sequential,
    /// Every operation has the ordering that the source gives it.
    Orderings,
}

/// One call that does what it may do, though it hardly ever does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// In which thread.
    pub thread: usize,
    /// At which call of this kind in that thread, counted from 1.
    pub nth: u32,
}

/// What can go wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A wait returns without a notification.
    Wait,
    /// `park` returns without a token.
    Park,
    /// `compare_exchange_weak` fails though the value is the wanted one.
    CompareExchangeWeak,
    /// `notify_one` wakes another one than the one that came first.
    NotifyOne,
    /// An allocation gets the address of a node that was freed before.
    Reuse,
}

/// The search for a shorter schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shortening {
    /// How many schedules it tried.
    pub schedules: u64,
    /// How many of them failed.
    pub failures: u64,
    /// Whether it tried every one of the rung, so that none is shorter.
    pub exhausted: bool,
}
