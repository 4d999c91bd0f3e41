//! Threads that end before the scope they were made in, and so may borrow from outside it.

use std::io;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::handle::Thread;
use super::spawned::{Builder, Packet};
use crate::engine::{self, Place};

/// Makes threads that end before the scope does.
pub struct Scope<'scope, 'env: 'scope> {
    members: Mutex<Vec<Member>>,
    /// Both lifetimes are invariant, as in `std`: a scope must not pass for a longer one.
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// The right to wait for a scoped thread and to take its result.
pub struct ScopedJoinHandle<'scope, T> {
    member: Member,
    packet: Arc<Packet<T>>,
    thread: Thread,
    scope: PhantomData<&'scope ()>,
}

/// A thread of a scope, as its handle and the end of the scope share it.
#[derive(Clone)]
struct Member {
    /// Empty once somebody waits for the thread.
    joiner: Arc<Mutex<Option<engine::Joiner>>>,
    /// Whether the thread panicked and nobody took the panic.
    panicked: Arc<AtomicBool>,
}

/// Calls `f` with a scope, and returns when every thread of the scope has ended.
///
/// # Panics
///
/// When `f` panics, or a thread of the scope does that nobody joined.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let scope = Scope {
        members: Mutex::new(Vec::new()),
        scope: PhantomData,
        env: PhantomData,
    };
    let place = Location::caller();
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    engine::before_scope_end();
    let panicked = scope.join_all(place);
    match result {
        Err(payload) => resume_unwind(payload),
        Ok(_) if panicked => panic!("a scoped thread panicked"),
        Ok(value) => value,
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Makes a thread that ends before the scope does.
    ///
    /// # Panics
    ///
    /// When the system cannot make another thread.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.start(Builder::new(), f, Location::caller())
            .expect("failed to spawn thread")
    }

    pub(super) fn start<F, T>(
        &'scope self,
        builder: Builder,
        f: F,
        place: Place,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let packet = Arc::new(Packet::new());
        let panicked = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&panicked);
        // ORDERING: the join that follows the thread's end publishes the flag.
        let fill = Packet::fill(Arc::clone(&packet), f, move || {
            flag.store(true, Ordering::Relaxed);
        });
        let body: Box<dyn FnOnce() + Send + 'scope> = Box::new(fill);
        // SAFETY: only the lifetime changes. The thread runs the body and drops what it
        // borrows, and `scope` returns, or unwinds, only after it has waited for the thread.
        let body = unsafe {
            std::mem::transmute::<Box<dyn FnOnce() + Send + 'scope>, Box<dyn FnOnce() + Send>>(body)
        };
        let (joiner, thread) = builder.start(body, place)?;
        let member = Member {
            joiner: Arc::new(Mutex::new(Some(joiner))),
            panicked,
        };
        lock(&self.members).push(member.clone());
        Ok(ScopedJoinHandle {
            member,
            packet,
            thread,
            scope: PhantomData,
        })
    }

    /// Waits for every thread that nobody has joined; returns whether one of them panicked.
    fn join_all(&self, place: Place) -> bool {
        let mut panicked = false;
        // A thread of the scope may have made another one: look again after each.
        while let Some(member) = { lock(&self.members).pop() } {
            let joiner = { lock(&member.joiner).take() };
            if let Some(joiner) = joiner {
                joiner.join_at_scope_end(place);
                // ORDERING: the join above ordered the thread's store before this load.
                panicked |= member.panicked.load(Ordering::Relaxed);
            }
        }
        panicked
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits until the thread has ended and returns its result.
    ///
    /// # Errors
    ///
    /// When the thread panicked; the error carries what it panicked with.
    #[track_caller]
    pub fn join(self) -> super::Result<T> {
        let joiner = { lock(&self.member.joiner).take() };
        joiner
            .expect("heddle: the end of a scope overtook one of its own threads")
            .join(Location::caller());
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

/// These locks are held for a move only; nothing can poison them.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl<T> std::fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
