//! The compiler that builds subjects, and the surroundings in which it runs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variables that a build may inherit; everything else of the user's stays outside.
const INHERITED: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// cargo and rustc by path, so that a build does not ask rustup for them each time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Toolchain {
    /// cargo itself.
    pub cargo: PathBuf,
    /// rustc itself.
    pub rustc: PathBuf,
}

/// Why there is no compiler.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// rustc does not run.
    #[error(
        "cannot run `rustc` in {}: {problem}; install Rust from https://rustup.rs, then run `cargo xtask doctor`",
        folder.display()
    )]
    NoCompiler {
        /// Where it was run.
        folder: PathBuf,
        /// What happened.
        problem: String,
    },
}

impl Toolchain {
    /// The toolchain that builds in that folder.
    ///
    /// cargo names itself to what it runs; without it, rustc is asked where it lives.
    ///
    /// # Errors
    ///
    /// [`ToolchainError::NoCompiler`] when there is none.
    pub fn find(folder: &Path) -> Result<Toolchain, ToolchainError> {
        let beside_cargo = std::env::var_os("CARGO")
            .and_then(|cargo| Some(Path::new(&cargo).parent()?.to_owned()));
        if let Some(toolchain) = beside_cargo.and_then(|folder| Toolchain::within(&folder)) {
            return Ok(toolchain);
        }
        let problem = |problem| ToolchainError::NoCompiler {
            folder: folder.to_owned(),
            problem,
        };
        let answer = Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(folder)
            .output()
            .map_err(|error| problem(error.to_string()))?;
        let sysroot = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        Toolchain::within(&Path::new(&sysroot).join("bin"))
            .ok_or_else(|| problem(String::from_utf8_lossy(&answer.stderr).trim().to_owned()))
    }

    /// A command of cargo in clean surroundings.
    pub fn cargo(&self, folder: &Path) -> Command {
        let mut command = clean(Command::new(&self.cargo), folder);
        command
            .env("RUSTC", &self.rustc)
            // Set and empty, it wins over every other source of compiler flags.
            .env("CARGO_ENCODED_RUSTFLAGS", "")
            // Every subject has its own version, so nothing would ever be reused.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never");
        command
    }

    /// A command of rustc in clean surroundings.
    pub fn rustc(&self, folder: &Path) -> Command {
        clean(Command::new(&self.rustc), folder)
    }

    fn within(folder: &Path) -> Option<Toolchain> {
        let toolchain = Toolchain {
            cargo: folder.join("cargo"),
            rustc: folder.join("rustc"),
        };
        // rustup's stand-ins lie beside each other too, but without the libraries of rustc.
        let is_itself = folder.parent()?.join("lib/rustlib").is_dir();
        (is_itself && toolchain.cargo.is_file() && toolchain.rustc.is_file()).then_some(toolchain)
    }
}

/// The command with nothing of the environment but what a build needs.
pub fn clean(mut command: Command, folder: &Path) -> Command {
    let inherited: Vec<(&str, OsString)> = INHERITED
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
        .collect();
    command.env_clear().envs(inherited).current_dir(folder);
    command
}
