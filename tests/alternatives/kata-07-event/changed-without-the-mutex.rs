//! The number changes without the mutex; a set only passes through it before it notifies.

use heddle::sync::atomic::AtomicU64;
use heddle::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use heddle::sync::{Condvar, Mutex};
use heddle::time::Duration;

/// A flag that threads can wait for: a level and not a pulse.
///
/// While it is set, nobody waits. A `set` releases everybody who is waiting, even if a `clear` follows
/// before they have woken up; who comes after the `clear` waits for the next `set`.
///
/// # Python
/// `threading.Event`; `wait` without a time limit returns nothing, as it has only one way to end.
///
/// # Ordering
/// What a thread did before the `set` that set the event has happened before whatever follows a wait
/// that this `set` ended, or an `is_set` that saw it. Sets and clears come one after the other: what
/// was done before one of them, even if it changes nothing, has happened before what follows the next.
pub struct Event {
    /// Odd while the event is set.
    changes: AtomicU64,
    /// Held by a waiter from its last look until it sleeps.
    gate: Mutex<()>,
    changed: Condvar,
}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        Self {
            changes: AtomicU64::new(0),
            gate: Mutex::new(()),
            changed: Condvar::new(),
        }
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        is_odd(self.now())
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        self.make(true);
        // Who has looked before the change sleeps by now, and who looks from now on sees it.
        drop(self.gate.lock().unwrap());
        self.changed.notify_all();
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        self.make(false);
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        let before = self.now();
        if !is_odd(before) {
            let gate = self.gate.lock().unwrap();
            let unchanged = |(): &mut ()| self.now() == before;
            drop(self.changed.wait_while(gate, unchanged).unwrap());
        }
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        let before = self.now();
        if is_odd(before) {
            return true;
        }
        let gate = self.gate.lock().unwrap();
        let unchanged = |(): &mut ()| self.now() == before;
        let woken = self.changed.wait_timeout_while(gate, limit, unchanged);
        !woken.unwrap().1.timed_out()
    }

    fn make(&self, set: bool) {
        // ORDERING: Relaxed: a first guess, which the exchange checks.
        let mut seen = self.changes.load(Relaxed);
        loop {
            let next = seen + u64::from(is_odd(seen) != set);
            // ORDERING: AcqRel, even if the number stays: each set and clear sees what was done before
            // the one before it, and its Release half pairs with the Acquire load in `now`.
            match self.changes.compare_exchange(seen, next, AcqRel, Relaxed) {
                Ok(_) => return,
                Err(other) => seen = other,
            }
        }
    }

    fn now(&self) -> u64 {
        // ORDERING: Acquire pairs with the exchange in `make`: who sees the event set, or that it was,
        // sees what came before.
        self.changes.load(Acquire)
    }
}

fn is_odd(changes: u64) -> bool {
    changes % 2 == 1
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
