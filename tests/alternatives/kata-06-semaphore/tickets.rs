//! Everybody sleeps at one condition variable with a ticket, and whoever wakes looks whether it is its turn.

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;

use heddle::sync::{Condvar, Mutex, MutexGuard};
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
    bound: usize,
    state: Mutex<State>,
    /// Notified whenever the head of the queue may have become another or may be served.
    moved: Condvar,
}

/// The permits, and the tickets of those who wait.
struct State {
    available: usize,
    total: usize,
    queue: VecDeque<u64>,
    next_ticket: u64,
}

impl Semaphore {
    /// Creates a semaphore with this many permits, to which more can be added without a bound.
    pub fn new(permits: usize) -> Self {
        Self::with_bound(permits, usize::MAX)
    }

    /// Creates a semaphore that never has more permits than it begins with.
    ///
    /// # Python
    /// `BoundedSemaphore(permits)`.
    pub fn bounded(permits: usize) -> Self {
        Self::with_bound(permits, permits)
    }
    fn with_bound(permits: usize, bound: usize) -> Self {
        Self {
            bound,
            state: Mutex::new(State {
                available: permits,
                total: permits,
                queue: VecDeque::new(),
                next_ticket: 0,
            }),
            moved: Condvar::new(),
        }
    }

    /// Waits for one permit.
    ///
    /// # Panics
    /// When the bound is zero: the wait would never end.
    pub fn acquire(&self) -> Permit<'_> {
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
        self.enter(1, Some(Duration::ZERO))
    }

    /// Waits for one permit, no longer than `limit` in total; with a limit of zero it is an attempt.
    pub fn acquire_timeout(&self, limit: Duration) -> Option<Permit<'_>> {
        self.enter(1, Some(limit))
    }

    /// Waits for `count` permits at once, no longer than `limit` in total; with a limit of zero it is an
    /// attempt.
    pub fn acquire_many_timeout(&self, count: NonZeroUsize, limit: Duration) -> Option<Permit<'_>> {
        self.enter(count.get(), Some(limit))
    }

    /// Adds `count` permits, which nobody has to have taken before, and serves those who wait.
    ///
    /// # Errors
    /// [`OverRelease`] when there would be more permits than the bound allows, those that somebody
    /// holds included, or more than a `usize` can count; nothing changes.
    pub fn release(&self, count: NonZeroUsize) -> Result<(), OverRelease> {
        let mut state = self.state();
        let total = state.total.checked_add(count.get()).ok_or(OverRelease)?;
        if total > self.bound {
            return Err(OverRelease);
        }
        state.total = total;
        self.give_back(state, count.get());
        Ok(())
    }

    /// Counts the permits that nobody held a moment ago.
    pub fn available(&self) -> usize {
        self.state().available
    }

    /// Draws a ticket and takes the permits when it is first in line and there are enough.
    fn enter(&self, wants: usize, limit: Option<Duration>) -> Option<Permit<'_>> {
        let mut state = self.state();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.queue.push_back(ticket);
        let not_yet = |state: &mut State| !state.is_turn(ticket, wants);
        state = match limit {
            None => self.moved.wait_while(state, not_yet).unwrap(),
            Some(Duration::ZERO) => state,
            Some(limit) => {
                let woken = self.moved.wait_timeout_while(state, limit, not_yet);
                woken.unwrap().0
            }
        };
        let taken = state.is_turn(ticket, wants);
        if taken {
            state.available -= wants;
        }
        state.queue.retain(|other| *other != ticket);
        drop(state);
        self.moved.notify_all();
        taken.then(|| Permit {
            semaphore: self,
            count: wants,
        })
    }

    fn give_back(&self, mut state: MutexGuard<'_, State>, count: usize) {
        state.available += count;
        drop(state);
        self.moved.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Default for Semaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
    }
}
impl State {
    fn is_turn(&self, ticket: u64, wants: usize) -> bool {
        self.queue.front() == Some(&ticket) && wants <= self.available
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
        self.count
    }

    /// Takes the permits away for good, until somebody [releases](Semaphore::release) as many.
    ///
    /// # Python
    /// An `acquire` without a `with`, where giving back is left to a later `release`.
    pub fn forget(self) {
        self.semaphore.state().total -= self.count;
        mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let state = self.semaphore.state();
        self.semaphore.give_back(state, self.count);
    }
}
