//! What writing a stub may replace, and what it must not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::{ShipError, Written, check, is_untouched, write};
use heddle_terms::catalogue::{Kata, Workspace};

const META: &str = r#"
title = "T"
part = "locks"
summary = "S."
difficulty = 1
minutes = 1
seed = "S"
hints = ["a", "b", "c"]
[python]
section = 1
behaviours = 0
mistakes = 0
"#;

/// A workspace in a folder of its own, with one solution, that goes away with the test.
struct House {
    root: PathBuf,
    kata: Kata,
}

impl House {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("heddle-ship-{}-{name}", std::process::id()));
        let workspace = Arc::new(Workspace::at(&root));
        let id = "kata-01-a".to_owned();
        let house = Self {
            kata: Kata {
                number: 1,
                slug: "a".to_owned(),
                dir: root.join("katas").join(&id),
                meta: basic_toml::from_str(META).expect("META is a kata.toml"),
                claims: Vec::new(),
                programs: Vec::new(),
                workspace,
                id,
            },
            root,
        };
        house.solve("first");
        house
    }

    fn solve(&self, text: &str) {
        put(
            &self.kata.solution_file(),
            &format!("//! Docs.\n\nfn f() {{\n    // stub: todo \"{text}\"\n}}\n"),
        );
    }

    fn shipped(&self) -> String {
        fs::read_to_string(self.kata.learner_file()).expect("there is a stub")
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args([
                "-c",
                "user.name=n",
                "-c",
                "user.email=e",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file has a folder"))
        .expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}

/// A kata without a stub gets one, and it is then the right one.
#[test]
fn a_missing_stub_is_written() {
    let house = House::new("missing");
    assert_eq!(write(&house.kata).expect("written"), Written::Created);
    assert!(house.shipped().contains("todo!(\"first\")"));
    check(&house.kata).expect("the stub is the solution's");
    assert_eq!(write(&house.kata).expect("written"), Written::Unchanged);
}

/// An author who changes the solution twice may write the stub twice.
#[test]
fn a_stub_written_before_is_replaced() {
    let house = House::new("twice");
    write(&house.kata).expect("written");
    house.solve("second");
    assert!(is_untouched(&house.kata).expect("readable"));
    assert_eq!(write(&house.kata).expect("written"), Written::Replaced);
    assert!(house.shipped().contains("todo!(\"second\")"));
    let source = house.kata.dir.join("src");
    let files = fs::read_dir(source).expect("the folder is there").count();
    assert_eq!(files, 1, "a temporary file stayed");
}

/// A learner's file is never lost, however it came about.
#[test]
fn a_worked_file_is_refused_and_stays() {
    let house = House::new("worked");
    write(&house.kata).expect("written");
    put(&house.kata.learner_file(), "//! Mine.\n");
    house.git(&["init", "-q"]);
    house.git(&["add", "--all"]);
    house.git(&["commit", "-qm", "mine"]);
    let error = write(&house.kata).expect_err("somebody's work");
    assert!(matches!(error, ShipError::Worked { .. }), "{error}");
    assert!(
        error.to_string().contains("cargo xtask reset kata-01-a"),
        "{error}"
    );
    assert!(!is_untouched(&house.kata).expect("readable"));
    assert_eq!(house.shipped(), "//! Mine.\n");
}

/// A fresh clone has no memory of its own, but it has the committed solution.
#[test]
fn the_stub_of_the_committed_solution_is_replaced() {
    let house = House::new("committed");
    write(&house.kata).expect("written");
    house.git(&["init", "-q"]);
    house.git(&["add", "solutions", "katas"]);
    house.git(&["commit", "-qm", "first"]);
    fs::remove_dir_all(&house.kata.workspace.scratch).expect("there is a memory");
    house.solve("second");
    assert_eq!(write(&house.kata).expect("written"), Written::Replaced);
}

/// A stub that was not written after its solution changed is told from one that was.
#[test]
fn a_stale_stub_is_told_with_the_line_that_differs() {
    let house = House::new("stale");
    write(&house.kata).expect("written");
    house.solve("second");
    let error = check(&house.kata).expect_err("stale");
    assert!(matches!(error, ShipError::Stale { line: 6, .. }), "{error}");
}

/// Without a stub there is nothing to compare, and the message says what to do.
#[test]
fn a_missing_stub_is_told_with_the_command_that_writes_it() {
    let house = House::new("none");
    let error = check(&house.kata).expect_err("no stub").to_string();
    assert_eq!(
        error,
        "katas/kata-01-a/src/lib.rs is missing; `cargo xtask stub kata-01-a --write` writes it"
    );
}

/// Bytes that are no text are somebody's as well.
#[test]
fn a_file_that_is_not_utf_8_is_refused_and_stays() {
    let house = House::new("bytes");
    write(&house.kata).expect("written");
    fs::write(house.kata.learner_file(), [0xff, 0xfe]).expect("the file can be written");
    let error = write(&house.kata).expect_err("not a stub");
    assert!(matches!(error, ShipError::Worked { .. }), "{error}");
}
