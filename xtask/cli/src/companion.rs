//! Programs of their own, built when they are first asked for, so that no check ever compiles them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use xtask::toolchain::Toolchain;

use super::console::{Trouble, complain};
use super::interrupt::hold_if_interrupted;

/// A program that a command becomes.
#[derive(Debug)]
pub struct Companion {
    /// Its package, which is also the name of the program.
    pub package: &'static str,
    /// Its manifest, from the root.
    pub manifest: &'static str,
    /// Where it is built, from the root.
    pub target: &'static str,
    /// What is said while it is built for the first time.
    pub building: &'static str,
    /// What the user has without it.
    pub without: &'static str,
}

impl Companion {
    /// The program, compiled where that is needed.
    pub fn built(&self, root: &Path) -> Result<PathBuf, Trouble> {
        let toolchain = Toolchain::find(root).map_err(Trouble::fault)?;
        if !root
            .join(self.target)
            .join("debug")
            .join(self.package)
            .is_file()
        {
            complain(self.building);
        }
        let cannot = |error: std::io::Error| {
            Trouble::Fault(format!(
                "cannot run cargo to build {}: {error}",
                self.package
            ))
        };
        let mut cargo = Command::new(&toolchain.cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                self.package,
                "--bin",
                self.package,
            ])
            .args([
                "--manifest-path",
                self.manifest,
                "--target-dir",
                self.target,
            ])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(cannot)?;
        let mut program = None;
        if let Some(out) = cargo.stdout.take() {
            for line in BufReader::new(out).lines() {
                let message: Value =
                    serde_json::from_str(&line.map_err(cannot)?).unwrap_or_default();
                if let Some(executable) = message["executable"].as_str() {
                    program = Some(PathBuf::from(executable));
                }
            }
        }
        let status = cargo.wait().map_err(cannot)?;
        hold_if_interrupted();
        program.filter(|_| status.success()).ok_or_else(|| {
            Trouble::Fault(format!(
                "{} does not build, see above; {}",
                self.package, self.without
            ))
        })
    }
}
