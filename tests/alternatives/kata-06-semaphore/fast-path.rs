//! The permits are an atomic number, taken in one exchange while nobody waits; the queue is for the rest.

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;

use heddle::sync::atomic::AtomicUsize;
use heddle::sync::atomic::Ordering::{Relaxed, SeqCst};
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
    bound: usize,
    total: AtomicUsize,
    available: AtomicUsize,
    /// The length of the queue, written while it is locked.
    waiting: AtomicUsize,
    queue: Mutex<VecDeque<Arc<Waiter>>>,
}

/// One who waits: it is served when it is not in the queue any more.
struct Waiter {
    wants: usize,
    turn: Condvar,
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
            total: AtomicUsize::new(permits),
            available: AtomicUsize::new(permits),
            waiting: AtomicUsize::new(0),
            queue: Mutex::new(VecDeque::new()),
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
        // ORDERING: Relaxed: the number is compared with the bound and publishes nothing.
        let raised = self.total.fetch_update(Relaxed, Relaxed, |total| {
            let total = total.checked_add(count.get())?;
            (total <= self.bound).then_some(total)
        });
        raised.map_err(|_| OverRelease)?;
        self.give_back(count.get());
        Ok(())
    }

    /// Counts the permits that nobody held a moment ago.
    pub fn available(&self) -> usize {
        // ORDERING: Relaxed: a snapshot that is out of date at once publishes nothing.
        self.available.load(Relaxed)
    }

    fn enter(&self, wants: usize, limit: Option<Duration>) -> Option<Permit<'_>> {
        let permit = || Permit {
            semaphore: self,
            count: wants,
        };
        // ORDERING: Relaxed: who waits is a matter of order only; the permits are what is shared.
        if self.waiting.load(Relaxed) == 0 && self.take(wants) {
            return Some(permit());
        }
        if limit == Some(Duration::ZERO) {
            return None;
        }
        let waiter = Arc::new(Waiter {
            wants,
            turn: Condvar::new(),
        });
        let mut queue = self.queue();
        queue.push_back(Arc::clone(&waiter));
        self.serve(&mut queue);
        let is_waiting = |queue: &mut VecDeque<Arc<Waiter>>| {
            queue.iter().any(|other| Arc::ptr_eq(other, &waiter))
        };
        queue = match limit {
            None => waiter.turn.wait_while(queue, is_waiting).unwrap(),
            Some(limit) => {
                let woken = waiter.turn.wait_timeout_while(queue, limit, is_waiting);
                woken.unwrap().0
            }
        };
        if is_waiting(&mut queue) {
            queue.retain(|other| !Arc::ptr_eq(other, &waiter));
            self.serve(&mut queue);
            return None;
        }
        Some(permit())
    }

    /// Takes permits if there are enough.
    fn take(&self, wants: usize) -> bool {
        let less = |available: usize| available.checked_sub(wants);
        // ORDERING: SeqCst pairs with the addition in `give_back`: it sees what was done before it,
        // and, if it fails after `waiting` was stored, that addition will find somebody waiting.
        let taken = self.available.fetch_update(SeqCst, SeqCst, less);
        taken.is_ok()
    }

    fn give_back(&self, count: usize) {
        // ORDERING: SeqCst: first the permits, then the look at who waits; `serve` does it the other
        // way round, so that one of the two sees the other.
        self.available.fetch_add(count, SeqCst);
        if self.waiting.load(SeqCst) > 0 {
            self.serve(&mut self.queue());
        }
    }

    /// Hands permits to the head of the queue for as long as there are enough for it.
    fn serve(&self, queue: &mut VecDeque<Arc<Waiter>>) {
        // ORDERING: SeqCst: see `give_back`.
        self.waiting.store(queue.len(), SeqCst);
        let before = queue.len();
        while let Some(head) = queue.pop_front_if(|head| self.take(head.wants)) {
            head.turn.notify_one();
        }
        if queue.len() < before {
            // ORDERING: Relaxed: while it is too high, somebody looks into the queue for nothing.
            self.waiting.store(queue.len(), Relaxed);
        }
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Arc<Waiter>>> {
        self.queue.lock().unwrap()
    }
}

impl Default for Semaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
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
        // ORDERING: Relaxed, as in `release`.
        self.semaphore.total.fetch_sub(self.count, Relaxed);
        mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.semaphore.give_back(self.count);
    }
}
