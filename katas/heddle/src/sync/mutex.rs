//! A mutex over the face's engine.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LockResult, PoisonError};

use crate::engine;

/// A lock round a value, with the methods of `std::sync::Mutex`.
///
/// `new` is not `const`: under the model a lock belongs to the schedule that made it.
pub struct Mutex<T: ?Sized> {
    lock: engine::Lock,
    poisoned: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the engine's lock lets one thread at a time reach the value, and moving the mutex
// moves the value; both need `T: Send`, as for `std`'s mutex.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above; a shared mutex gives out the value to one thread after another.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

// A panic cannot leave the value in a state that goes unnoticed: the mutex is poisoned by it.
impl<T: ?Sized> UnwindSafe for Mutex<T> {}
impl<T: ?Sized> RefUnwindSafe for Mutex<T> {}

/// The right to use the value of a [`Mutex`], given back when it is dropped.
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    held: engine::Held<'a>,
    /// Whether the thread was unwinding when it took the lock; such a guard poisons nothing.
    was_panicking: bool,
}

// SAFETY: a shared guard gives out `&T` only. (A guard is not `Send`, as `engine::Held` is not.)
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

impl<T> Mutex<T> {
    /// Makes an unlocked mutex.
    #[track_caller]
    pub fn new(value: T) -> Self {
        Mutex {
            lock: engine::Lock::new(Location::caller()),
            poisoned: AtomicBool::new(false),
            value: UnsafeCell::new(value),
        }
    }

    /// Takes the value out of a mutex that nobody uses any more.
    ///
    /// # Errors
    ///
    /// When a thread panicked while it held the lock; the error still carries the value.
    pub fn into_inner(self) -> LockResult<T> {
        let poisoned = self.is_poisoned();
        with_poison(poisoned, self.value.into_inner())
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until the lock is free and takes it.
    ///
    /// # Errors
    ///
    /// When a thread panicked while it held the lock; the error still carries the guard.
    ///
    /// # Panics
    ///
    /// A thread that locks a mutex it already holds waits for itself, for ever: `trace` and
    /// `model` report that as a deadlock.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let held = self.lock.acquire(Location::caller());
        self.guard(held)
    }

    /// The value, for the mutex's only owner.
    ///
    /// # Errors
    ///
    /// When a thread panicked while it held the lock; the error still carries the value.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        let poisoned = self.is_poisoned();
        with_poison(poisoned, self.value.get_mut())
    }

    /// Whether a thread panicked while it held the lock.
    pub fn is_poisoned(&self) -> bool {
        // ORDERING: the flag is written and read under the lock, except by callers who only
        // want a hint, as with `std`.
        self.poisoned.load(Ordering::Relaxed)
    }

    /// Forgets that a thread panicked while it held the lock.
    pub fn clear_poison(&self) {
        // ORDERING: as in `is_poisoned`.
        self.poisoned.store(false, Ordering::Relaxed);
    }

    pub(super) fn guard<'a>(&'a self, held: engine::Held<'a>) -> LockResult<MutexGuard<'a, T>> {
        let guard = MutexGuard {
            mutex: self,
            held,
            was_panicking: std::thread::panicking(),
        };
        with_poison(self.is_poisoned(), guard)
    }
}

fn with_poison<T>(poisoned: bool, value: T) -> LockResult<T> {
    if poisoned {
        Err(PoisonError::new(value))
    } else {
        Ok(value)
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Takes the guard apart without giving the lock back.
    pub(super) fn into_parts(self) -> (&'a Mutex<T>, engine::Held<'a>) {
        let mut this = std::mem::ManuallyDrop::new(self);
        this.show();
        // SAFETY: `this` is never dropped, so `held` has one owner.
        (this.mutex, unsafe { std::ptr::read(&this.held) })
    }
}

impl<T: ?Sized> MutexGuard<'_, T> {
    /// The value for a condition that is asked before and after a wait, and hardly ever changes it.
    pub(super) fn for_condition(&mut self) -> &mut T {
        self.held.mark_asked();
        // SAFETY: this guard holds the lock, and the borrow of it is exclusive.
        unsafe { &mut *self.mutex.value.get() }
    }

    /// Shows the engine what the value looks like, where a schedule is told in full.
    fn show(&mut self) {
        if engine::wants_values() {
            // SAFETY: this guard holds the lock, so no other thread reaches the value.
            let value = engine::Value::of(unsafe { &*self.mutex.value.get() });
            self.held.show(value);
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        self.held.mark_looked(Location::caller());
        // SAFETY: this guard holds the lock, so no other thread reaches the value.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        self.held.mark_changed(Location::caller());
        // SAFETY: this guard holds the lock, and the borrow of it is exclusive.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if !self.was_panicking && std::thread::panicking() {
            // ORDERING: the lock is still held; its release publishes the flag.
            self.mutex.poisoned.store(true, Ordering::Relaxed);
        }
        self.show();
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Mutex::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    /// Never looks at the value: a look would be an operation that the schedule has to contain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex")
            .field("poisoned", &self.is_poisoned())
            .finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
