//! A word of one thread, which is whoever the claim says.

use std::cell::Cell;

use heddle::process::{Owner, Word};
use heddle::sync::atomic::Ordering;
use heddle::time::Duration;

/// A word whose caller is told, and of all owners one lives.
pub struct ToldWord {
    word: Cell<u64>,
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
        match self.word.get() {
            found if found == current => Ok(self.word.replace(new)),
            found => Err(found),
        }
    }

    fn wait(&self, _: u64, _: Duration) -> bool {
        panic!("an attempt sleeps");
    }

    fn wake_one(&self) -> bool {
        false
    }

    fn caller(&self) -> Owner {
        self.caller.get()
    }

    fn is_alive(&self, owner: Owner) -> bool {
        owner == self.living.get()
    }
}
