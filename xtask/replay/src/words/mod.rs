//! The words for threads, objects, moments and the failure.

mod failure;
mod names;
mod sentence;
mod status;
#[cfg(test)]
mod tests;

pub use failure::{diagnosis, headline};
pub use names::{Names, letter};
pub use sentence::{sentence, told};
pub use status::{object, thread};
