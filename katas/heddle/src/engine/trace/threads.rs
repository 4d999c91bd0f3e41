//! The threads that heddle knows: those it has made, and those that use it.

use std::cell::OnceCell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::monitor::{self, Doing};
use super::notes::{Action, Note, Notes};
use super::parking;
use crate::claim::record::Place as RecordPlace;
use crate::engine::Place;

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
    /// Who made it, and where, if heddle did.
    spawned: Option<(u64, Place)>,
    notes: Mutex<Notes>,
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
            let thread = ThreadRef::new(name, None);
            monitor::enter().add(thread.clone());
            Own { thread }
        };
        own.get_or_init(adopt).thread.clone()
    });
    // A destructor of a thread-local value runs after the thread has left: it is nobody.
    own.unwrap_or_else(|_| ThreadRef::new(None, None))
}

/// Notes that the running thread panics, if heddle knows it.
pub(crate) fn note_panic(message: &str, place: Option<&RecordPlace>) {
    let _ = OWN.try_with(|own| {
        if let Some(own) = own.get() {
            let message = message.to_owned();
            let place = place.cloned();
            own.thread.note(None, Action::Panic { message, place });
        }
    });
}

/// Begins another case of a claim: what was done in earlier ones does not concern it.
#[cfg(feature = "property")]
pub(crate) fn begin_case() {
    monitor::forget_objects();
    current().notes().clear();
    monitor::enter().ended.clear();
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
    let me = current();
    let thread = ThreadRef::new(name.clone(), Some((me.number(), place)));
    let child = thread.number();
    {
        let mut monitor = monitor::enter();
        me.note(Some(place), Action::Spawn { child });
        monitor.add(thread.clone());
    }
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
    fn new(name: Option<String>, spawned: Option<(u64, Place)>) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let shared = Shared {
            // ORDERING: only the numbers' difference counts.
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            name,
            wake: Condvar::new(),
            spawned,
            notes: Mutex::default(),
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

    /// Who made the thread, and where.
    pub(super) fn spawned(&self) -> Option<(u64, Place)> {
        self.shared.spawned
    }

    /// Counts and keeps an operation of the thread; returns its number.
    pub(super) fn note(&self, place: Option<Place>, action: Action) -> u64 {
        let number = monitor::count();
        self.notes().add(Note {
            number,
            place,
            action,
        });
        number
    }

    /// The thread's last operations, the latest last.
    pub(super) fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
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
        let child = self.thread.number();
        monitor::enter().begin(&me, doing, place);
        let ended = self.handle.join();
        let mut monitor = monitor::enter();
        me.note(Some(place), Action::Join { child });
        monitor.end(&me);
        drop(monitor);
        // The body catches its own panics; a destructor of a thread-local value does not.
        drop(ended);
    }
}

/// Nothing: a thread of `std` that has panicked still waits for those of its scope.
pub(crate) fn before_scope_end() {}
