//! heddle is part of what a subject is built from, and its old builds are never used.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use heddle_terms::catalogue::{Catalogue, Workspace};
use heddle_terms::report::Verdict;
use xtask::grade::{Options, grade};
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

[dependencies]
base = { path = "../../base" }
"#;

/// A crate below heddle, of which a kata may want more than heddle does.
const BASE_MANIFEST: &str = r#"
[package]
name = "base"
version = "0.1.0"
edition = "2024"

[features]
more = []
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

/// What the other kata adds to that.
const MORE: &str = "base = { path = \"../../base\", features = [\"more\"] }\n";

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
    let root = world("stale-heddle");
    assert!(matches!(verdict(&root, "1"), Verdict::Passed { .. }));
    change_heddle(&root);
    let file = File::options().write(true).open(heddle(&root));
    let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
    file.expect("writable")
        .set_modified(long_ago)
        .expect("its time can be set");
    assert!(matches!(verdict(&root, "1"), Verdict::SpecFailed { .. }));
}

/// A kata whose heddle was compiled for itself gets the new one too, whichever kata is graded first.
#[test]
fn every_kata_gets_the_new_heddle() {
    let root = world("stale-heddle-of-another");
    assert!(matches!(verdict(&root, "1"), Verdict::Passed { .. }));
    assert!(matches!(verdict(&root, "2"), Verdict::Passed { .. }));
    change_heddle(&root);
    assert!(matches!(verdict(&root, "1"), Verdict::SpecFailed { .. }));
    assert!(matches!(verdict(&root, "2"), Verdict::SpecFailed { .. }));
}

/// Two katas on one heddle.
fn world(name: &str) -> PathBuf {
    let root = empty_folder(name);
    write(&root.join("Cargo.toml"), ROOT_MANIFEST);
    write(&root.join("base/Cargo.toml"), BASE_MANIFEST);
    write(&root.join("base/src/lib.rs"), "//! Below heddle.\n");
    write(&root.join("katas/heddle/Cargo.toml"), HEDDLE_MANIFEST);
    write(&heddle(&root), HEDDLE);
    for (name, more) in [("kata-01-word", ""), ("kata-02-more", MORE)] {
        let kata = root.join("katas").join(name);
        let named = |text: &str| {
            let library = name.replace('-', "_");
            text.replace("kata-01-word", name)
                .replace("kata_01_word", &library)
        };
        write(&kata.join("Cargo.toml"), &(named(KATA_MANIFEST) + more));
        write(&kata.join("kata.toml"), KATA);
        write(&kata.join("tests/spec.rs"), &named(SPEC));
        write(
            &kata.join("src/lib.rs"),
            "//! The word.\n\n/// The word.\npub const WORD: u64 = 1;\n",
        );
    }
    lock(&root);
    root
}

fn heddle(root: &Path) -> PathBuf {
    root.join("katas/heddle/src/lib.rs")
}

/// After this heddle has another word than the subjects know.
fn change_heddle(root: &Path) {
    let changed = HEDDLE.replace("WORD: u64 = 1", "WORD: u64 = 2");
    write(&heddle(root), &changed);
}

fn verdict(root: &Path, kata: &str) -> Verdict {
    let catalogue = Catalogue::load(&Workspace::at(root)).expect("it is in order");
    let kata = catalogue.find(kata).expect("it has the kata");
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
