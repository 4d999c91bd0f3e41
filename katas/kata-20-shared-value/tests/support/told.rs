//! A word of one thread, which is whoever the claim says.

#![allow(
    clippy::duplicate_mod,
    reason = "the phases of a face are one crate when they are graded"
)]

use std::cell::{Cell, RefCell};

use heddle::process::{Owner, Word};
use heddle::sync::atomic::Ordering;
use heddle::time::Duration;

/// After so many sleeps the owner has died: whatever grows with them has grown by then.
const MANY: usize = 2000;

/// A word whose caller is told, and of all owners one lives.
///
/// A sleep is over at once, as if by time, or every third one for no reason; after many of them the
/// owner has died. A wake-up finds nobody.
pub struct ToldWord {
    word: Cell<u64>,
    looks: Cell<usize>,
    /// For how long the callers have slept.
    pub sleeps: RefCell<Vec<Duration>>,
    /// How often somebody was to be woken.
    pub wake_ups: Cell<usize>,
    /// Who calls.
    pub caller: Cell<Owner>,
    /// Who lives.
    pub living: Cell<Owner>,
}

impl ToldWord {
    /// A word that is zero; its caller lives.
    pub fn new(owner: Owner) -> ToldWord {
        ToldWord {
            word: Cell::new(0),
            looks: Cell::new(0),
            sleeps: RefCell::default(),
            wake_ups: Cell::new(0),
            caller: Cell::new(owner),
            living: Cell::new(owner),
        }
    }
}

impl Word for &ToldWord {
    fn load(&self, _: Ordering) -> u64 {
        self.word.get()
    }

    fn swap(&self, new: u64, _: Ordering) -> u64 {
        self.word.replace(new)
    }

    fn fetch_add(&self, operand: u64, _: Ordering) -> u64 {
        let before = self.word.get();
        self.word.replace(before.wrapping_add(operand))
    }

    fn compare_exchange(&self, current: u64, new: u64, _: Ordering) -> Result<u64, u64> {
        self.looks.update(|looks| looks + 1);
        assert!(self.looks.get() < 120, "looks again and again");
        match self.word.get() {
            found if found == current => Ok(self.word.replace(new)),
            found => Err(found),
        }
    }

    fn wait(&self, _: u64, limit: Duration) -> bool {
        self.looks.set(0);
        let mut sleeps = self.sleeps.borrow_mut();
        sleeps.push(limit);
        if sleeps.len() >= MANY {
            self.living.set(self.caller.get());
        }
        assert!(
            sleeps.len() < 2 * MANY,
            "nobody asks whether the owner lives"
        );
        !sleeps.len().is_multiple_of(3)
    }

    fn wake_one(&self) -> bool {
        self.wake_ups.update(|wake_ups| wake_ups + 1);
        false
    }

    fn caller(&self) -> Owner {
        self.caller.get()
    }

    fn is_alive(&self, owner: Owner) -> bool {
        owner == self.living.get()
    }
}
