//! One step of a schedule: what a thread did, with what it concerned.

use super::record::At;

/// One thing that one thread did.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) thread: usize,
    /// `None` where the program has no line for it, as for the end of a thread.
    pub(crate) at: Option<At>,
    /// What it did, by the name that the record's schema gives it.
    pub(crate) op: &'static str,
    pub(crate) fields: Vec<(&'static str, Field)>,
    pub(crate) aside: Aside,
}

/// What else there is to tell of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aside {
    /// The limit of a wait or a sleep, or how long a wait lasted whose time was over.
    pub(crate) time: Option<String>,
    /// The value under the lock that is given back, where it can be shown.
    pub(crate) value: Option<String>,
    /// Whether the value under that lock was not changed.
    pub(crate) only_looked: bool,
    /// Where the thread had that value to look at it.
    pub(crate) looked_at: Vec<At>,
    /// Where the thread had that value to change it.
    pub(crate) changed_at: Vec<At>,
    /// The functions of claim and subject that the step was made in, the innermost first.
    pub(crate) within: Vec<String>,
}

/// Something that a step concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Object(Option<usize>),
    Thread(usize),
    Threads(Vec<usize>),
    /// Another step, where it is in the record.
    Step(Option<usize>),
    Text(String),
    OptionalText(Option<String>),
    Number(u64),
    Flag(bool),
    Holder(Holder),
}

/// Who holds a lock, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) thread: usize,
    pub(crate) step: Option<usize>,
    pub(crate) at: Option<At>,
}

impl Step {
    pub(crate) fn new(thread: usize, at: Option<At>, op: &'static str) -> Self {
        Step {
            thread,
            at,
            op,
            fields: Vec::new(),
            aside: Aside::default(),
        }
    }

    /// Whether another step is of the same thread and did the same at the same place.
    pub(crate) fn is_like(&self, other: &Step) -> bool {
        (self.thread, self.at, self.op) == (other.thread, other.at, other.op)
            && self.fields == other.fields
    }

    /// Adds what the step concerned.
    pub(crate) fn with(mut self, name: &'static str, field: Field) -> Self {
        self.fields.push((name, field));
        self
    }

    pub(crate) fn object(self, name: &'static str, object: usize) -> Self {
        self.with(name, Field::Object(Some(object)))
    }

    pub(crate) fn text(self, name: &'static str, text: impl Into<String>) -> Self {
        self.with(name, Field::Text(text.into()))
    }

    pub(crate) fn flag(self, name: &'static str, flag: bool) -> Self {
        self.with(name, Field::Flag(flag))
    }
}
