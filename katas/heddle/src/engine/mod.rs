//! What a face's wrappers are built on: `trace` over `std`, or `model` over the model checker.
//!
//! Both engines offer the same items to the wrappers in `sync`, `thread`, `cell`, `boxed` and
//! `time`: a lock, a wait queue, a word of memory, a watched place, threads and a clock. Every
//! operation is told the [`Place`] in the subject or claim that asked for it.

pub(crate) mod names;
mod value;
mod word_format;

pub(crate) use self::value::Value;
pub(crate) use self::word_format::{Change, WordFormat};

/// Where in the source an operation was asked for.
pub(crate) type Place = &'static std::panic::Location<'static>;

#[cfg(feature = "model")]
mod model;
#[cfg(feature = "model")]
pub(crate) use self::model::*;
#[cfg(feature = "trace")]
mod trace;
#[cfg(feature = "trace")]
pub(crate) use self::trace::*;
