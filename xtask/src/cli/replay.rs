//! `cargo xtask replay`: step through the last counterexample.
//!
//! What steps is a program of its own, built when it is first asked for, so that no check ever
//! compiles it. This process becomes that program once it is there.

use std::io::{BufRead, BufReader, IsTerminal};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use xtask::toolchain::Toolchain;

use super::args::Request;
use super::console::{Outcome, Trouble, complain};
use super::interrupt::hold_if_interrupted;
use super::last;
use super::site::Site;

/// The package that steps.
const PACKAGE: &str = "heddle-replay";

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
    let mut replay = Command::new(built(&site.workspace.cargo_root)?);
    replay.arg(root).arg(kata);
    for name in ["claim", "html"] {
        if let Some(value) = request.raw(name) {
            replay.arg(format!("--{name}")).arg(value);
        }
    }
    // It is this process from now on: the terminal, its signals and its exit code are its own.
    Err(Trouble::Fault(format!(
        "cannot start {PACKAGE}: {}",
        replay.exec()
    )))
}

/// The program, compiled where that is needed.
fn built(root: &Path) -> Result<PathBuf, Trouble> {
    let toolchain = Toolchain::find(root).map_err(Trouble::fault)?;
    if !root.join("target/debug").join(PACKAGE).is_file() {
        complain("building the replay; this happens once and takes some seconds …");
    }
    let cannot = |error: std::io::Error| {
        Trouble::Fault(format!("cannot run cargo to build {PACKAGE}: {error}"))
    };
    let mut cargo = Command::new(&toolchain.cargo)
        .args(["build", "--quiet", "--package", PACKAGE, "--bin", PACKAGE])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot)?;
    let mut program = None;
    if let Some(out) = cargo.stdout.take() {
        for line in BufReader::new(out).lines() {
            let message: Value = serde_json::from_str(&line.map_err(cannot)?).unwrap_or_default();
            if let Some(executable) = message["executable"].as_str() {
                program = Some(PathBuf::from(executable));
            }
        }
    }
    let status = cargo.wait().map_err(cannot)?;
    hold_if_interrupted();
    program.filter(|_| status.success()).ok_or_else(|| {
        Trouble::Fault(format!(
            "{PACKAGE} does not build, see above; checks do not need it, and `cargo xtask check` \
             tells the same schedule as text"
        ))
    })
}
