//! A flag under a mutex, and beside it how often it was set; there is no atomic at all.

use heddle::sync::{Condvar, Mutex, MutexGuard};
use heddle::time::{Duration, Instant};

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
    state: Mutex<State>,
    changed: Condvar,
}

/// What the mutex protects.
struct State {
    set: bool,
    sets: u64,
}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                set: false,
                sets: 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        self.state().set
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        let mut state = self.state();
        state.set = true;
        state.sets += 1;
        self.changed.notify_all();
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        self.state().set = false;
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        let mut state = self.state();
        let mine = state.sets;
        while !state.set && state.sets == mine {
            state = self.changed.wait(state).unwrap();
        }
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        let deadline = Instant::now().checked_add(limit);
        let mut state = self.state();
        let mine = state.sets;
        while !state.set && state.sets == mine {
            let left = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::MAX,
            };
            if left.is_zero() || limit.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap().0;
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
