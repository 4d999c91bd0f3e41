//! An event: something that has happened or has not, and threads that wait until it has.

use heddle::sync::atomic::AtomicU64;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::sync::{Condvar, Mutex, MutexGuard};
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
    // stub: omit
    /// How often the event has changed, so that a `set` which is over leaves a trace.
    ///
    /// | `changes` | the event is | `set` makes          | `clear` makes | a thread that waits goes on  |
    /// | --------- | ------------ | -------------------- | ------------- | ---------------------------- |
    /// | even      | clear        | it odd and wakes all | no change     | after the next change        |
    /// | odd       | set          | no change            | it even       | at once                      |
    changes: AtomicU64,
    // stub: omit
    /// Held to change the event, and from a waiter's last look until it sleeps.
    gate: Mutex<()>,
    // stub: omit
    now_set: Condvar,
}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        // stub: todo "it has not happened yet, and nobody waits"
        Self {
            changes: AtomicU64::new(0),
            gate: Mutex::new(()),
            now_set: Condvar::new(),
        }
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        // stub: todo "look"
        // ORDERING: Acquire pairs with the Release store in `change_to`: who sees that it has
        // happened sees what came before.
        is_odd(self.changes.load(Acquire))
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        // stub: todo "change the event so that nobody misses it, then wake everybody"
        if self.change_to(true) {
            self.now_set.notify_all();
        }
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        // stub: todo "change the event; who was released stays released"
        self.change_to(false);
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        // stub: todo "sleep until it is set, and mind a `clear` that follows at once"
        if let Some(before) = self.clear_at() {
            let waiting = |(): &mut ()| self.is_unchanged(before);
            let woken = self.now_set.wait_while(self.gate(), waiting);
            drop(woken.expect(UNPOISONED));
        }
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        // stub: todo "as `wait`, with one limit for all wake-ups; in the end look at the event once more"
        let Some(before) = self.clear_at() else {
            return true;
        };
        let waiting = |(): &mut ()| self.is_unchanged(before);
        let woken = self.now_set.wait_timeout_while(self.gate(), limit, waiting);
        // It looks once more when the time is over, and only then calls it timed out.
        !woken.expect(UNPOISONED).1.timed_out()
    }

    // stub: omit
    /// Makes one change, unless the event is as it should be already, and says whether it did.
    ///
    /// It takes the gate in any case: a `set` that finds the event set, seen from a thread that has
    /// just cleared it, would otherwise be no `set` at all.
    fn change_to(&self, set: bool) -> bool {
        let _gate = self.gate();
        // ORDERING: Relaxed: every change is made with the gate held, which orders them.
        let changes = self.changes.load(Relaxed);
        if is_odd(changes) == set {
            return false;
        }
        // ORDERING: Release pairs with the Acquire loads in `is_set` and `clear_at`, and publishes
        // what this thread did before to those who find the event set without taking the gate.
        self.changes.store(changes + 1, Release);
        true
    }

    // stub: omit
    /// The number of changes if the event is clear: from here on this thread counts as waiting.
    fn clear_at(&self) -> Option<u64> {
        // ORDERING: Acquire, as in `is_set`: a thread that need not wait never takes the gate.
        let changes = self.changes.load(Acquire);
        (!is_odd(changes)).then_some(changes)
    }

    // stub: omit
    /// Whether a waiter has to sleep (again); asked with the gate held.
    fn is_unchanged(&self, before: u64) -> bool {
        // ORDERING: Relaxed: the gate orders this load with every change, and its unlock in
        // `change_to` publishes what came before the `set`.
        self.changes.load(Relaxed) == before
    }

    // stub: omit
    #[track_caller] // A schedule then shows where the lock was taken, and not this line.
    fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().expect(UNPOISONED)
    }
}

// stub: omit
const UNPOISONED: &str = "nothing panics while it holds the gate";

// stub: omit
fn is_odd(changes: u64) -> bool {
    changes % 2 == 1
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
