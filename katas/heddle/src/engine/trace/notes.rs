//! The last operations of each thread.

use std::collections::VecDeque;

use super::monitor::Object;
use crate::claim::record::Place as RecordPlace;
use crate::engine::Place;

/// How many operations of a thread are kept.
const NOTES: usize = 16;

/// One operation of a thread; the numbers give the order among all threads.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub(super) number: u64,
    pub(super) place: Option<Place>,
    pub(super) action: Action,
}

/// What a thread did.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Spawn {
        child: u64,
    },
    Join {
        child: u64,
    },
    End,
    Lock {
        lock: Object,
    },
    /// It finds the lock held, and waits.
    Blocks {
        lock: Object,
        holder: Owner,
    },
    Unlock {
        lock: Object,
    },
    Wait {
        queue: Object,
        lock: Object,
        timed: bool,
    },
    /// Its time is over, or it was notified; then it has to take its lock again.
    Leave {
        queue: Object,
    },
    Wake {
        queue: Object,
        lock: Object,
        by: Option<u64>,
    },
    Notify {
        queue: Object,
        all: bool,
        woken: Vec<u64>,
    },
    Park {
        timed: bool,
    },
    Unparked {
        why: &'static str,
        by: Option<u64>,
    },
    Unpark {
        target: u64,
    },
    Panic {
        message: String,
        /// The hook's place does not live for ever, as the others do.
        place: Option<RecordPlace>,
    },
    /// Anything else.
    Call {
        call: &'static str,
        object: Option<Object>,
    },
}

/// Who holds a lock, and since when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Owner {
    pub(super) thread: u64,
    pub(super) place: Place,
    pub(super) number: u64,
}

/// The last operations of one thread, the latest last.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: VecDeque<Note>,
}

impl Notes {
    pub(super) fn add(&mut self, note: Note) {
        // A loop would push out what led to it.
        let is_again = matches!(note.action, Action::Call { .. })
            && (self.notes.back())
                .is_some_and(|last| last.place == note.place && last.action == note.action);
        if is_again {
            return;
        }
        if self.notes.len() == NOTES {
            self.notes.pop_front();
        }
        self.notes.push_back(note);
    }

    #[cfg(feature = "property")]
    pub(super) fn clear(&mut self) {
        self.notes.clear();
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Note> {
        self.notes.iter()
    }
}

impl Action {
    /// A call that concerns no object.
    pub(super) fn call(call: &'static str) -> Self {
        Action::Call { call, object: None }
    }

    /// The operation in a word; none for what is only a part of one.
    pub(super) fn verb(&self) -> Option<&'static str> {
        match self {
            Action::Spawn { .. } => Some("spawn"),
            Action::Join { .. } => Some("join"),
            Action::Lock { .. } => Some("Mutex::lock"),
            Action::Wait { timed: false, .. } => Some("Condvar::wait"),
            Action::Wait { timed: true, .. } => Some("Condvar::wait_timeout"),
            Action::Notify { all: false, .. } => Some("Condvar::notify_one"),
            Action::Notify { all: true, .. } => Some("Condvar::notify_all"),
            Action::Park { timed: false } => Some("park"),
            Action::Park { timed: true } => Some("park_timeout"),
            Action::Unpark { .. } => Some("unpark"),
            Action::Call { call, .. } => Some(call),
            _ => None,
        }
    }
}
