//! Those who wait park, and are handed part after part of what comes back until their wish is fulfilled.

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;

use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

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
}

/// What the mutex protects. Only the head of the queue has a part of what it wants.
struct State {
    spare: usize,
    total: usize,
    queue: VecDeque<Entry>,
}

/// Who waits, and how much has been put by for it.
struct Entry {
    waiter: Arc<Waiter>,
    wants: usize,
    has: usize,
}

struct Waiter {
    thread: Thread,
    served: AtomicBool,
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
                spare: permits,
                total: permits,
                queue: VecDeque::new(),
            }),
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
        wake(state.put(count.get()), state);
        Ok(())
    }

    /// Counts the permits that nobody held a moment ago.
    pub fn available(&self) -> usize {
        let state = self.state();
        let put_by: usize = state.queue.iter().map(|entry| entry.has).sum();
        state.spare + put_by
    }

    fn enter(&self, wants: usize, limit: Option<Duration>) -> Option<Permit<'_>> {
        let permit = || Permit {
            semaphore: self,
            count: wants,
        };
        let mut state = self.state();
        if state.queue.is_empty() && state.spare >= wants {
            state.spare -= wants;
            return Some(permit());
        }
        let deadline = match limit {
            None => None,
            Some(Duration::ZERO) => return None,
            Some(limit) => Instant::now().checked_add(limit),
        };
        let waiter = Arc::new(Waiter {
            thread: thread::current(),
            served: AtomicBool::new(false),
        });
        state.queue.push_back(Entry {
            waiter: Arc::clone(&waiter),
            wants,
            has: 0,
        });
        let spare = mem::take(&mut state.spare);
        wake(state.put(spare), state);
        (waiter.sleep(deadline) || !self.leave(&waiter)).then(permit)
    }

    /// Takes a waiter out of the queue with all that was put by for it; false when it was served.
    fn leave(&self, waiter: &Arc<Waiter>) -> bool {
        let mut state = self.state();
        let mine = |entry: &Entry| Arc::ptr_eq(&entry.waiter, waiter);
        let place = state.queue.iter().position(mine);
        let Some(entry) = place.and_then(|place| state.queue.remove(place)) else {
            return false;
        };
        wake(state.put(entry.has), state);
        true
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
    /// Deals permits out to those who wait, the first first, and returns those who have all now.
    fn put(&mut self, mut count: usize) -> Vec<Arc<Waiter>> {
        let mut served = Vec::new();
        while let Some(head) = self.queue.front_mut() {
            let part = count.min(head.wants - head.has);
            head.has += part;
            count -= part;
            if head.has < head.wants {
                break;
            }
            served.extend(self.queue.pop_front().map(|entry| entry.waiter));
        }
        self.spare += count;
        served
    }
}

/// Unlocks the state, then wakes those who were served.
fn wake(served: Vec<Arc<Waiter>>, state: MutexGuard<'_, State>) {
    drop(state);
    for waiter in served {
        // ORDERING: Release pairs with the Acquire load in `sleep`: the waiter may go on without
        // ever taking the mutex again.
        waiter.served.store(true, Ordering::Release);
        waiter.thread.unpark();
    }
}

impl Waiter {
    /// Sleeps until served or until the deadline is past, and says which.
    fn sleep(&self, deadline: Option<Instant>) -> bool {
        // ORDERING: Acquire pairs with the Release store in `wake`.
        while !self.served.load(Ordering::Acquire) {
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
        let mut state = self.semaphore.state();
        wake(state.put(self.count), state);
    }
}
