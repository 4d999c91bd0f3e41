//! What the ordinary face adds where `std` has no such item.

#[cfg(not(any(feature = "model", feature = "model")))]
pub(crate) mod blocked;
pub(crate) mod boxed;
pub(crate) mod cell;
