//! The concurrency facade that every kata is written against, and the runners of its claims.
//!
//! A kata says `use heddle::sync::{Condvar, Mutex};` and means one of three faces:
//!
//! - *ordinary*, without a feature: plain re-exports of `std`, at no cost;
//! - `trace`: the same operations over `std`, with what every thread is doing kept, so that a
//!   hang can be told;
//! - `model`: the same operations under a model checker that tries every schedule.
//!
//! The signatures are those of `std`. Where a face cannot keep one, the item says so and why;
//! the one difference that is felt everywhere is that `new` is not `const` on `trace` and
//! `model`, because a model must make its objects anew in each schedule.
//!
//! `try_lock`, `RwLock`, `Barrier`, `Once` and channels are left out: some of them are katas, and
//! the model checker below is wrong about the others.

#[cfg(all(feature = "trace", feature = "model"))]
compile_error!("the faces `trace` and `model` of heddle exclude each other: enable one of them");

pub mod boxed;
pub mod cell;
mod claim;
pub mod hint;
mod ordinary;
pub mod sync;
pub mod thread;
pub mod time;

#[cfg(feature = "property")]
pub use claim::property;
pub use claim::{Require, spec};
#[cfg(not(feature = "model"))]
pub use claim::{model, model_with};
#[cfg(feature = "property")]
pub use proptest;

/// Declares thread-local variables, one value for each thread of a schedule.
///
/// The syntax is that of [`std::thread_local!`].
pub use std::thread_local;
