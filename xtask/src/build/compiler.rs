//! rustc, asked for one crate of an overlay.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use super::face::program_name;
use super::messages::CompilerMessage;
use super::workshop::Workshop;
use super::{BuildError, Diagnosed, FaceBuild, Linkage};
use crate::overlay::FaceFolder;
use crate::process::{self, Group};
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};

/// The status with which rustc refuses a source; every other failure is one of its own.
const REFUSED: i32 = 1;

/// One crate that is compiled.
pub(super) struct Unit {
    name: String,
    kind: UnitKind,
    root: PathBuf,
    /// The name of the file that it becomes.
    file: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UnitKind {
    Subject,
    Program,
    Claims,
}

/// Compiles the crates of one face.
pub(super) struct Compiler<'a> {
    pub(super) kata: &'a Kata,
    pub(super) folder: &'a FaceFolder,
    pub(super) toolchain: &'a Toolchain,
    pub(super) workshop: Option<Workshop>,
}

/// What rustc did with a crate.
struct Ended {
    status: ExitStatus,
    said: String,
}

impl Unit {
    pub(super) fn subject(kata: &Kata, folder: &FaceFolder) -> Unit {
        let name = kata.crate_name();
        Unit {
            file: format!("lib{name}.rlib"),
            name,
            kind: UnitKind::Subject,
            root: folder.subject.compiled().to_owned(),
        }
    }

    pub(super) fn program(file: &Path) -> Unit {
        let name = program_name(file);
        Unit {
            file: name.clone(),
            name,
            kind: UnitKind::Program,
            root: file.to_owned(),
        }
    }

    pub(super) fn claims(folder: &FaceFolder) -> Unit {
        Unit {
            name: "claims".to_owned(),
            kind: UnitKind::Claims,
            root: folder.claims_root.clone(),
            file: "claims".to_owned(),
        }
    }
}

impl Compiler<'_> {
    /// Compiles a crate, unless that was done for the very same bytes, and adds what rustc says of
    /// it; the file that it became, if it compiled.
    ///
    /// # Errors
    ///
    /// When rustc fails for a reason of its own.
    pub(super) fn compile(
        &self,
        unit: &Unit,
        linkage: &Linkage,
        build: &mut FaceBuild,
    ) -> Result<Option<PathBuf>, BuildError> {
        let said_file = self.folder.dir.join(format!("{}.said", unit.name));
        let output = self.folder.dir.join(&unit.file);
        if self.folder.is_complete
            && output.is_file()
            && let Ok(said) = std::fs::read_to_string(&said_file)
        {
            self.take_in(unit, &said, build);
            return Ok(Some(output));
        }
        let mut ended = self.run(unit, linkage)?;
        if let Some(workshop) = &self.workshop
            && !ended.is_judgement()
        {
            // What rustc kept of earlier builds is only there to save time.
            workshop.forget();
            ended = self.run(unit, linkage)?;
        }
        let messages = self.take_in(unit, &ended.said, build);
        if !ended.is_judgement() || (!ended.status.success() && !explains(&messages)) {
            return Err(BuildError::Compiler {
                file: unit.root.clone(),
                said: readable(&messages, &ended.said),
            });
        }
        if !ended.status.success() {
            return Ok(None);
        }
        if let Some(workshop) = &self.workshop {
            let made = workshop.out().join(&unit.file);
            match unit.kind {
                // The crates that are compiled next look for it where it always was.
                UnitKind::Subject => std::fs::copy(&made, &output).map(|_| ()),
                UnitKind::Program | UnitKind::Claims => std::fs::rename(&made, &output),
            }
            .map_err(FileError::on("write", &output))?;
        }
        files::write(&said_file, ended.said.as_bytes())?;
        Ok(Some(output))
    }

    /// The subject's library as the crates of the same build are to name it.
    pub(super) fn library(&self, unit: &Unit, output: PathBuf) -> PathBuf {
        let made = self
            .workshop
            .as_ref()
            .map(|workshop| workshop.out().join(&unit.file));
        made.filter(|made| made.is_file() && !self.folder.is_complete)
            .unwrap_or(output)
    }

    fn run(&self, unit: &Unit, linkage: &Linkage) -> Result<Ended, BuildError> {
        let mut command = self.command(unit, linkage);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut rustc = Group::spawn(&mut command)?;
        let mut said = Vec::new();
        if let Some(mut errors) = rustc.child.stderr.take() {
            let _ = errors.read_to_end(&mut said);
        }
        let status = rustc.wait()?;
        process::check_interrupted()?;
        let said = self.folder.subject.by_its_own_path(said);
        let said = String::from_utf8_lossy(&said).into_owned();
        Ok(Ended { status, said })
    }

    fn command(&self, unit: &Unit, linkage: &Linkage) -> Command {
        let folder = self.folder;
        let workshop = self.workshop.as_ref();
        // The folder it runs in is part of what it compiles: the same one for all subjects.
        let mut command = self.toolchain.rustc(&folder.shared);
        command
            .args(["--crate-name", &unit.name, "--edition", &folder.edition])
            .args(match unit.kind {
                UnitKind::Subject => ["--crate-type=lib", "--emit=metadata,link"].as_slice(),
                UnitKind::Program => &["--crate-type=bin", "--emit=link"],
                UnitKind::Claims => &["--test", "--emit=link"],
            })
            .args(["--error-format=json", "--out-dir"])
            .arg(workshop.map_or_else(|| folder.dir.clone(), Workshop::out))
            // Panics know their places by themselves, and linking is quicker.
            .args(["-Cdebuginfo=0", "-Cstrip=debuginfo", "-Cembed-bitcode=no"])
            .arg(format!("-Cmetadata={}", folder.metadata))
            .args([
                "--check-cfg=cfg(docsrs,test)",
                "--check-cfg=cfg(feature,values())",
            ])
            .args(&folder.lints);
        match workshop {
            Some(workshop) => command.arg(workshop.flag()),
            // So little code is compiled quickest in one piece.
            None => command.arg("-Ccodegen-units=1"),
        };
        linkage.add_to(&mut command);
        command
            .env("CARGO_PKG_NAME", &self.kata.id)
            .env("CARGO_CRATE_NAME", &unit.name)
            .env("CARGO_MANIFEST_DIR", &self.kata.dir);
        if unit.kind == UnitKind::Claims {
            for program in &self.kata.programs {
                let name = program_name(program);
                let path = folder.dir.join(&name);
                command.env(format!("CARGO_BIN_EXE_{name}"), path);
            }
        }
        command.arg(&unit.root);
        command
    }

    /// Adds what rustc says of a crate, and returns it.
    fn take_in(&self, unit: &Unit, said: &str, build: &mut FaceBuild) -> Vec<CompilerMessage> {
        let lines = said.lines();
        let messages: Vec<CompilerMessage> = lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let in_subject = unit.kind == UnitKind::Subject;
        let (folder, workspace) = (self.folder, &self.kata.workspace);
        // "aborting due to 2 previous errors" and the like point nowhere and say nothing.
        let telling = messages.iter().filter(|message| {
            let points = !message.spans.is_empty() || message.code.is_some();
            (points || message.level == "error") && !message.message.starts_with("aborting due to")
        });
        build.diagnostics.extend(telling.map(|message| {
            Diagnosed::new(message, folder.face, &folder.shared, workspace, in_subject)
        }));
        messages
    }
}

impl Linkage {
    /// Tells rustc where everything is.
    pub(crate) fn add_to(&self, command: &mut Command) {
        let folder = self.dependencies.display();
        command.arg("-L").arg(format!("dependency={folder}"));
        for native in &self.native {
            command.arg("-L").arg(native);
        }
        for (name, library) in &self.externs {
            let library = library.display();
            command.arg("--extern").arg(format!("{name}={library}"));
        }
    }
}

impl Ended {
    /// Whether rustc has judged the source, and not failed in some way of its own.
    fn is_judgement(&self) -> bool {
        self.status.success() || self.status.code() == Some(REFUSED)
    }
}

/// Whether an error among the messages lies in what was compiled.
fn explains(messages: &[CompilerMessage]) -> bool {
    messages.iter().any(|message| {
        let is_error = message.level.starts_with("error");
        let is_ours = !message.spans.is_empty() || message.message.starts_with("linking with");
        is_error && is_ours && !message.message.contains("No space left")
    })
}

fn readable(messages: &[CompilerMessage], said: &str) -> String {
    let rendered = messages.iter().filter_map(|one| one.rendered.as_deref());
    let text: String = rendered.collect();
    match text.is_empty() {
        true => said.trim().to_owned(),
        false => text.trim().to_owned(),
    }
}
