//! What the ordinary face adds where `std` has no such item.

pub(crate) mod blocked;
pub(crate) mod boxed;
pub(crate) mod cell;
