//! heddle is part of what a subject is built from, and its old builds are never used.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use xtask::catalogue::{Catalogue, Workspace};
use xtask::grade::{Options, grade};
use xtask::report::Verdict;
use xtask::subject::Subject;

use crate::world::empty_folder;

const ROOT_MANIFEST: &str = r#"
[workspace]
members = ["katas/*"]
resolver = "3"

[workspace.package]
edition = "2024"
"#;

const HEDDLE_MANIFEST: &str = r#"
[package]
name = "heddle"
version = "0.1.0"
edition = "2024"

[features]
trace = []
model = []
property = []
"#;

/// As much of heddle as one spec claim needs.
const HEDDLE: &str = r#"
//! A stand-in for heddle.
pub const WORD: u64 = 1;

pub fn spec(claim: impl FnOnce()) {
    use std::io::Write as _;
    use std::os::fd::FromRawFd as _;
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let record: i32 = number("HEDDLE_RECORD_FD").expect("a grader");
    let nonce = std::env::var("HEDDLE_NONCE").expect("a grader");
    let mut record = unsafe { std::fs::File::from_raw_fd(record) };
    let mut tell = |event: &str| {
        let line = format!("{{\"nonce\":\"{nonce}\",\"runner\":\"spec\",{event}}}\n");
        record.write_all(line.as_bytes()).expect("a record");
    };
    tell("\"event\":\"started\"");
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(claim)) {
        Ok(()) => tell("\"event\":\"passed\",\"cases\":1"),
        Err(_) => {
            tell("\"event\":\"failed\",\"kind\":\"assertion\",\"message\":\"no\"");
            std::process::exit(101);
        }
    }
}
"#;

const KATA_MANIFEST: &str = r#"
[package]
name = "kata-01-word"
version = "0.1.0"
edition = "2024"

[dependencies]
heddle = { path = "../heddle" }
"#;

const KATA: &str = r#"
title = "A word"
part = "tests"
summary = "heddle has the word."
difficulty = 1
minutes = 1
seed = "None"
hints = ["One.", "Two.", "Three."]

[phases]
types = "Not here."
properties = "Not here."
model = "Not here."

[python]
section = 1
behaviours = 0
mistakes = 0
"#;

const SPEC: &str = "//! The word.\n\n/// heddle has the word that the subject knows.\n#[test]\n\
    fn the_word_is_known() {\n    heddle::spec(|| assert_eq!(heddle::WORD, kata_01_word::WORD));\n}\n";

/// An older heddle moved over a newer one is compiled anew.
#[test]
fn an_older_heddle_moved_over_a_newer_one_is_compiled_anew() {
    let root = empty_folder("stale-heddle");
    let heddle = root.join("katas/heddle/src/lib.rs");
    write(&root.join("Cargo.toml"), ROOT_MANIFEST);
    write(&root.join("katas/heddle/Cargo.toml"), HEDDLE_MANIFEST);
    write(&heddle, HEDDLE);
    let kata = root.join("katas/kata-01-word");
    write(&kata.join("Cargo.toml"), KATA_MANIFEST);
    write(&kata.join("kata.toml"), KATA);
    write(&kata.join("tests/spec.rs"), SPEC);
    write(
        &kata.join("src/lib.rs"),
        "//! The word.\n\n/// The word.\npub const WORD: u64 = 1;\n",
    );
    lock(&root);
    assert!(matches!(verdict(&root), Verdict::Passed { .. }));
    write(&heddle, &HEDDLE.replace("WORD: u64 = 1", "WORD: u64 = 2"));
    let file = File::options().write(true).open(&heddle).expect("writable");
    let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
    file.set_modified(long_ago).expect("its time can be set");
    assert!(matches!(verdict(&root), Verdict::SpecFailed { .. }));
}

fn verdict(root: &Path) -> Verdict {
    let catalogue = Catalogue::load(&Workspace::at(root)).expect("it is in order");
    let kata = catalogue.find("1").expect("it has the kata");
    grade(&kata, &Subject::Learner, &Options::default())
        .expect("no fault")
        .verdict
}

fn lock(root: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let locked = Command::new(cargo)
        .args(["generate-lockfile", "--offline", "--quiet"])
        .current_dir(root)
        .status()
        .expect("cargo runs");
    assert!(locked.success());
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it has one")).expect("writable");
    fs::write(path, text).expect("writable");
}
