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
#[cfg(any(feature = "trace", feature = "model"))]
mod engine;
pub mod hint;
pub mod history;
#[cfg(not(feature = "model"))]
mod ordinary;
#[cfg(target_os = "linux")]
pub mod process;
pub mod sync;
pub mod thread;
pub mod time;

#[cfg(feature = "model")]
#[doc(hidden)]
pub use claim::explore_all;
#[cfg(feature = "property")]
pub use claim::property;
pub use claim::{Require, model, model_with, spec};
#[cfg(feature = "property")]
pub use proptest;

#[cfg(not(feature = "model"))]
pub use std::thread_local;

/// Declares thread-local variables, one value for each thread of a schedule.
///
/// The syntax is that of `std::thread_local!`. All threads of a model share one OS thread, so
/// `std`'s own would be one variable for all of them.
#[cfg(feature = "model")]
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty = const $init:block $(; $($rest:tt)*)?) => {
        $(#[$attribute])*
        $vis static $name: $crate::thread::LocalKey<$type> =
            $crate::thread::LocalKey::new(|| -> $type { $init });
        $($crate::thread_local! { $($rest)* })?
    };
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty = $init:expr $(; $($rest:tt)*)?) => {
        $(#[$attribute])*
        $vis static $name: $crate::thread::LocalKey<$type> =
            $crate::thread::LocalKey::new(|| -> $type { $init });
        $($crate::thread_local! { $($rest)* })?
    };
}
