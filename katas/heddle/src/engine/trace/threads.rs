//! The threads that heddle knows: those it has made, and those that use it.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::monitor::{self, Doing};
use super::parking;
use crate::engine::Place;

/// How many of its last operations a thread keeps.
const NOTES: usize = 4;

/// The number of the claim's own thread; no thread has the number 0.
static CLAIM: AtomicU64 = AtomicU64::new(0);

/// A handle to a thread.
#[derive(Clone, Debug)]
pub(crate) struct ThreadRef {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    number: u64,
    name: Option<String>,
    wake: Condvar,
    /// The thread's last operations, the latest last.
    notes: Mutex<VecDeque<(&'static str, Place)>>,
}

/// The right to wait for a thread's end.
#[derive(Debug)]
pub(crate) struct Joiner {
    handle: std::thread::JoinHandle<()>,
    thread: ThreadRef,
}

/// The thread's own entry, which leaves the monitor with it.
struct Own {
    thread: ThreadRef,
}

impl Drop for Own {
    fn drop(&mut self) {
        monitor::enter().remove(&self.thread);
    }
}

thread_local! {
    static OWN: OnceCell<Own> = const { OnceCell::new() };
}

/// The thread that runs; one that heddle has not made is entered by its first operation.
pub(crate) fn current() -> ThreadRef {
    let own = OWN.try_with(|own| {
        let adopt = || {
            let name = std::thread::current().name().map(str::to_owned);
            let thread = ThreadRef::new(name);
            monitor::enter().add(thread.clone());
            Own { thread }
        };
        own.get_or_init(adopt).thread.clone()
    });
    // A destructor of a thread-local value runs after the thread has left: it is nobody.
    own.unwrap_or_else(|_| ThreadRef::new(None))
}

/// Says that the claim itself runs on this thread; reports call it `main`, as the model does.
pub(crate) fn enter_claim() {
    // ORDERING: only reports read it, which are about what happened long ago.
    CLAIM.store(current().number(), Ordering::Relaxed);
}

pub(crate) fn spawn(
    name: Option<String>,
    stack_size: Option<usize>,
    body: Box<dyn FnOnce() + Send>,
    place: Place,
) -> io::Result<Joiner> {
    monitor::count();
    current().note("spawn", place);
    let thread = ThreadRef::new(name.clone());
    monitor::enter().add(thread.clone());
    let mut builder = std::thread::Builder::new();
    if let Some(name) = name {
        builder = builder.name(name);
    }
    if let Some(size) = stack_size {
        builder = builder.stack_size(size);
    }
    let own = Own {
        thread: thread.clone(),
    };
    let run = move || {
        OWN.with(|slot| {
            // The slot is empty: nothing has run in this thread yet.
            let _ = slot.set(own);
        });
        body();
    };
    // When no thread can be made, `own` is dropped and the entry with it.
    let handle = builder.spawn(run)?;
    Ok(Joiner { handle, thread })
}

impl ThreadRef {
    fn new(name: Option<String>) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let shared = Shared {
            // ORDERING: only the numbers' difference counts.
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            name,
            wake: Condvar::new(),
            notes: Mutex::new(VecDeque::with_capacity(NOTES)),
        };
        ThreadRef {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn number(&self) -> u64 {
        self.shared.number
    }

    /// Whether this is the thread that the claim itself runs on.
    pub(super) fn is_claim(&self) -> bool {
        // ORDERING: as in `enter_claim`.
        CLAIM.load(Ordering::Relaxed) == self.number()
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.shared.name.as_deref()
    }

    pub(crate) fn unpark(&self, place: Place) {
        parking::unpark(self, place);
    }

    pub(crate) fn is_finished(&self, _place: Place) -> bool {
        !monitor::enter().live.contains_key(&self.number())
    }

    pub(super) fn wake(&self) -> &Condvar {
        &self.shared.wake
    }

    /// Keeps an operation of the thread.
    pub(super) fn note(&self, operation: &'static str, place: Place) {
        let mut notes = self.notes();
        // A loop would push out what led to it.
        if notes.back() == Some(&(operation, place)) {
            return;
        }
        if notes.len() == NOTES {
            notes.pop_front();
        }
        notes.push_back((operation, place));
    }

    /// The thread's last operations.
    pub(super) fn last_operations(&self) -> Vec<(&'static str, Place)> {
        self.notes().iter().copied().collect()
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, VecDeque<(&'static str, Place)>> {
        let notes = self.shared.notes.lock();
        notes.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Joiner {
    pub(crate) fn thread(&self) -> ThreadRef {
        self.thread.clone()
    }

    pub(crate) fn join(self, place: Place) {
        let thread = self.thread.number();
        self.wait(Doing::Join { thread }, place);
    }

    pub(crate) fn join_at_scope_end(self, place: Place) {
        let thread = self.thread.number();
        self.wait(Doing::EndScope { thread }, place);
    }

    fn wait(self, doing: Doing, place: Place) {
        let me = current();
        monitor::enter().begin(&me, doing, place);
        let ended = self.handle.join();
        monitor::enter().end(&me);
        // The body catches its own panics; a destructor of a thread-local value does not.
        drop(ended);
    }
}

/// Nothing: a thread of `std` that has panicked still waits for those of its scope.
pub(crate) fn before_scope_end() {}
