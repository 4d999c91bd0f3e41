//! The grader, from a subject to its verdict, on two small katas of its own.

mod bytes;
mod faults;
mod limits;
mod proof;
mod surroundings;
mod verdicts;
mod world;
