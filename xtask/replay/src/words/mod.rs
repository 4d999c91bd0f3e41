//! The words for threads, objects, steps and the failure.

mod failure;
mod names;
mod sentence;
mod status;
mod step;

pub use failure::{failure, headline, kind, search};
pub use names::Names;
pub use sentence::{sentence, told};
pub use status::{object, thread};
pub use step::label;
