//! The atomic pointer.

use std::fmt;
use std::marker::PhantomData;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};

use super::value::{Format, Value, encode, shared_methods};
use crate::engine::{Word, WordFormat};

/// An atomic raw pointer.
pub struct AtomicPtr<T> {
    word: Word,
    pointer: PhantomData<*mut T>,
}

// SAFETY: only the address is shared; whoever follows it answers for what it points to, as with
// `std`'s atomic pointer.
unsafe impl<T> Send for AtomicPtr<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for AtomicPtr<T> {}

impl<T> AtomicPtr<T> {
    /// Makes an atomic with this address.
    #[track_caller]
    pub fn new(pointer: *mut T) -> Self {
        let word = Word::new(
            encode(pointer),
            WordFormat::Pointer,
            "AtomicPtr",
            Location::caller(),
        );
        AtomicPtr {
            word,
            pointer: PhantomData,
        }
    }

    shared_methods!(*mut T);
}

impl<T> Value for *mut T {
    const FORMAT: Format = Format(WordFormat::Pointer);

    fn into_bits(self) -> u64 {
        self.expose_provenance() as u64
    }

    fn from_bits(bits: u64) -> Self {
        std::ptr::with_exposed_provenance_mut(bits as usize)
    }
}

// Each operation is whole; a panic can come before or after it only.
impl<T> RefUnwindSafe for AtomicPtr<T> {}
impl<T> UnwindSafe for AtomicPtr<T> {}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

impl<T> From<*mut T> for AtomicPtr<T> {
    #[track_caller]
    fn from(pointer: *mut T) -> Self {
        Self::new(pointer)
    }
}

impl<T> fmt::Debug for AtomicPtr<T> {
    /// Never looks at the value: a look would be an operation of the schedule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicPtr").finish_non_exhaustive()
    }
}
