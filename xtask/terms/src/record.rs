//! The record of a schedule that breaks a claim, as heddle writes it.
//!
//! Everything in it is by number: threads, objects and steps are indices into their lists, and a
//! place is a file's index with a line and a column. Values are texts as a person writes them.

mod ending;
mod operation;
mod search;

pub use ending::{Access, AccessKind, Blocked, Failing, Inside, Race};
pub use operation::{Op, WhyUnparked, WhyWoken};
pub use search::{Fault, FaultKind, Pass, Search, Shortening};

use serde::{Deserialize, Serialize};

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

impl Object {
    /// Whether it is the clock of a history: a claim writes down by it what was called when, and no
    /// subject knows of it.
    pub fn is_bookkeeping(&self) -> bool {
        self.kind == "History"
    }
}

/// One thing that one thread did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// The thread.
    pub thread: usize,
    /// Where; absent where the program has no line for it, as for the end of a thread.
    pub at: Option<At>,
    /// The limit of a wait or a sleep, or how long a wait lasted whose time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The value under the lock that is given back, where it can be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_left: Option<String>,
    /// Whether the value under that lock was only looked at.
    #[serde(default, skip_serializing_if = "is_false")]
    pub only_looked: bool,
    /// Where the thread had that value to look at it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_at: Vec<At>,
    /// Where the thread had that value to change it; whether it did is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_at: Vec<At>,
    /// The functions of claim and subject that it was made in, as `crate::function`, the innermost
    /// first; none where the schedule could not be told in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// What it did.
    #[serde(flatten)]
    pub op: Op,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Step {
    /// A step of which no more is known than what was done.
    pub fn new(thread: usize, at: Option<At>, op: Op) -> Self {
        Step {
            thread,
            at,
            time: None,
            value_left: None,
            only_looked: false,
            looked_at: Vec::new(),
            changed_at: Vec::new(),
            within: Vec::new(),
            op,
        }
    }
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
        assert_eq!(step, Step::new(1, at, op));
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
