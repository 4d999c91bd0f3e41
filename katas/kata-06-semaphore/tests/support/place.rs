//! A place that the semaphore under test guards, and threads that go there.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::thread::{self, JoinHandle};
use kata_06_semaphore::Semaphore;

/// A semaphore, and a number that the threads that it lets in share.
pub struct Place {
    pub semaphore: Semaphore,
    /// The model refuses two accesses to it that nothing orders.
    number: UnsafeCell<u32>,
}

// SAFETY: not safe in general; the claim is that the semaphore under test makes it so.
unsafe impl Sync for Place {}

impl Place {
    pub fn new(semaphore: Semaphore) -> Arc<Self> {
        let number = UnsafeCell::new(0);
        Arc::new(Self { semaphore, number })
    }

    pub fn add_one(&self) {
        // SAFETY: the caller has what it takes; if that fails, the model says so first.
        self.number.with_mut(|number| unsafe { *number += 1 });
    }

    pub fn number(&self) -> u32 {
        // SAFETY: as in `add_one`.
        self.number.with(|number| unsafe { *number })
    }
}

/// Starts a thread that shares `what`.
pub fn spawn<S, R>(what: &Arc<S>, body: impl FnOnce(&S) -> R + Send + 'static) -> JoinHandle<R>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
{
    let what = Arc::clone(what);
    thread::spawn(move || body(&what))
}

/// Waits until all of them have ended.
pub fn join_all<const N: usize>(threads: [JoinHandle<()>; N]) {
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Starts a thread that is served after so many others; when this returns, it waits.
pub fn waiter_after(place: &Arc<Place>, before: u32) -> JoinHandle<()> {
    let waiter = spawn(place, move |place| {
        let _permit = place.semaphore.acquire();
        assert_eq!(place.number(), before, "served out of turn");
        place.add_one();
    });
    thread::until_blocked(waiter.thread());
    waiter
}
