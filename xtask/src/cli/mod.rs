//! The command line: everything that talks to a person.

mod args;
mod bench;
mod book;
mod check;
mod commands;
mod companion;
mod console;
mod dispatch;
mod doctor;
mod events;
mod files;
mod hint;
mod interrupt;
mod known;
mod last;
mod lint;
mod list;
mod manual;
mod mutants;
mod nearest;
mod next;
mod progress;
mod replay;
mod reset;
mod site;
mod standing;
mod state;
mod stub;
mod text;

pub use dispatch::run;
