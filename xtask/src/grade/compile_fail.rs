//! The programs that the types must refuse.
//!
//! Each must compile without `--cfg refused` and fail with it, with the one error it declares: then
//! the refusal is caused by that part alone. All are compiled together first, which takes a fraction
//! of the time; only what does not come out as declared is compiled by itself, and that decides.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use super::Fault;
use super::claim_run::{self, Surroundings};
use crate::build::messages::{CompilerMessage, Span};
use crate::build::{self, Linkage};
use crate::process::{Group, Slot};
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::ClaimDecl;
use heddle_terms::files;
use heddle_terms::report::{ClaimReport, Failure, Kind, Outcome};

/// What the compile-fail programs of a kata are compiled with.
#[derive(Clone, Copy)]
pub(super) struct Compiler<'a> {
    pub(super) toolchain: &'a Toolchain,
    pub(super) linkage: &'a Linkage,
}

/// Judges all compile-fail programs of the kata.
pub(super) fn run(
    around: Surroundings<'_>,
    compiler: Compiler<'_>,
) -> Result<Vec<ClaimReport>, Fault> {
    let claims: Vec<&ClaimDecl> = around
        .kata
        .claims
        .iter()
        .filter(|claim| claim.error_code.is_some())
        .collect();
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let started = Instant::now();
    let as_declared = together(around, compiler, &claims)?;
    let share = started.elapsed() / claims.len() as u32;
    let mut reports = Vec::new();
    for claim in claims {
        let started = Instant::now();
        let outcome = match as_declared.contains(&claim.name) {
            true => passed(),
            false => alone(around, compiler, claim)?,
        };
        let took = share + started.elapsed();
        reports.push(claim_run::report(
            around,
            claim,
            outcome,
            took,
            String::new(),
        ));
    }
    Ok(reports)
}

fn passed() -> Outcome {
    Outcome::Passed {
        cases: 1,
        schedules: 0,
        rungs: Vec::new(),
        seed: None,
    }
}

/// Compiles all programs as modules of one crate; the names of those that came out as declared.
fn together(
    around: Surroundings<'_>,
    compiler: Compiler<'_>,
    claims: &[&ClaimDecl],
) -> Result<BTreeSet<String>, Fault> {
    let mut text = String::from("//! All programs that must not compile.\n");
    for (number, claim) in claims.iter().enumerate() {
        let _ = write!(text, "#[path = {:?}]\nmod program_{number};\n", claim.file);
    }
    let root = around.folder.join("compile_fail.rs");
    files::write(&root, text.as_bytes())?;
    let accepted = compiler.compile(around, &root, "lib", false)?;
    if !errors(&accepted).is_empty() {
        return Ok(BTreeSet::new());
    }
    let refused = compiler.compile(around, &root, "lib", true)?;
    let refused = errors(&refused);
    let is_as_declared = |claim: &ClaimDecl| {
        let own: Vec<&CompilerMessage> = refused
            .iter()
            .filter(|error| points_into(error, &claim.file))
            .copied()
            .collect();
        !own.is_empty() && own.iter().all(|error| has_code(error, claim))
    };
    Ok(claims
        .iter()
        .filter(|claim| is_as_declared(claim))
        .map(|claim| claim.name.clone())
        .collect())
}

/// Compiles one program by itself, without and with the part that must be refused.
fn alone(
    around: Surroundings<'_>,
    compiler: Compiler<'_>,
    claim: &ClaimDecl,
) -> Result<Outcome, Fault> {
    let accepted = compiler.compile(around, &claim.file, "bin", false)?;
    if let Some(error) = errors(&accepted).first() {
        return Ok(misjudged(
            around,
            "the types refuse what they must accept",
            error,
        ));
    }
    let refused = compiler.compile(around, &claim.file, "bin", true)?;
    let refused = errors(&refused);
    if refused.is_empty() {
        let message = "the types accept what they must refuse";
        return Ok(Outcome::Failed(Box::new(Failure::new(
            Kind::Accepted,
            message,
        ))));
    }
    Ok(match refused.iter().find(|error| !has_code(error, claim)) {
        None => passed(),
        Some(error) => {
            let expected = claim.error_code.as_deref().unwrap_or_default();
            misjudged(
                around,
                &format!("the types refuse it, but not with {expected}"),
                error,
            )
        }
    })
}

fn misjudged(around: Surroundings<'_>, problem: &str, error: &CompilerMessage) -> Outcome {
    let said = error.rendered.as_deref().unwrap_or(&error.message);
    let said = build::from_the_root(said, &around.kata.workspace);
    Outcome::Failed(Box::new(Failure::new(
        Kind::Misjudged,
        format!("{problem}:\n{said}"),
    )))
}

impl Compiler<'_> {
    /// Checks a program without producing code; what the compiler said.
    fn compile(
        self,
        around: Surroundings<'_>,
        file: &Path,
        crate_type: &str,
        refused: bool,
    ) -> Result<Vec<CompilerMessage>, Fault> {
        let mut command = self.toolchain.rustc(around.folder);
        command
            .args([
                "--edition",
                "2024",
                "--crate-name",
                "refusals",
                "--crate-type",
                crate_type,
            ])
            .args([
                "--emit",
                "metadata",
                "--error-format",
                "json",
                "--cap-lints",
                "allow",
            ]);
        self.linkage.add_to(&mut command);
        if refused {
            command.args(["--cfg", "refused"]);
        }
        let word = files::unforeseeable()?;
        let output = around.folder.join(format!("refusals-{word}.rmeta"));
        command.arg("-o").arg(&output).arg(file);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let ended = {
            let _slot = Slot::take();
            Group::spawn(&mut command)?.wait_with_output()?
        };
        crate::process::check_interrupted()?;
        // There is none when the program was refused.
        let _ = std::fs::remove_file(&output);
        let said = around.subject.by_its_own_path(ended.stderr);
        let said = String::from_utf8_lossy(&said);
        let messages: Vec<CompilerMessage> = said
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        if ended.status.success() == errors(&messages).is_empty() {
            Ok(messages)
        } else {
            let file = around.kata.workspace.display(file);
            Err(Fault::Compiler {
                file,
                said: said.trim().to_owned(),
            })
        }
    }
}

/// The errors among the messages, without the one that only counts the others.
fn errors(messages: &[CompilerMessage]) -> Vec<&CompilerMessage> {
    let is_error = |message: &&CompilerMessage| {
        message.level.starts_with("error") && !message.message.starts_with("aborting due to")
    };
    messages.iter().filter(is_error).collect()
}

fn has_code(error: &CompilerMessage, claim: &ClaimDecl) -> bool {
    error.code.as_ref().map(|code| code.code.as_str()) == claim.error_code.as_deref()
}

/// Whether an error lies in that file, macros looked through.
fn points_into(error: &CompilerMessage, file: &Path) -> bool {
    error
        .spans
        .iter()
        .filter(|span| span.is_primary)
        .any(|span| {
            let mut span: &Span = span;
            while let Some(expansion) = &span.expansion {
                span = &expansion.span;
            }
            Path::new(&span.file_name) == file
        })
}
