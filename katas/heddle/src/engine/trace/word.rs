//! Atomic words: `std`'s, with a note of each operation.

use std::sync::atomic::{self, AtomicU64, Ordering};

use super::monitor::Object;
use super::notes::Action;
use super::threads;
use crate::engine::{Change, Place, WordFormat};

/// An atomic word.
#[derive(Debug)]
pub(crate) struct Word {
    word: AtomicU64,
    format: WordFormat,
    object: Object,
}

impl Word {
    pub(crate) fn new(value: u64, format: WordFormat, kind: &'static str, place: Place) -> Self {
        Word {
            word: AtomicU64::new(value),
            format,
            object: Object::new(kind, place),
        }
    }

    pub(crate) fn load(&self, order: Ordering, place: Place) -> u64 {
        self.note("load", place);
        self.word.load(order)
    }

    pub(crate) fn store(&self, value: u64, order: Ordering, place: Place) {
        self.note("store", place);
        self.word.store(value, order);
    }

    pub(crate) fn swap(&self, value: u64, order: Ordering, place: Place) -> u64 {
        self.note("swap", place);
        self.word.swap(value, order)
    }

    pub(crate) fn change(
        &self,
        change: Change,
        operand: u64,
        order: Ordering,
        place: Place,
    ) -> u64 {
        self.note(change.name(), place);
        match change {
            Change::Add => self.word.fetch_add(operand, order),
            Change::Sub => self.word.fetch_sub(operand, order),
            Change::And => self.word.fetch_and(operand, order),
            Change::Or => self.word.fetch_or(operand, order),
            Change::Xor => self.word.fetch_xor(operand, order),
            Change::Nand | Change::Max | Change::Min => {
                let apply = |word| change.apply(self.format, word, operand);
                // ORDERING: the exchange that succeeds has the caller's; a look needs none.
                let mut before = self.word.load(Ordering::Relaxed);
                loop {
                    let after = apply(before);
                    let exchanged =
                        self.word
                            .compare_exchange_weak(before, after, order, Ordering::Relaxed);
                    match exchanged {
                        Ok(before) => return before,
                        Err(now) => before = now,
                    }
                }
            }
        }
    }

    pub(crate) fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        (success, failure): (Ordering, Ordering),
        weak: bool,
        place: Place,
    ) -> Result<u64, u64> {
        if weak {
            self.note("compare_exchange_weak", place);
            self.word
                .compare_exchange_weak(current, new, success, failure)
        } else {
            self.note("compare_exchange", place);
            self.word.compare_exchange(current, new, success, failure)
        }
    }

    fn note(&self, call: &'static str, place: Place) {
        let object = Some(self.object);
        threads::current().note(Some(place), Action::Call { call, object });
    }

    /// The value, for the only owner.
    pub(crate) fn get(&mut self, _place: Place) -> u64 {
        *self.word.get_mut()
    }

    /// Sets the value, for the only owner.
    pub(crate) fn set(&mut self, value: u64, _place: Place) {
        *self.word.get_mut() = value;
    }
}

/// A fence between atomic operations.
pub(crate) fn fence(order: Ordering, place: Place) {
    threads::current().note(Some(place), Action::call("fence"));
    atomic::fence(order);
}
