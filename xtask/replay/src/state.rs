//! What every thread and every object is like at one moment of a schedule.

use heddle_terms::record::{At, Counterexample, Holder, Inside, WhyUnparked, WhyWoken};

/// Every thread and every object after so many steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The threads, in the record's order.
    pub threads: Vec<ThreadState>,
    /// The objects, in the record's order.
    pub objects: Vec<ObjectState>,
}

/// A thread at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadState {
    /// Where it was seen last.
    pub at: Option<At>,
    /// What it is doing.
    pub status: Status,
    /// Whether it was unparked ahead of its next park.
    pub token: bool,
}

/// What a thread is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has started it yet.
    NotStarted,
    /// It runs, or could run.
    Running,
    /// It waits for a lock.
    Blocked {
        /// The lock.
        object: usize,
        /// Who held it when it came.
        holder: Holder,
    },
    /// It waits for a lock that is free by now.
    Free {
        /// The lock.
        object: usize,
    },
    /// It waits on a condition variable.
    Waiting {
        /// The condition variable.
        object: usize,
        /// The lock that it gave back.
        lock: usize,
        /// Whether the wait has a limit.
        timed: bool,
    },
    /// It was notified, and needs its lock to go on.
    Woken {
        /// The lock.
        lock: usize,
        /// The step that notified it.
        by: usize,
    },
    /// It came back from a wait, and has its lock again.
    Awake(WhyWoken),
    /// It is parked.
    Parked {
        /// Whether the sleep has a limit.
        timed: bool,
    },
    /// It was parked and has been unparked.
    Unparked {
        /// The step that unparked it.
        by: usize,
    },
    /// It came back from a park.
    Up(WhyUnparked),
    /// It waits for a thread's end.
    Joining {
        /// The thread.
        child: usize,
    },
    /// It panicked.
    Panicked,
    /// It did what ends the schedule, other than by a panic.
    Failed,
    /// It has ended.
    Ended,
    /// It could go on when the schedule ends.
    Next {
        /// What it was about to do, in the record's words.
        doing: String,
    },
    /// It waits when the schedule ends, in a way that is no step.
    Last(Inside),
}

/// An object at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectState {
    /// The newest value of an atomic, or what was under a lock when it was last given back.
    pub value: Option<String>,
    /// Who holds a lock, and the step in which it was taken.
    pub owner: Option<Touch>,
    /// The threads that wait for a lock or on a condition variable, longest first.
    pub waiters: Vec<usize>,
    /// The last write to a cell or node.
    pub written: Option<Touch>,
    /// The last read of a cell or node.
    pub read: Option<Touch>,
    /// The making of a node.
    pub made: Option<Touch>,
    /// The freeing of a node.
    pub freed: Option<Touch>,
    /// A value that a thread saw although it was overwritten, and the step: until the next use.
    pub stale: Option<(String, Touch)>,
}

/// A thread and the step in which it did something, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The thread.
    pub thread: usize,
    /// The step.
    pub step: usize,
}

impl State {
    /// Before the first step: the claim's own thread alone has started.
    pub fn first(record: &Counterexample) -> State {
        let whole = record.search.is_some();
        let threads = record.threads.iter().enumerate().map(|(index, thread)| {
            // On real threads only the last steps are kept, so a start may be out of sight.
            let started = index == 0 || thread.by.is_none() || !whole;
            ThreadState {
                at: None,
                status: if started {
                    Status::Running
                } else {
                    Status::NotStarted
                },
                token: false,
            }
        });
        let objects = record.objects.iter().map(|object| ObjectState {
            value: object.initial.clone(),
            ..ObjectState::default()
        });
        State {
            threads: threads.collect(),
            objects: objects.collect(),
        }
    }
}

impl Status {
    /// Whether the thread cannot go on by itself.
    pub fn is_stuck(&self) -> bool {
        matches!(
            self,
            Status::Blocked { .. }
                | Status::Waiting { .. }
                | Status::Parked { .. }
                | Status::Joining { .. }
                | Status::Last(_)
        )
    }
}
