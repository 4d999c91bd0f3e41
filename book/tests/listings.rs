//! The listings of the book compile and run, and each of them stands in a chapter.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn book() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder of the book that end so, in order.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(book().join(folder)).expect("the folder can be read");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|is| is == ending))
        .collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    let name = path.file_name().expect("a file has a name");
    name.to_string_lossy().into_owned()
}

/// Runs a program to its end; what it printed, if it failed.
fn run(command: &mut Command) -> Result<(), String> {
    let done = command.output().map_err(|error| error.to_string())?;
    let said = [done.stdout, done.stderr].concat();
    match done.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&said).into_owned()),
    }
}

/// rustc as the listings are compiled: warnings are errors, because readers copy what they see.
fn rustc() -> Command {
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "-D", "warnings"]);
    rustc.current_dir(book());
    rustc
}

/// heddle's ordinary face, which needs nothing but std.
fn heddle(folder: &Path) -> PathBuf {
    let library = folder.join("libheddle.rlib");
    let source = book().join("../katas/heddle/src/lib.rs");
    let mut command = rustc();
    command.args(["--crate-type", "rlib", "--crate-name", "heddle"]);
    command.args(["--cap-lints", "allow", "-o"]).arg(&library);
    run(command.arg(source)).expect("heddle compiles");
    library
}

/// Every listing in Rust compiles without a warning and runs to its end.
#[test]
fn listings_in_rust_run() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let heddle = heddle(folder);
    let mut wrong = Vec::new();
    for listing in files("examples", "rs") {
        let program = folder.join(listing.file_stem().expect("a file has a name"));
        let mut command = rustc();
        command.arg("--extern");
        command.arg(format!("heddle={}", heddle.display()));
        // A listing shows what it is about and need not use all of it.
        command.args(["-A", "dead_code", "-o"]).arg(&program);
        let ran = run(command.arg(&listing)).and_then(|()| run(&mut Command::new(&program)));
        if let Err(said) = ran {
            wrong.push(format!("{}:\n{said}", name(&listing)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every listing in Python runs to its end, where there is a Python.
#[test]
fn listings_in_python_run() {
    if run(Command::new("python3").arg("--version")).is_err() {
        eprintln!("skipped: there is no python3 here, so the listings in Python are not run");
        return;
    }
    let mut wrong = Vec::new();
    for listing in files("examples", "py") {
        let mut python = Command::new("python3");
        // A .pyc beside a listing would be a file of the book.
        python.args(["-B", "-W", "error"]).arg(&listing);
        if let Err(said) = run(python.current_dir(book().join("examples"))) {
            wrong.push(format!("{}:\n{said}", name(&listing)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is marked in a listing is shown somewhere, or it can go.
#[test]
fn every_listing_is_shown() {
    let pages: String = ["chapters", "katas"]
        .iter()
        .flat_map(|folder| files(folder, "md"))
        .map(|page| fs::read_to_string(page).expect("a page can be read"))
        .collect();
    let mut unused = Vec::new();
    for listing in [files("examples", "rs"), files("examples", "py")].concat() {
        let text = fs::read_to_string(&listing).expect("a listing can be read");
        let anchors = text.lines().filter_map(|line| line.split_once("ANCHOR: "));
        for (_, anchor) in anchors {
            let included = format!("examples/{}:{}}}}}", name(&listing), anchor.trim());
            if !pages.contains(&included) {
                unused.push(format!("{}:{anchor}", name(&listing)));
            }
        }
    }
    assert!(unused.is_empty(), "no chapter shows {unused:?}");
}
