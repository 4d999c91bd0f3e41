//! The record of a schedule that breaks a claim, as heddle writes it.
//!
//! Everything in it is by number: threads, objects and steps are indices into their lists, and a
//! place is a file's index with a line and a column. Values are texts as a person writes them.

use serde::{Deserialize, Serialize};

use crate::report::Kind;

/// The version of the record that this program reads.
pub const SCHEMA: u32 = 1;

/// A schedule that breaks a claim, or what is known of one on real threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Counterexample {
    /// The version of the record: [`SCHEMA`].
    pub schema: u32,
    /// The source files, relative to the root of the repository where they lie inside.
    pub files: Vec<String>,
    /// The threads in the order in which they were made; the first is the claim's own.
    pub threads: Vec<Thread>,
    /// The locks, condition variables, atomics, cells, nodes and `Arc`s, in the order in which they
    /// were made.
    pub objects: Vec<Object>,
    /// What the threads did, in the order in which it happened; on real threads the last operations
    /// of each, as far as they were kept.
    pub steps: Vec<Step>,
    /// The steps of a very long schedule that the record does not hold.
    pub left_out: Option<LeftOut>,
    /// What every thread that had not ended was doing; the failing one is left out unless it is
    /// stuck itself.
    pub blocked: Vec<Blocked>,
    /// How the schedule ends.
    pub failure: Failing,
    /// How the schedule was found; absent on real threads.
    pub search: Option<Search>,
}

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(from = "(usize, u32, u32)", into = "(usize, u32, u32)")]
#[cfg_attr(test, schemars(with = "(usize, u32, u32)"))]
pub struct At {
    /// The file's index.
    pub file: usize,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1; 0 where only the line is known.
    pub column: u32,
}

/// A thread of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// Its name; `main` for the claim's own, `thread-2` for one without a name.
    pub name: String,
    /// Where it was made.
    pub spawned: Option<At>,
    /// The thread that made it.
    pub by: Option<usize>,
}

/// Something that threads share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The name of its field or binding where the source shows one, else its kind and the line where
    /// it was made; a name that repeats has `#2`.
    pub name: String,
    /// Its type's name, such as `Mutex` or `AtomicU32`.
    pub kind: String,
    /// Where it was made.
    pub made: At,
    /// The thread that made it.
    pub by: Option<usize>,
    /// Its first value, for an atomic.
    pub initial: Option<String>,
}

/// One thing that one thread did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// The thread.
    pub thread: usize,
    /// Where; absent where the program has no line for it, as for the end of a thread.
    pub at: Option<At>,
    /// What it did.
    #[serde(flatten)]
    pub op: Op,
}

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
        until_ms: u64,
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

/// Who holds a lock, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The thread.
    pub thread: usize,
    /// The step in which it took the lock; absent where that step was not kept.
    pub step: Option<usize>,
    /// Where it took the lock.
    pub at: Option<At>,
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

/// The steps that a record does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// How many they are.
    pub count: usize,
    /// The step in front of which they were.
    pub before: usize,
}

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

impl From<(usize, u32, u32)> for At {
    fn from((file, line, column): (usize, u32, u32)) -> Self {
        At { file, line, column }
    }
}

impl From<At> for (usize, u32, u32) {
    fn from(at: At) -> Self {
        (at.file, at.line, at.column)
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Op, Step};

    /// A step is one flat object: what it did stands beside who did it and where.
    #[test]
    fn a_step_is_one_flat_object() {
        let json = r#"{"thread":1,"at":[0,12,9],"op":"lock","object":3}"#;
        let step: Step = serde_json::from_str(json).expect("a step");
        let at = Some(At {
            file: 0,
            line: 12,
            column: 9,
        });
        let op = Op::Lock { object: 3 };
        assert_eq!(step, Step { thread: 1, at, op });
        assert_eq!(serde_json::to_string(&step).expect("JSON"), json);
    }

    /// What this program does not know of a step it does not pass over.
    #[test]
    fn an_unknown_field_of_a_step_is_an_error() {
        for json in [
            r#"{"thread":1,"at":null,"op":"lock","object":3,"more":1}"#,
            r#"{"thread":1,"at":null,"op":"end","more":1}"#,
            r#"{"thread":1,"at":null,"op":"dance"}"#,
        ] {
            assert!(serde_json::from_str::<Step>(json).is_err(), "{json}");
        }
    }
}
