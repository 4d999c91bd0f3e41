//! The schedule that breaks a claim, as the grader is told of it.
//!
//! Both engines fill in the same record, the model from the schedule that it ran, the trace face
//! from what its threads did last. The reading half is in `xtask`.

#![allow(
    dead_code,
    unused_imports,
    reason = "each face of heddle fills in its own part of the record"
)]

mod json;
mod listing;
mod record;
mod search;
mod step;

pub(crate) use self::record::{
    Access, At, Blocked, Counterexample, Failing, LeftOut, Object, Race, Thread, at, known_at,
};
pub(crate) use self::search::{Search, Shortening};
pub(crate) use self::step::{Aside, Field, Holder, Step};
