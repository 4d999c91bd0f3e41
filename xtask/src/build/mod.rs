//! Compiling the two faces of a subject.

mod compiler;
mod dependencies;
pub(crate) mod diagnostics;
mod face;
mod fetch;
pub(crate) mod messages;
mod reader;
mod workshop;

pub(crate) use diagnostics::from_the_root;
pub use diagnostics::{Diagnosed, merge};
pub use face::{BuildError, FaceBuild, Linkage, build_face};
pub use fetch::{FetchError, fetch_once};
