//! Hints to the scheduler, with the signatures of `std::hint`.

pub use std::hint::spin_loop;
