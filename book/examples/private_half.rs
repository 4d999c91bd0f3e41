//! A plain lock where a re-entrant one seems to be needed: one public half, one private half.

use std::sync::Mutex;

// ANCHOR: halves
pub struct Account {
    entries: Mutex<Vec<i64>>,
}

impl Account {
    /// Takes the lock, once.
    pub fn add(&self, amount: i64) -> i64 {
        let mut entries = self.entries.lock().unwrap();
        entries.push(amount);
        balance(&entries) // not `self.balance()`, which would wait for this very thread
    }

    /// Takes the lock as well.
    pub fn balance(&self) -> i64 {
        balance(&self.entries.lock().unwrap())
    }
}

/// Takes no lock: whoever calls it has the entries already.
fn balance(entries: &[i64]) -> i64 {
    entries.iter().sum()
}
// ANCHOR_END: halves

fn main() {
    let account = Account {
        entries: Mutex::new(Vec::new()),
    };
    assert_eq!(account.add(5), 5);
    assert_eq!(account.add(-2), 3);
    assert_eq!(account.balance(), 3);
}
