//! Every round has a gate of its own, which opens once and for ever; a clear puts up the next one.

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
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
    round: Mutex<Arc<Gate>>,
}

/// A gate that is closed and then open.
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        Self {
            round: Mutex::new(Arc::new(Gate::closed())),
        }
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        self.round().is_open()
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        // With the round held, so that no clear comes between looking it up and opening it.
        self.round.lock().unwrap().open_for_ever();
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        let mut round = self.round.lock().unwrap();
        if round.is_open() {
            *round = Arc::new(Gate::closed());
        }
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        let gate = self.round();
        let open = gate.lock();
        drop(gate.opened.wait_while(open, |open| !*open).unwrap());
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        let gate = self.round();
        let open = gate.lock();
        let woken = gate.opened.wait_timeout_while(open, limit, |open| !*open);
        *woken.unwrap().0
    }

    /// The gate of the present round; the round may end, the gate is still there.
    fn round(&self) -> Arc<Gate> {
        Arc::clone(&self.round.lock().unwrap())
    }
}

impl Gate {
    fn closed() -> Self {
        Self {
            open: Mutex::new(false),
            opened: Condvar::new(),
        }
    }

    fn is_open(&self) -> bool {
        *self.lock()
    }

    fn open_for_ever(&self) {
        *self.lock() = true;
        self.opened.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.open.lock().unwrap()
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
