//! The commands that look after the katas and the grader: a program of their own.
//!
//! Together they are as long as all others, and a first check would wait until they are compiled.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use heddle_terms::catalogue::Workspace;

use super::companion::Companion;
use super::console::{Outcome, Trouble};

/// What answers them.
const UPKEEP: Companion = Companion {
    package: "heddle-upkeep",
    manifest: "Cargo.toml",
    target: "target",
    building: "building what looks after the katas; this happens once and takes some seconds …",
    without: "checks do not need it",
};

/// Builds what answers that command line, and becomes it.
pub fn run(words: &[OsString]) -> Outcome {
    let root = Workspace::discover().map_err(Trouble::fault)?.cargo_root;
    let mut upkeep = Command::new(UPKEEP.built(&root)?);
    // It is this process from now on: its signals and its exit code are its own.
    Err(Trouble::Fault(format!(
        "cannot start {}: {}",
        UPKEEP.package,
        upkeep.args(words).exec()
    )))
}
