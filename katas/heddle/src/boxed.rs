//! A heap box for linked nodes, whose life the model can see.
//!
//! A lock-free structure hands out raw pointers to its nodes. On the ordinary face a node is
//! a plain heap allocation. Under the model a node that is dropped stays in memory until the
//! schedule ends, and an access to it is reported as a use after free; an access that is not
//! ordered after the node's creation is reported as a data race; a node that is never taken back
//! is reported as a leak. For that the model has to be told of each access: read a raw node
//! through [`with`] and change it through [`with_mut`].

#[cfg(not(feature = "model"))]
pub use crate::ordinary::boxed::{Box, with, with_mut};

#[cfg(feature = "model")]
mod tracked;
#[cfg(feature = "model")]
pub use self::tracked::{Box, with, with_mut};
