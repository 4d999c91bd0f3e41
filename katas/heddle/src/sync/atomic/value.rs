//! The values that atomics hold, and the methods that all atomics share.

use std::ops::{Deref, DerefMut};

use crate::engine::{Place, Word, WordFormat};

/// A value that fits into a word.
pub trait Value: Copy {
    /// What the word's bits mean.
    #[doc(hidden)]
    const FORMAT: Format;

    /// The value as its own bits.
    #[doc(hidden)]
    fn into_bits(self) -> u64;

    /// The value that has these bits.
    #[doc(hidden)]
    fn from_bits(bits: u64) -> Self;
}

/// An engine's format that the public trait can mention without publishing the engine.
#[derive(Clone, Copy)]
pub struct Format(pub(crate) WordFormat);

pub(super) fn encode<V: Value>(value: V) -> u64 {
    V::FORMAT.0.encode(value.into_bits())
}

pub(super) fn decode<V: Value>(word: u64) -> V {
    V::from_bits(V::FORMAT.0.decode(word))
}

/// Exclusive access to the value of an atomic, written back when it is dropped.
pub struct ValueMut<'a, V: Value> {
    word: &'a mut Word,
    value: V,
    place: Place,
}

impl<'a, V: Value> ValueMut<'a, V> {
    pub(super) fn new(word: &'a mut Word, place: Place) -> Self {
        let value = decode(word.get(place));
        ValueMut { word, value, place }
    }
}

impl<V: Value> Deref for ValueMut<'_, V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}

impl<V: Value> DerefMut for ValueMut<'_, V> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.value
    }
}

impl<V: Value> Drop for ValueMut<'_, V> {
    fn drop(&mut self) {
        self.word.set(encode(self.value), self.place);
    }
}

/// The methods that every atomic type has.
macro_rules! shared_methods {
    ($value:ty) => {
        /// Takes the value out.
        #[track_caller]
        pub fn into_inner(mut self) -> $value {
            *self.get_mut()
        }

        /// The value, for the atomic's only owner.
        #[track_caller]
        pub fn get_mut(&mut self) -> super::value::ValueMut<'_, $value> {
            super::value::ValueMut::new(&mut self.word, std::panic::Location::caller())
        }

        /// Reads the value.
        ///
        /// # Panics
        ///
        /// When `order` is `Release` or `AcqRel`, which a load cannot have.
        #[track_caller]
        pub fn load(&self, order: std::sync::atomic::Ordering) -> $value {
            use std::sync::atomic::Ordering::{AcqRel, Release};
            assert!(
                !matches!(order, Release | AcqRel),
                "there is no such thing as a release load"
            );
            super::value::decode(self.word.load(order, std::panic::Location::caller()))
        }

        /// Replaces the value.
        ///
        /// # Panics
        ///
        /// When `order` is `Acquire` or `AcqRel`, which a store cannot have.
        #[track_caller]
        pub fn store(&self, value: $value, order: std::sync::atomic::Ordering) {
            use std::sync::atomic::Ordering::{AcqRel, Acquire};
            assert!(
                !matches!(order, Acquire | AcqRel),
                "there is no such thing as an acquire store"
            );
            let place = std::panic::Location::caller();
            self.word.store(super::value::encode(value), order, place);
        }

        /// Replaces the value and returns the one before.
        #[track_caller]
        pub fn swap(&self, value: $value, order: std::sync::atomic::Ordering) -> $value {
            let place = std::panic::Location::caller();
            super::value::decode(self.word.swap(super::value::encode(value), order, place))
        }

        /// Replaces the value if it is `current`.
        ///
        /// # Errors
        ///
        /// When it is another one; the error carries it.
        ///
        /// # Panics
        ///
        /// When `failure` is `Release` or `AcqRel`, which a load cannot have.
        #[track_caller]
        pub fn compare_exchange(
            &self,
            current: $value,
            new: $value,
            success: std::sync::atomic::Ordering,
            failure: std::sync::atomic::Ordering,
        ) -> Result<$value, $value> {
            self.exchange(
                current,
                new,
                (success, failure),
                false,
                std::panic::Location::caller(),
            )
        }

        /// Replaces the value if it is `current`, but may fail even then.
        ///
        /// # Errors
        ///
        /// When it is another one, or for no reason; the error carries the value.
        ///
        /// # Panics
        ///
        /// When `failure` is `Release` or `AcqRel`, which a load cannot have.
        #[track_caller]
        pub fn compare_exchange_weak(
            &self,
            current: $value,
            new: $value,
            success: std::sync::atomic::Ordering,
            failure: std::sync::atomic::Ordering,
        ) -> Result<$value, $value> {
            self.exchange(
                current,
                new,
                (success, failure),
                true,
                std::panic::Location::caller(),
            )
        }

        /// Replaces the value by what `update` makes of it, and tries again when it has changed
        /// meanwhile.
        ///
        /// # Errors
        ///
        /// When `update` returns `None`; the error carries the value.
        #[track_caller]
        pub fn fetch_update(
            &self,
            set_order: std::sync::atomic::Ordering,
            fetch_order: std::sync::atomic::Ordering,
            mut update: impl FnMut($value) -> Option<$value>,
        ) -> Result<$value, $value> {
            let mut value = self.load(fetch_order);
            while let Some(new) = update(value) {
                match self.compare_exchange_weak(value, new, set_order, fetch_order) {
                    Ok(before) => return Ok(before),
                    Err(now) => value = now,
                }
            }
            Err(value)
        }

        fn exchange(
            &self,
            current: $value,
            new: $value,
            (success, failure): (std::sync::atomic::Ordering, std::sync::atomic::Ordering),
            weak: bool,
            place: crate::engine::Place,
        ) -> Result<$value, $value> {
            use std::sync::atomic::Ordering::{AcqRel, Release};
            assert!(
                !matches!(failure, Release | AcqRel),
                "there is no such thing as a release failure ordering"
            );
            let (current, new) = (super::value::encode(current), super::value::encode(new));
            self.word
                .compare_exchange(current, new, (success, failure), weak, place)
                .map(super::value::decode)
                .map_err(super::value::decode)
        }
    };
}

pub(super) use shared_methods;
