//! The atomic flag.

use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::Ordering;

use super::value::{Format, Value, decode, encode, shared_methods};
use crate::engine::{Change, Word, WordFormat};

/// An atomic `bool`.
pub struct AtomicBool {
    word: Word,
}

impl AtomicBool {
    /// Makes a flag with this value.
    #[track_caller]
    #[must_use]
    pub fn new(value: bool) -> Self {
        let word = Word::new(
            encode(value),
            WordFormat::Bool,
            "AtomicBool",
            Location::caller(),
        );
        AtomicBool { word }
    }

    shared_methods!(bool);

    /// Keeps the flag only if `operand` is set too, and returns the value before.
    #[track_caller]
    pub fn fetch_and(&self, operand: bool, order: Ordering) -> bool {
        self.change(Change::And, operand, order, Location::caller())
    }

    /// Sets the flag unless both are set, and returns the value before.
    #[track_caller]
    pub fn fetch_nand(&self, operand: bool, order: Ordering) -> bool {
        self.change(Change::Nand, operand, order, Location::caller())
    }

    /// Sets the flag if `operand` is set, and returns the value before.
    #[track_caller]
    pub fn fetch_or(&self, operand: bool, order: Ordering) -> bool {
        self.change(Change::Or, operand, order, Location::caller())
    }

    /// Turns the flag over if `operand` is set, and returns the value before.
    #[track_caller]
    pub fn fetch_xor(&self, operand: bool, order: Ordering) -> bool {
        self.change(Change::Xor, operand, order, Location::caller())
    }

    /// Turns the flag over, and returns the value before.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.change(Change::Xor, true, order, Location::caller())
    }

    fn change(
        &self,
        change: Change,
        operand: bool,
        order: Ordering,
        place: crate::engine::Place,
    ) -> bool {
        decode(self.word.change(change, encode(operand), order, place))
    }
}

impl Value for bool {
    const FORMAT: Format = Format(WordFormat::Bool);

    fn into_bits(self) -> u64 {
        u64::from(self)
    }

    fn from_bits(bits: u64) -> Self {
        bits != 0
    }
}

// Each operation is whole; a panic can come before or after it only.
impl RefUnwindSafe for AtomicBool {}
impl UnwindSafe for AtomicBool {}

impl Default for AtomicBool {
    #[track_caller]
    fn default() -> Self {
        Self::new(false)
    }
}

impl From<bool> for AtomicBool {
    #[track_caller]
    fn from(value: bool) -> Self {
        Self::new(value)
    }
}

impl fmt::Debug for AtomicBool {
    /// Never looks at the value: a look would be an operation of the schedule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicBool").finish_non_exhaustive()
    }
}
