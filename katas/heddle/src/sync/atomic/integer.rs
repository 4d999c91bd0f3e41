//! The atomic integers.

use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::Ordering;

use super::value::{Format, Value, decode, encode, shared_methods};
use crate::engine::{Change, Word, WordFormat};

/// One method that changes the value and returns the one before.
macro_rules! change_method {
    ($integer:ty, $method:ident, $change:ident, $doc:literal) => {
        #[doc = $doc]
        #[track_caller]
        pub fn $method(&self, operand: $integer, order: Ordering) -> $integer {
            let place = Location::caller();
            decode(
                self.word
                    .change(Change::$change, encode(operand), order, place),
            )
        }
    };
}

macro_rules! atomic_integer {
    ($atomic:ident, $integer:ident, $unsigned:ident, $format:ident) => {
        #[doc = concat!("An atomic `", stringify!($integer), "`.")]
        pub struct $atomic {
            word: Word,
        }

        impl $atomic {
            /// Makes an atomic with this value.
            #[track_caller]
            #[must_use]
            pub fn new(value: $integer) -> Self {
                let format = <$integer as Value>::FORMAT.0;
                let word = Word::new(
                    encode(value),
                    format,
                    stringify!($atomic),
                    Location::caller(),
                );
                $atomic { word }
            }

            shared_methods!($integer);
            change_method!(
                $integer,
                fetch_add,
                Add,
                "Adds, wrapping round, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_sub,
                Sub,
                "Subtracts, wrapping round, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_and,
                And,
                "Keeps the bits of both, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_nand,
                Nand,
                "Keeps the bits not in both, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_or,
                Or,
                "Keeps the bits of either, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_xor,
                Xor,
                "Keeps the bits of just one, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_max,
                Max,
                "Keeps the greater one, and returns the value before."
            );
            change_method!(
                $integer,
                fetch_min,
                Min,
                "Keeps the lesser one, and returns the value before."
            );
        }

        // Each operation is whole; a panic can come before or after it only.
        impl RefUnwindSafe for $atomic {}
        impl UnwindSafe for $atomic {}

        impl Value for $integer {
            const FORMAT: Format = Format(WordFormat::$format {
                bits: $integer::BITS,
            });

            fn into_bits(self) -> u64 {
                self as $unsigned as u64
            }

            fn from_bits(bits: u64) -> Self {
                bits as $unsigned as $integer
            }
        }

        impl Default for $atomic {
            #[track_caller]
            fn default() -> Self {
                Self::new(0)
            }
        }

        impl From<$integer> for $atomic {
            #[track_caller]
            fn from(value: $integer) -> Self {
                Self::new(value)
            }
        }

        impl fmt::Debug for $atomic {
            /// Never looks at the value: a look would be an operation of the schedule.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($atomic)).finish_non_exhaustive()
            }
        }
    };
}

atomic_integer!(AtomicU8, u8, u8, Unsigned);
atomic_integer!(AtomicU16, u16, u16, Unsigned);
atomic_integer!(AtomicU32, u32, u32, Unsigned);
atomic_integer!(AtomicU64, u64, u64, Unsigned);
atomic_integer!(AtomicUsize, usize, usize, Unsigned);
atomic_integer!(AtomicI8, i8, u8, Signed);
atomic_integer!(AtomicI16, i16, u16, Signed);
atomic_integer!(AtomicI32, i32, u32, Signed);
atomic_integer!(AtomicI64, i64, u64, Signed);
atomic_integer!(AtomicIsize, isize, usize, Signed);

impl AtomicU64 {
    /// The clock of a history, which reports tell from everything that a subject may have.
    #[track_caller]
    pub(crate) fn of_history() -> Self {
        let format = <u64 as Value>::FORMAT.0;
        AtomicU64 {
            word: Word::new(0, format, "History", Location::caller()),
        }
    }
}
