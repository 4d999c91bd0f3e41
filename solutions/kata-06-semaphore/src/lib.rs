//! A semaphore: a number of permits, and a queue of threads that wait for some of them.

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::time::Duration;

/// The error of releasing permits that a semaphore has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverRelease;

/// A number of permits; whoever finds too few of them waits, in the order of arrival.
///
/// Nobody overtakes: while a thread waits, who comes later gets nothing, even if there would be enough
/// for the smaller wish. So a wish for many permits is served in the end, whatever the others do.
///
/// # Python
/// `threading.Semaphore` and `threading.BoundedSemaphore`; neither promises an order. A permit that is
/// held counts against the bound here, so the caller who releases too much is told, and not a later one.
pub struct Semaphore {
    // stub: omit
    /// How many permits there may be, or `usize::MAX`.
    bound: usize,
    // stub: omit
    state: Mutex<State>,
}

// stub: omit
/// What the permits are doing, and who waits for some.
///
/// Whenever the mutex is free, the head of the queue wants more than is available, so a thread that
/// finds somebody waiting has to wait as well, and nobody sleeps beside permits that are enough for it.
struct State {
    /// Permits that nobody holds.
    available: usize,
    /// Permits that nobody holds and permits that somebody holds, together.
    total: usize,
    /// The threads that wait, with rising tickets.
    queue: VecDeque<Waiter>,
    next_ticket: u64,
}

// stub: omit
/// A thread that waits: its place in the queue, how much it wants, and where it sleeps.
struct Waiter {
    ticket: u64,
    wants: usize,
    turn: Arc<Condvar>,
}

impl Semaphore {
    /// Creates a semaphore with this many permits, to which more can be added without a bound.
    pub fn new(permits: usize) -> Self {
        // stub: todo "all permits are available and nobody waits"
        Self::with_bound(permits, usize::MAX)
    }

    /// Creates a semaphore that never has more permits than it begins with.
    ///
    /// # Python
    /// `BoundedSemaphore(permits)`.
    pub fn bounded(permits: usize) -> Self {
        // stub: todo "as `new`, and remember the bound"
        Self::with_bound(permits, permits)
    }

    // stub: omit
    fn with_bound(permits: usize, bound: usize) -> Self {
        Self {
            bound,
            state: Mutex::new(State {
                available: permits,
                total: permits,
                queue: VecDeque::new(),
                next_ticket: 0,
            }),
        }
    }

    /// Waits for one permit.
    ///
    /// # Panics
    /// When the bound is zero: the wait would never end.
    pub fn acquire(&self) -> Permit<'_> {
        // stub: todo "wait for one"
        self.acquire_many(NonZeroUsize::MIN)
    }

    /// Waits until it can take `count` permits at once; until then it takes none.
    ///
    /// # Panics
    /// When `count` is more than the bound: the wait would never end.
    ///
    /// # Ordering
    /// What a thread did before it gave permits back has happened before the acquire that takes them.
    pub fn acquire_many(&self, count: NonZeroUsize) -> Permit<'_> {
        // stub: todo "refuse what can never be; wait in line; take all or nothing"
        assert!(
            count.get() <= self.bound,
            "{count} permits of a semaphore that is bounded to {} never come",
            self.bound
        );
        self.enter(count.get(), None)
            .expect("a wait without a limit ends with the permits")
    }

    /// Takes one permit if one is available and nobody waits.
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        // stub: todo "take a permit only if it takes no waiting"
        self.enter(1, Some(Duration::ZERO))
    }

    /// Waits for one permit, no longer than `limit` in total; with a limit of zero it is an attempt.
    pub fn acquire_timeout(&self, limit: Duration) -> Option<Permit<'_>> {
        // stub: todo "wait for one, with a limit"
        self.enter(1, Some(limit))
    }

    /// Waits for `count` permits at once, no longer than `limit` in total; with a limit of zero it is an
    /// attempt.
    pub fn acquire_many_timeout(&self, count: NonZeroUsize, limit: Duration) -> Option<Permit<'_>> {
        // stub: todo "as `acquire_many`, with a limit; whoever gives up leaves nothing behind"
        self.enter(count.get(), Some(limit))
    }

    /// Adds `count` permits, which nobody has to have taken before, and serves those who wait.
    ///
    /// # Errors
    /// [`OverRelease`] when there would be more permits than the bound allows, those that somebody
    /// holds included, or more than a `usize` can count; nothing changes.
    pub fn release(&self, count: NonZeroUsize) -> Result<(), OverRelease> {
        // stub: todo "refuse what is too much, else add it and serve the queue"
        let mut state = self.state();
        match state.total.checked_add(count.get()) {
            Some(total) if total <= self.bound => state.total = total,
            _ => return Err(OverRelease),
        }
        state.give_back(count.get());
        Ok(())
    }

    /// Counts the permits that nobody held a moment ago.
    pub fn available(&self) -> usize {
        // stub: todo "look, and promise nothing"
        self.state().available
    }

    // stub: omit
    /// Takes `wants` permits, at once or after waiting in line; without a limit it always does.
    fn enter(&self, wants: usize, limit: Option<Duration>) -> Option<Permit<'_>> {
        let mut state = self.state();
        if state.queue.is_empty() && wants <= state.available {
            state.available -= wants;
        } else if limit == Some(Duration::ZERO) || !self.wait_in_line(state, wants, limit) {
            return None;
        }
        Some(Permit {
            semaphore: self,
            count: wants,
        })
    }

    // stub: omit
    /// Waits behind everybody else and says whether the permits were handed over.
    fn wait_in_line(
        &self,
        mut state: MutexGuard<'_, State>,
        wants: usize,
        limit: Option<Duration>,
    ) -> bool {
        let (ticket, turn) = state.join_queue(wants);
        let waiting = |state: &mut State| state.is_waiting(ticket);
        state = match limit {
            None => turn.wait_while(state, waiting).expect(UNPOISONED),
            Some(limit) => {
                let woken = turn.wait_timeout_while(state, limit, waiting);
                woken.expect(UNPOISONED).0
            }
        };
        // Not the clock decides but the queue: the permits may have come in the last moment.
        let served = !state.is_waiting(ticket);
        if !served {
            state.leave_queue(ticket);
        }
        served
    }

    // stub: omit
    #[track_caller] // A schedule then shows where the lock was taken, and not this line.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNPOISONED)
    }
}

// stub: omit
const UNPOISONED: &str = "nothing panics while it holds the state";

impl Default for Semaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
    }
}

// stub: omit
impl State {
    /// Makes permits available that were not, and serves the queue with them.
    fn give_back(&mut self, count: usize) {
        self.available += count;
        self.serve();
    }

    /// Hands permits over for as long as there are enough for the head of the queue.
    ///
    /// They change hands here and not when the woken thread runs: until then anybody could take them.
    fn serve(&mut self) {
        let available = &mut self.available;
        while let Some(head) = self.queue.pop_front_if(|head| head.wants <= *available) {
            *available -= head.wants;
            head.turn.notify_one();
        }
    }

    fn join_queue(&mut self, wants: usize) -> (u64, Arc<Condvar>) {
        let (ticket, turn) = (self.next_ticket, Arc::new(Condvar::new()));
        self.next_ticket += 1;
        self.queue.push_back(Waiter {
            ticket,
            wants,
            turn: Arc::clone(&turn),
        });
        (ticket, turn)
    }

    /// Whoever is served was the head of the queue, so those who are left have higher tickets.
    fn is_waiting(&self, ticket: u64) -> bool {
        self.queue.front().is_some_and(|head| head.ticket <= ticket)
    }

    /// Takes a waiter that gives up out of the queue; there may be enough for those behind it.
    fn leave_queue(&mut self, ticket: u64) {
        self.queue.retain(|waiter| waiter.ticket != ticket);
        self.serve();
    }
}

/// The right to some permits; dropping it gives them back, also during a panic.
///
/// It belongs to nobody: it may be sent to another thread and dropped there.
#[must_use = "the permits are given back as soon as this is dropped"]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
    count: usize,
}

impl Permit<'_> {
    /// Counts the permits that this one stands for.
    pub fn count(&self) -> usize {
        // stub: todo "how many were taken?"
        self.count
    }

    /// Takes the permits away for good, until somebody [releases](Semaphore::release) as many.
    ///
    /// # Python
    /// An `acquire` without a `with`, where giving back is left to a later `release`.
    pub fn forget(self) {
        // stub: todo "there are fewer permits now, and the drop must not give them back"
        self.semaphore.state().total -= self.count;
        mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // stub: todo "give back what was taken"
        self.semaphore.state().give_back(self.count);
    }
}
