//! The command line: everything that talks to a person.
//!
//! What learners ask for is answered here. The commands of those who look after the katas are in
//! `heddle-upkeep`, which `cargo xtask` compiles when one of them is first asked for; it reads its
//! command line and talks with what is here.

pub mod args;
mod book;
pub mod check;
mod commands;
mod companion;
pub mod console;
mod dispatch;
mod doctor;
mod events;
pub mod files;
mod hint;
pub mod interrupt;
mod known;
mod last;
mod list;
mod manual;
pub mod nearest;
mod next;
pub mod progress;
mod replay;
mod reset;
pub mod site;
mod standing;
mod state;
mod stub;
pub mod text;
mod told;
mod upkeep;

pub use dispatch::{answered, run};
