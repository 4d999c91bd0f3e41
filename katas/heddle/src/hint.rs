//! Hints to the scheduler, with the signatures of `std::hint`.

#[cfg(not(any(feature = "trace", feature = "model")))]
pub use std::hint::spin_loop;

/// Says that the thread waits in a loop for another one to change something.
///
/// Under the model the loop does not run again until something has changed; without the hint
/// a loop that only looks is not let run for ever either, but the hint is cheaper.
#[cfg(any(feature = "trace", feature = "model"))]
#[track_caller]
pub fn spin_loop() {
    crate::engine::spin_loop(std::panic::Location::caller());
}
