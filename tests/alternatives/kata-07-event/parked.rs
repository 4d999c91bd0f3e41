//! Each thread that waits leaves a ticket and parks; a set takes all tickets and marks them.

use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
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
}

/// What the mutex protects: while the event is set nobody is in the list.
struct State {
    set: bool,
    waiting: Vec<Arc<Ticket>>,
}

/// One wait.
struct Ticket {
    thread: Thread,
    released: AtomicBool,
}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                set: false,
                waiting: Vec::new(),
            }),
        }
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        self.state().set
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        let released = {
            let mut state = self.state();
            state.set = true;
            std::mem::take(&mut state.waiting)
        };
        for ticket in released {
            // ORDERING: Release pairs with the Acquire load in `sleep`: who is released need not take
            // the mutex again.
            ticket.released.store(true, Ordering::Release);
            ticket.thread.unpark();
        }
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        self.state().set = false;
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        if let Some(ticket) = self.draw() {
            ticket.sleep(None);
        }
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        if limit.is_zero() {
            return self.is_set();
        }
        let deadline = Instant::now().checked_add(limit);
        let Some(ticket) = self.draw() else {
            return true;
        };
        ticket.sleep(deadline) || !self.withdraw(&ticket)
    }

    /// A ticket to wait with, unless the event is set.
    fn draw(&self) -> Option<Arc<Ticket>> {
        let mut state = self.state();
        if state.set {
            return None;
        }
        let ticket = Arc::new(Ticket {
            thread: thread::current(),
            released: AtomicBool::new(false),
        });
        state.waiting.push(Arc::clone(&ticket));
        Some(ticket)
    }

    /// Takes a ticket back; false when a set has taken it in the last moment.
    fn withdraw(&self, ticket: &Arc<Ticket>) -> bool {
        let mut state = self.state();
        let before = state.waiting.len();
        state.waiting.retain(|other| !Arc::ptr_eq(other, ticket));
        state.waiting.len() < before
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Ticket {
    /// Sleeps until released or until the deadline is past, and says which.
    fn sleep(&self, deadline: Option<Instant>) -> bool {
        // ORDERING: Acquire pairs with the Release store in `set`.
        while !self.released.load(Ordering::Acquire) {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            match left {
                None => thread::park(),
                Some(Duration::ZERO) => return false,
                Some(left) => thread::park_timeout(left),
            }
        }
        true
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
