//! Making sure once that every crate is on this machine, so that builds need no network.

use std::process::{Command, Stdio};

use super::BuildError;
use crate::process::Group;
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::Workspace;
use heddle_terms::files::{self, hex};

/// Why the crates are not all there.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// cargo or a file failed.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Crates are missing and cannot be fetched.
    #[error(
        "crates that Cargo.lock names are not on this machine and cannot be fetched:\n{said}\n\
         run `cargo fetch --locked` once with network"
    )]
    Missing {
        /// What cargo said.
        said: String,
    },
}

/// Fetches the crates of the root's Cargo.lock unless that was done before; `fetching` is called when it is not quick.
///
/// # Errors
///
/// When crates are missing and the network does not give them.
pub fn fetch_once(
    workspace: &Workspace,
    toolchain: &Toolchain,
    fetching: impl FnOnce(),
) -> Result<(), FetchError> {
    use hmac_sha256::Hash;
    let lock = files::read(&workspace.cargo_root.join("Cargo.lock")).map_err(BuildError::from)?;
    let hash = hex(&Hash::hash(&lock));
    let marker = workspace.scratch.join("fetched").join(&hash[..16]);
    if marker.is_file() {
        return Ok(());
    }
    let fetch = || {
        let mut command = toolchain.cargo(&workspace.cargo_root);
        command.args(["fetch", "--locked", "--quiet"]);
        command
    };
    // First without network: on a warm cache nothing else is needed, not even for other platforms.
    let mut offline = fetch();
    offline.args(["--offline", "--target", &host(toolchain, workspace)?]);
    if run(&mut offline)?.is_err() {
        fetching();
        run(&mut fetch())?.map_err(|said| FetchError::Missing { said })?;
    }
    Ok(files::write(&marker, b"").map_err(BuildError::from)?)
}

/// The platform that this toolchain builds for.
fn host(toolchain: &Toolchain, workspace: &Workspace) -> Result<String, FetchError> {
    let mut command = toolchain.rustc(&workspace.cargo_root);
    command.args(["--print", "host-tuple"]);
    let answer = run(&mut command)?.map_err(|said| FetchError::Missing { said })?;
    Ok(answer.trim().to_owned())
}

/// Runs a command; what it wrote to stdout, or to stderr when it failed.
fn run(command: &mut Command) -> Result<Result<String, String>, BuildError> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = Group::spawn(command)?.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Ok(match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    })
}
