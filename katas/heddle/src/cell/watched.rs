//! The model's cell: every access must be ordered with every other.

use std::panic::Location;

use crate::engine;

/// A cell for data that several threads may reach, without any protection of its own.
///
/// The model reports a data race when two accesses, at least one of them through
/// [`with_mut`](UnsafeCell::with_mut), are not ordered by what the threads do between them, or
/// when one begins before the other has ended.
pub struct UnsafeCell<T: ?Sized> {
    watch: engine::Watch,
    value: std::cell::UnsafeCell<T>,
}

// SAFETY: moving the cell moves the value and nothing else.
unsafe impl<T: ?Sized + Send> Send for UnsafeCell<T> {}

impl<T> UnsafeCell<T> {
    /// Puts a value into a new cell.
    #[track_caller]
    #[must_use]
    pub fn new(value: T) -> Self {
        UnsafeCell {
            watch: engine::Watch::new("UnsafeCell", Location::caller()),
            value: std::cell::UnsafeCell::new(value),
        }
    }

    /// Takes the value out of the cell.
    #[track_caller]
    pub fn into_inner(self) -> T {
        drop(self.watch.write(Location::caller()));
        self.value.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Calls `read` with a pointer to the value, for reading.
    #[track_caller]
    pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        let _reading = self.watch.read(Location::caller());
        read(self.value.get())
    }

    /// Calls `write` with a pointer to the value, for reading and writing.
    #[track_caller]
    pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        let _writing = self.watch.write(Location::caller());
        write(self.value.get())
    }

    /// The value, for the cell's only owner.
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut T {
        drop(self.watch.write(Location::caller()));
        self.value.get_mut()
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    #[track_caller]
    fn default() -> Self {
        UnsafeCell::new(T::default())
    }
}

impl<T> From<T> for UnsafeCell<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        UnsafeCell::new(value)
    }
}

impl<T: ?Sized> std::fmt::Debug for UnsafeCell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnsafeCell").finish_non_exhaustive()
    }
}
