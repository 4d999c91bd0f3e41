//! `cargo xtask replay`: step through the last counterexample.
//!
//! What steps is a program of its own, built when it is first asked for, so that no check ever
//! compiles it. This process becomes that program once it is there.

use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::args::Request;
use super::companion::Companion;
use super::console::{Outcome, Trouble};
use super::last;
use super::site::Site;

/// What steps.
const REPLAY: Companion = Companion {
    package: "heddle-replay",
    manifest: "Cargo.toml",
    target: "target",
    building: "building the replay; this happens once and takes some seconds …",
    without: "checks do not need it, and `cargo xtask check` tells the same schedule as text",
};

/// Builds what steps, and becomes it.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let root = &site.workspace.root;
    let kata = if request.words.is_empty() && site.here().is_none() {
        last::newest(root).ok_or_else(|| {
            Trouble::Usage(
                "nothing has been checked yet: run `cargo xtask check KATA` first".to_owned(),
            )
        })?
    } else {
        site.kata(request, 0)?.id
    };
    // Found out before anything is built for nothing.
    if !last::is_kept(root, &kata) {
        let short = kata.split('-').nth(1).unwrap_or(&kata);
        return Err(Trouble::Usage(format!(
            "{kata} has not been checked yet: run `cargo xtask check {short}` first"
        )));
    }
    let is_page = request.has("html");
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !is_page && !is_terminal {
        return Err(Trouble::Usage(
            "this is no terminal, so there is nothing to step through in; `--html FILE` writes the \
             schedule as a page for a browser instead"
                .to_owned(),
        ));
    }
    let mut replay = Command::new(REPLAY.built(&site.workspace.cargo_root)?);
    replay.arg(root).arg(kata);
    for name in ["claim", "html"] {
        if let Some(value) = request.raw(name) {
            replay.arg(format!("--{name}")).arg(value);
        }
    }
    // It is this process from now on: the terminal, its signals and its exit code are its own.
    Err(Trouble::Fault(format!(
        "cannot start {}: {}",
        REPLAY.package,
        replay.exec()
    )))
}
