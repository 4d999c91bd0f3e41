//! Atomic integers, flags and pointers, with the signatures of `std::sync::atomic`.
//!
//! On `trace` and `model`, `new` is not `const` and `get_mut` returns a guard that writes the
//! value back when it is dropped, not a plain `&mut`.

pub use std::sync::atomic::Ordering;

#[cfg(not(any(feature = "trace", feature = "model")))]
pub use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
    AtomicU16, AtomicU32, AtomicU64, AtomicUsize, fence,
};

#[cfg(any(feature = "trace", feature = "model"))]
mod boolean;
#[cfg(any(feature = "trace", feature = "model"))]
mod integer;
#[cfg(any(feature = "trace", feature = "model"))]
mod pointer;
#[cfg(any(feature = "trace", feature = "model"))]
mod value;

#[cfg(any(feature = "trace", feature = "model"))]
pub use self::boolean::AtomicBool;
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::integer::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32,
    AtomicU64, AtomicUsize,
};
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::pointer::AtomicPtr;
#[cfg(any(feature = "trace", feature = "model"))]
pub use self::value::ValueMut;

/// A fence between the atomic operations before it and those after it.
///
/// # Panics
///
/// When `order` is `Relaxed`, which orders nothing.
#[cfg(any(feature = "trace", feature = "model"))]
#[track_caller]
pub fn fence(order: Ordering) {
    assert!(
        order != Ordering::Relaxed,
        "there is no such thing as a relaxed fence"
    );
    crate::engine::fence(order, std::panic::Location::caller());
}
