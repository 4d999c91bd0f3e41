//! Threads that live as long as they like.

use std::io;
use std::panic::{AssertUnwindSafe, Location, UnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use super::handle::Thread;
use super::scoped::{Scope, ScopedJoinHandle};
use crate::engine::{self, Place};

/// The settings of a thread that is about to be made.
#[derive(Debug, Default)]
#[must_use = "must eventually spawn the thread"]
pub struct Builder {
    name: Option<String>,
    stack_size: Option<usize>,
}

/// The right to wait for a thread and to take its result.
pub struct JoinHandle<T> {
    joiner: engine::Joiner,
    packet: Arc<Packet<T>>,
    thread: Thread,
}

// A panic of either thread leaves the result as it is: there, or not there yet.
impl<T> UnwindSafe for JoinHandle<T> {}

/// Where a thread leaves its result.
pub(super) struct Packet<T> {
    result: Mutex<Option<super::Result<T>>>,
}

/// Makes a thread that runs `f`.
///
/// # Panics
///
/// When the system cannot make another thread. (The model reports a sixth thread as a limit.)
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(f).expect("failed to spawn thread")
}

impl Builder {
    /// The settings of an unnamed thread.
    pub fn new() -> Self {
        Builder::default()
    }

    /// Names the thread; reports call it so.
    pub fn name(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets the size of the thread's stack in bytes.
    pub fn stack_size(mut self, size: usize) -> Self {
        self.stack_size = Some(size);
        self
    }

    /// Makes a thread that runs `f`.
    ///
    /// # Errors
    ///
    /// When the system cannot make another thread.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let packet = Arc::new(Packet::new());
        let body = Packet::fill(Arc::clone(&packet), f, || ());
        let (joiner, thread) = self.start(Box::new(body), Location::caller())?;
        Ok(JoinHandle {
            joiner,
            packet,
            thread,
        })
    }

    /// Makes a thread that ends before `scope` does.
    ///
    /// # Errors
    ///
    /// When the system cannot make another thread.
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        scope.start(self, f, Location::caller())
    }

    pub(super) fn start(
        self,
        body: Box<dyn FnOnce() + Send>,
        place: Place,
    ) -> io::Result<(engine::Joiner, Thread)> {
        let joiner = engine::spawn(self.name, self.stack_size, body, place)?;
        let thread = Thread {
            thread: joiner.thread(),
        };
        Ok((joiner, thread))
    }
}

impl<T> JoinHandle<T> {
    /// Waits until the thread has ended and returns its result.
    ///
    /// # Errors
    ///
    /// When the thread panicked; the error carries what it panicked with.
    #[track_caller]
    pub fn join(self) -> super::Result<T> {
        self.joiner.join(Location::caller());
        self.packet.take()
    }

    /// The thread that this handle waits for.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Whether the thread has ended.
    #[track_caller]
    pub fn is_finished(&self) -> bool {
        self.thread.thread.is_finished(Location::caller())
    }
}

impl<T> std::fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

impl<T> Packet<T> {
    pub(super) fn new() -> Self {
        Packet {
            result: Mutex::new(None),
        }
    }

    /// The body of a thread that leaves its result here, and calls `panicked` if it panics.
    pub(super) fn fill(
        self: Arc<Self>,
        f: impl FnOnce() -> T,
        panicked: impl FnOnce(),
    ) -> impl FnOnce() {
        move || {
            let result = catch_unwind(AssertUnwindSafe(f));
            if result.is_err() {
                panicked();
            }
            *self.lock() = Some(result);
        }
    }

    pub(super) fn take(&self) -> super::Result<T> {
        self.lock()
            .take()
            .expect("heddle: a thread ended without a result")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<super::Result<T>>> {
        // The lock is held for a move only; nothing can poison it.
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
