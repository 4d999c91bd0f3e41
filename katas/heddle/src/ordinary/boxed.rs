//! The ordinary face's box for nodes: `std`'s.

use std::ops::{Deref, DerefMut};

/// A heap box with the methods of `std::boxed::Box` that linked nodes need.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct Box<T> {
    node: std::boxed::Box<T>,
}

impl<T> Box<T> {
    /// Moves a value to the heap.
    pub fn new(value: T) -> Self {
        Box {
            node: std::boxed::Box::new(value),
        }
    }

    /// Gives up the box and returns its address.
    ///
    /// The node lives until [`Box::from_raw`] takes it back.
    pub fn into_raw(this: Self) -> *mut T {
        std::boxed::Box::into_raw(this.node)
    }

    /// Makes a box of an address again.
    ///
    /// # Safety
    ///
    /// `node` comes from [`Box::into_raw`] and is taken back once.
    pub unsafe fn from_raw(node: *mut T) -> Self {
        Box {
            // SAFETY: the caller's promise is the one that is asked for here.
            node: unsafe { std::boxed::Box::from_raw(node) },
        }
    }

    /// Frees the box and returns the value.
    pub fn into_inner(this: Self) -> T {
        *this.node
    }
}

impl<T> Deref for Box<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.node
    }
}

impl<T> DerefMut for Box<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.node
    }
}

/// Calls `read` with the value of a node that [`Box::into_raw`] gave out.
///
/// # Safety
///
/// The node has not been taken back, and nobody changes it meanwhile.
pub unsafe fn with<T, R>(node: *const T, read: impl FnOnce(&T) -> R) -> R {
    // SAFETY: the caller promises a live node that nobody changes.
    read(unsafe { &*node })
}

/// Calls `write` with the value of a node that [`Box::into_raw`] gave out, for a change.
///
/// # Safety
///
/// The node has not been taken back, and nobody else reads or changes it meanwhile.
pub unsafe fn with_mut<T, R>(node: *mut T, write: impl FnOnce(&mut T) -> R) -> R {
    // SAFETY: the caller promises a live node that nobody else uses.
    write(unsafe { &mut *node })
}
