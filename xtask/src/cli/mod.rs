//! The command line: everything that talks to a person.

mod args;
mod commands;
mod console;
mod dispatch;
mod doctor;
mod interrupt;
mod nearest;
mod progress;
mod text;

pub use dispatch::run;
