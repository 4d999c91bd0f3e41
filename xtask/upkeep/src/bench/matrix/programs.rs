//! The programs that do the works, and the server that one of the works asks.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xtask::toolchain::Toolchain;

use super::super::python::{output_of, time};
use super::figures::{Language, Way, Work};
use heddle_cli::console::Trouble;

/// Where the sources are, from the root of the repository.
const HOME: &str = "bench/matrix";

/// What was built, and the server while it runs.
pub struct Programs {
    program: PathBuf,
    script: PathBuf,
    port: String,
    server: Child,
}

impl Programs {
    /// Builds the program and starts its server.
    pub fn build(root: &Path) -> Result<Programs, Trouble> {
        let (home, target) = (root.join(HOME), root.join("target/bench-matrix"));
        let toolchain = Toolchain::find(root).map_err(Trouble::fault)?;
        let mut command = toolchain.cargo(&home);
        command
            .args(["build", "--release", "--locked", "--target-dir"])
            .arg(&target)
            .stdin(Stdio::null());
        output_of(&mut command)?;
        let program = target.join("release/matrix");
        let cannot = |what: String| Trouble::Fault(format!("{}: {what}", program.display()));
        // The server ends when the pipe does, however this program ends.
        let mut server = Command::new(&program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| cannot(error.to_string()))?;
        let mut port = String::new();
        if let Some(out) = server.stdout.take() {
            let read = BufReader::new(out).read_line(&mut port);
            read.map_err(|error| cannot(error.to_string()))?;
        }
        let programs = Programs {
            script: home.join("scripts/matrix.py"),
            port: port.trim().to_owned(),
            program,
            server,
        };
        match programs.port.parse::<u16>() {
            Ok(_) => Ok(programs),
            Err(_) => Err(Trouble::Fault("the server has no port".to_owned())),
        }
    }

    /// How long a work takes in a way; without one, one thing after the other.
    ///
    /// Whoever does it checks what came of it.
    pub fn time(
        &self,
        work: Work,
        way: Option<Way>,
        language: Language,
    ) -> Result<Duration, Trouble> {
        let program = match language {
            Language::Rust => self.program.clone().into_os_string(),
            Language::Python => OsString::from("python3"),
        };
        let mut arguments: Vec<OsString> = Vec::new();
        if language == Language::Python {
            // Isolated: nothing of the surroundings is imported.
            arguments.extend(["-I".into(), self.script.clone().into_os_string()]);
        }
        let way = way.map_or("sequential", Way::word);
        arguments.extend([work.word().into(), way.into()]);
        arguments.push(work.size(language).to_string().into());
        if work == Work::Io {
            arguments.push(self.port.clone().into());
        }
        let arguments: Vec<_> = arguments.iter().map(OsString::as_os_str).collect();
        time(&program, &arguments)
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        // It has nothing left to do.
        let _ = self.server.wait();
    }
}
