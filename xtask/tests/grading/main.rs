//! The grader, from a subject to its verdict, on two small katas of its own.

mod bytes;
mod faults;
mod first;
mod kept;
mod limits;
mod network;
mod proof;
mod stale;
mod stand_ins;
mod surroundings;
mod verdicts;
mod world;
