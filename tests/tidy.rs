//! The rules of the house that a machine can check.

use heddle_tests::{files, root, shown, text};
use std::path::{Path, PathBuf};

fn sources() -> Vec<PathBuf> {
    files(root(), "rs")
}

/// The lines of the sources for which `bad` holds, as `file:line: text`.
fn offences(of: impl Fn(&Path) -> bool, bad: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources().into_iter().filter(|path| of(path)) {
        for (number, line) in text(&path).lines().enumerate() {
            if bad(line) {
                found.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    found
}

fn in_folder(path: &Path, folder: &str) -> bool {
    path.starts_with(root().join(folder))
}

#[track_caller]
fn assert_none(found: &[String], remedy: &str) {
    assert!(found.is_empty(), "{remedy}:\n{}", found.join("\n"));
}

/// Every source begins by saying what it is.
#[test]
fn every_source_begins_with_its_doc() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|path| !text(path).starts_with("//!"))
        .map(|path| shown(path))
        .collect();
    assert_none(
        &silent,
        "begin the file with a `//!` line that says what it is",
    );
}

/// A file that nobody can read in one sitting hides something. The claims of a phase are one file
/// and short pieces without a thread between them, so they may be a little longer.
#[test]
fn no_source_is_longer_than_400_lines() {
    let most = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("spec.rs" | "model.rs") if shown(path).starts_with("katas/kata-") => 500,
        _ => 400,
    };
    let long: Vec<String> = sources()
        .iter()
        .map(|path| (text(path).lines().count(), path))
        .filter(|(lines, path)| *lines > most(path))
        .map(|(lines, path)| format!("{}: {lines} lines", shown(path)))
        .collect();
    assert_none(&long, "split the file along a seam");
}

/// loom is named in one place, so that nothing else depends on it.
#[test]
fn loom_is_named_in_the_model_engine_alone() {
    let outside = |path: &Path| !in_folder(path, "katas/heddle/src/engine/model");
    let names = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        ["loom::", "use loom", "extern crate loom"]
            .iter()
            .any(|name| {
                code.match_indices(name)
                    .any(|(at, _)| !code[..at].ends_with(|c: char| c == '"' || c.is_alphanumeric()))
            })
            && !code.contains('"')
    };
    assert_none(
        &offences(outside, names),
        "go through heddle's model engine",
    );
}

/// The libraries below the commands return what they found; only the command line prints or exits.
#[test]
fn the_graders_libraries_never_print() {
    let library = |path: &Path| {
        let folders = ["xtask/src", "xtask/terms/src", "xtask/counterexample/src"];
        folders.iter().any(|folder| in_folder(path, folder)) && !shown(path).contains("tests")
    };
    let prints = |line: &str| {
        let code = line.split("//").next().unwrap_or_default().trim_start();
        [
            "println!",
            "print!(",
            "eprintln!",
            "eprint!(",
            "process::exit",
        ]
        .iter()
        .any(|call| {
            code.starts_with(call)
                || code.contains(&format!(" {call}"))
                || code.contains(&format!("std::{call}"))
        })
    };
    assert_none(&offences(library, prints), "return it instead");
}

/// No claim is switched off, and none passes by a panic of any kind.
#[test]
fn no_test_is_ignored_or_expects_any_panic() {
    let all = |_: &Path| true;
    let off = |line: &str| {
        let line = line.trim();
        line.starts_with("#[ignore") || line == "#[should_panic]"
    };
    assert_none(
        &offences(all, off),
        "state the claim so that it can run and fail",
    );
}

/// A claim on real threads is arranged by hand-shakes, never by sleeping; a model's clock is virtual.
#[test]
fn no_claim_sleeps() {
    let claims = |path: &Path| {
        in_folder(path, "katas")
            && !in_folder(path, "katas/heddle")
            && shown(path).contains("/tests/")
            && !path.ends_with("tests/model.rs")
            && !path.ends_with("kata-12-queue/tests/support/virtual_time.rs")
    };
    assert_none(
        &offences(claims, |line| line.contains("sleep(")),
        "wait with `heddle::thread::until_blocked` or a hand-shake",
    );
}

/// The project speaks of itself alone.
#[test]
fn no_path_of_a_machine_stands_in_the_tree() {
    let mut found = Vec::new();
    for extension in ["rs", "toml", "md", "patch", "json"] {
        for path in files(root(), extension) {
            for (number, line) in text(&path).lines().enumerate() {
                // Put together here, so that this file does not find itself.
                let paths = [concat!("/ro", "ot/"), concat!("/wo", "rk/")];
                if paths.iter().any(|path| line.contains(path)) {
                    found.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
                }
            }
        }
    }
    assert_none(&found, "name no path of the machine");
}

/// Every dependency has its line in ARCHITECTURE.md.
#[test]
fn every_dependency_earns_its_line() {
    let architecture = text(&root().join("ARCHITECTURE.md"));
    let mut missing = Vec::new();
    for manifest in files(root(), "toml")
        .into_iter()
        .filter(|path| path.ends_with("Cargo.toml"))
    {
        let mut depends = false;
        for line in text(&manifest).lines() {
            if line.starts_with('[') {
                depends = line.ends_with("dependencies]");
                continue;
            }
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            let ours =
                ["heddle", "xtask", ""].contains(&name) || name.starts_with(['#', '}', ']', '"']);
            if depends && !ours && !architecture.contains(name) {
                missing.push(format!("{}: {name}", shown(&manifest)));
            }
        }
    }
    assert_none(&missing, "say in ARCHITECTURE.md why it is needed");
}
