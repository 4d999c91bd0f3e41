//! What the ordinary face adds where `std` has no such item.

#[cfg(not(any(feature = "trace", feature = "model")))]
pub(crate) mod blocked;
pub(crate) mod boxed;
pub(crate) mod cell;
