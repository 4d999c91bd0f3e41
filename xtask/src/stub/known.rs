//! Telling a stub that was written from here from somebody's work.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use hmac_sha256::Hash;

use super::derive::derive;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};

/// Whether that text is a stub of the kata: the one derived now, one that was written from here before, or the
/// one that belongs to the last committed solution.
pub(super) fn is_stub(kata: &Kata, text: &str, derived: &str) -> bool {
    text == derived || recorded(kata, text) || committed(kata).is_some_and(|stub| stub == text)
}

/// Remembers a stub that is about to be written, so that it may be replaced after the solution has changed.
pub(super) fn record(kata: &Kata, stub: &str) -> Result<(), FileError> {
    if recorded(kata, stub) {
        return Ok(());
    }
    let path = list(kata);
    let known = fs::read_to_string(&path).unwrap_or_default();
    files::write(&path, format!("{known}{}\n", fingerprint(stub)).as_bytes())
}

fn recorded(kata: &Kata, text: &str) -> bool {
    let fingerprint = fingerprint(text);
    fs::read_to_string(list(kata)).is_ok_and(|list| list.lines().any(|line| line == fingerprint))
}

/// A convenience that may be lost at any time: without it a stale stub is refused and `reset` helps.
fn list(kata: &Kata) -> PathBuf {
    kata.workspace.scratch.join("stubs").join(&kata.id)
}

fn fingerprint(text: &str) -> String {
    files::hex(&Hash::hash(text.as_bytes()))
}

/// The stub of the last committed solution. The committed file itself proves nothing: learners commit too.
fn committed(kata: &Kata) -> Option<String> {
    let path = kata.workspace.display(&kata.solution_file());
    let output = Command::new("git")
        .arg("-C")
        .arg(&kata.workspace.root)
        .args(["cat-file", "blob"])
        .arg(format!("HEAD:{path}"))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    derive(&String::from_utf8(output.stdout).ok()?).ok()
}
