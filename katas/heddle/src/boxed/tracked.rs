//! The model's box: the memory of a node outlives it, so that late accesses can be told.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr::NonNull;

use crate::engine::heap;

/// A heap box with the methods of `std::boxed::Box` that linked nodes need.
pub struct Box<T> {
    node: NonNull<T>,
}

// SAFETY: a box owns its value; moving the box moves the value.
unsafe impl<T: Send> Send for Box<T> {}
// SAFETY: a shared box gives out `&T` only.
unsafe impl<T: Sync> Sync for Box<T> {}

impl<T> Box<T> {
    /// Moves a value to the heap.
    #[track_caller]
    #[must_use]
    pub fn new(value: T) -> Self {
        Box {
            node: heap::allocate(value, Location::caller()),
        }
    }

    /// Gives up the box and returns its address.
    ///
    /// The node lives until [`Box::from_raw`] takes it back.
    #[must_use = "losing the pointer will leak memory"]
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).node.as_ptr()
    }

    /// Makes a box of an address again.
    ///
    /// # Safety
    ///
    /// `node` comes from [`Box::into_raw`] and is taken back once. The model reports a node that
    /// has been dropped already as a use after free.
    #[track_caller]
    #[must_use]
    pub unsafe fn from_raw(node: *mut T) -> Self {
        heap::take_back(node.cast(), Location::caller());
        Box {
            node: NonNull::new(node).expect("a box is never made of a null pointer"),
        }
    }

    /// Frees the box and returns the value.
    #[track_caller]
    pub fn into_inner(this: Self) -> T {
        let this = ManuallyDrop::new(this);
        heap::free(this.node.cast(), Location::caller());
        // SAFETY: the memory outlives the node; the value is moved out once, as `this` is
        // never dropped.
        unsafe { this.node.read() }
    }
}

impl<T> Deref for Box<T> {
    type Target = T;

    fn deref(&self) -> &T {
        drop(heap::read(self.node.as_ptr().cast(), None));
        // SAFETY: the box owns a node that has not been dropped.
        unsafe { self.node.as_ref() }
    }
}

impl<T> DerefMut for Box<T> {
    fn deref_mut(&mut self) -> &mut T {
        drop(heap::write(self.node.as_ptr().cast(), None));
        // SAFETY: the box owns a node that has not been dropped, and the borrow is exclusive.
        unsafe { self.node.as_mut() }
    }
}

impl<T> Drop for Box<T> {
    fn drop(&mut self) {
        if heap::free(self.node.cast(), heap::NOWHERE) {
            // SAFETY: the memory outlives the node; the value is dropped once, with its box.
            unsafe { self.node.drop_in_place() }
        }
    }
}

impl<T: Default> Default for Box<T> {
    #[track_caller]
    fn default() -> Self {
        Box::new(T::default())
    }
}

impl<T> fmt::Debug for Box<T> {
    /// Never looks at the value: a look would be an access that the schedule has to contain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Box").finish_non_exhaustive()
    }
}

/// Calls `read` with the value of a node that [`Box::into_raw`] gave out.
///
/// # Safety
///
/// The node has not been taken back, and nobody changes it meanwhile. The model reports both.
#[track_caller]
pub unsafe fn with<T, R>(node: *const T, read: impl FnOnce(&T) -> R) -> R {
    let _reading = heap::read(node.cast(), Some(Location::caller()));
    // SAFETY: the model has found the node alive and ended the process otherwise.
    read(unsafe { &*node })
}

/// Calls `write` with the value of a node that [`Box::into_raw`] gave out, for a change.
///
/// # Safety
///
/// The node has not been taken back, and nobody else reads or changes it meanwhile. The model
/// reports both.
#[track_caller]
pub unsafe fn with_mut<T, R>(node: *mut T, write: impl FnOnce(&mut T) -> R) -> R {
    let _writing = heap::write(node.cast(), Some(Location::caller()));
    // SAFETY: the model has found the node alive and nobody else using it.
    write(unsafe { &mut *node })
}
