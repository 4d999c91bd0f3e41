//! Threads, objects, steps, and how they end: everything by number.

use super::step::{Holder, Step};
use crate::claim::record::{Kind, Place};

/// A schedule that breaks a claim, or what is known of one on real threads.
#[derive(Clone, Debug)]
pub(crate) struct Counterexample {
    pub(crate) files: Vec<String>,
    pub(crate) threads: Vec<Thread>,
    pub(crate) objects: Vec<Object>,
    pub(crate) steps: Vec<Step>,
    pub(crate) left_out: Option<LeftOut>,
    pub(crate) blocked: Vec<Blocked>,
    pub(crate) failure: Failing,
}

impl Counterexample {
    /// Whether another record tells of the same steps, though perhaps not as much of them.
    pub(crate) fn is_like(&self, other: &Counterexample) -> bool {
        let mut steps = self.steps.iter().zip(&other.steps);
        self.steps.len() == other.steps.len()
            && self.failure.kind == other.failure.kind
            && self.files == other.files
            && steps.all(|(one, other)| one.is_like(other))
    }
}

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) file: usize,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) name: String,
    pub(crate) spawned: Option<At>,
    pub(crate) by: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) made: At,
    pub(crate) by: Option<usize>,
    pub(crate) initial: Option<String>,
}

/// The steps that are not in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) count: usize,
    /// The step in front of which they were.
    pub(crate) before: usize,
}

/// A thread that had not ended, and what it was in.
#[derive(Clone, Debug)]
pub(crate) struct Blocked {
    pub(crate) thread: usize,
    pub(crate) at: Option<At>,
    pub(crate) inside: &'static str,
    pub(crate) object: Option<usize>,
    pub(crate) target: Option<usize>,
    pub(crate) timed: bool,
    pub(crate) holder: Option<Holder>,
    pub(crate) doing: String,
}

/// How it ends.
#[derive(Clone, Debug)]
pub(crate) struct Failing {
    pub(crate) kind: Kind,
    /// The thread that did it; none does a deadlock, a livelock or a leak.
    pub(crate) thread: Option<usize>,
    pub(crate) at: Option<At>,
    pub(crate) message: String,
    pub(crate) race: Option<Race>,
    /// What was never dropped, or was used though it had been freed.
    pub(crate) object: Option<usize>,
}

/// Two accesses to one object that nothing orders.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Race {
    pub(crate) object: usize,
    pub(crate) first: Access,
    pub(crate) second: Access,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) thread: usize,
    /// `None` for the making of a cell, and where the step is not in the record.
    pub(crate) step: Option<usize>,
    pub(crate) access: &'static str,
}

/// A place in one of the files of a list, if its file is among them.
pub(crate) fn known_at(files: &[String], place: &Place) -> Option<At> {
    let file = files.iter().position(|file| *file == place.file)?;
    Some(At {
        file,
        line: place.line,
        column: place.column,
    })
}

/// The number of a place in a list of files, to which its own is added if it is new.
pub(crate) fn at(files: &mut Vec<String>, place: &Place) -> At {
    let known = files.iter().position(|file| *file == place.file);
    let file = known.unwrap_or_else(|| {
        files.push(place.file.clone());
        files.len() - 1
    });
    At {
        file,
        line: place.line,
        column: place.column,
    }
}
