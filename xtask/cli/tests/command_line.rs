//! The command line from outside: exit codes, streams, and work that is never lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SOLUTION: &str = "//! A gate.\n\n/// Opens it.\npub fn open() -> u32 {\n    \
                        // stub: todo \"open it\"\n    7\n}\n";

const KATA_TOML: &str = r#"
title = "A gate"
part = "gates"
summary = "Open it."
difficulty = 1
minutes = 5
seed = "Gates"
hints = ["Look at it.", "Push it.", "Return 7."]
[phases]
types = "nothing to refuse"
spec = "nothing to see"
properties = "nothing to generate"
model = "nothing to schedule"
[python]
section = 1
behaviours = 0
mistakes = 0
"#;

/// A repository with two small katas, which is gone when the test is over.
struct Repository {
    root: PathBuf,
}

impl Repository {
    fn new(name: &str) -> Self {
        let folder = format!("heddle-command-line-{name}-{}", std::process::id());
        let root = std::env::temp_dir().join(folder);
        write(&root.join("katas/heddle/Cargo.toml"), "");
        for kata in ["kata-01-gate", "kata-02-wicket"] {
            write(&root.join("katas").join(kata).join("kata.toml"), KATA_TOML);
            write(
                &root.join("solutions").join(kata).join("src/lib.rs"),
                SOLUTION,
            );
        }
        let repository = Self { root };
        repository.passes(&["stub", "--write"]);
        repository
    }

    fn file(&self, kata: &str) -> PathBuf {
        self.root.join("katas").join(kata).join("src/lib.rs")
    }

    fn run(&self, words: &[&str]) -> Output {
        self.run_in(&self.root, words)
    }

    fn run_in(&self, folder: &Path, words: &[&str]) -> Output {
        xtask(folder, words).output().expect("xtask can be started")
    }

    /// Stdout of a command that has to end with 0.
    #[track_caller]
    fn passes(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
        text(&output.stdout)
    }

    /// Stderr of a command that has to end with 2.
    #[track_caller]
    fn is_refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
        text(&output.stderr)
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        // A test that failed may have left nothing to remove.
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn xtask(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command
}

fn write(file: &Path, content: &str) {
    fs::create_dir_all(file.parent().expect("a file in a folder")).expect("the folder is made");
    fs::write(file, content).expect("the file is written");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("xtask writes UTF-8")
}

#[test]
fn without_a_command_it_names_the_next_kata_and_the_file_to_open() {
    let repository = Repository::new("next");
    let said = repository.passes(&[]);
    assert!(said.contains("Next: kata-01 gate"), "{said}");
    assert!(said.contains("katas/kata-01-gate/README.md"), "{said}");
    assert!(said.contains("cargo xtask check 01"), "{said}");
}

#[test]
fn every_name_of_a_kata_means_the_same_kata() {
    let repository = Repository::new("names");
    let shown = repository.passes(&["stub", "kata-02-wicket"]);
    for name in ["kata-02", "02", "2", "wicket"] {
        assert_eq!(repository.passes(&["stub", name]), shown);
    }
    let inside = repository.root.join("katas/kata-02-wicket/src");
    let output = repository.run_in(&inside, &["stub"]);
    assert_eq!(text(&output.stdout), shown);
}

#[test]
fn an_unknown_kata_is_refused_with_the_nearest_name() {
    let repository = Repository::new("nearest");
    let said = repository.is_refused(&["check", "wikcet"]);
    assert!(said.contains("did you mean kata-02-wicket?"), "{said}");
}

#[test]
fn a_missing_name_says_how_to_give_one() {
    let repository = Repository::new("missing");
    for command in ["check", "hint", "reset", "stub"] {
        let said = repository.is_refused(&[command]);
        assert!(said.contains("which kata?"), "{said}");
    }
}

#[test]
fn a_replay_without_a_check_says_what_to_do_first() {
    let repository = Repository::new("replay");
    let said = repository.is_refused(&["replay"]);
    assert!(said.contains("nothing has been checked yet"), "{said}");
    let said = repository.is_refused(&["replay", "wicket"]);
    assert!(said.contains("`cargo xtask check 02`"), "{said}");
}

#[test]
fn a_replay_without_a_terminal_offers_a_page() {
    let repository = Repository::new("replay-pipe");
    // The program is not even built for that, so anything may stand for a report.
    write(
        &repository
            .root
            .join("target/heddle/last/kata-02-wicket.json"),
        "{}",
    );
    let said = repository.is_refused(&["replay"]);
    assert!(said.contains("--html FILE"), "{said}");
}

#[test]
fn reset_keeps_the_work_and_names_the_copy() {
    let repository = Repository::new("reset");
    let file = repository.file("kata-01-gate");
    let stub = fs::read(&file).expect("the stub was written");
    fs::write(&file, "pub fn open() -> u32 { 3 }\n").expect("the learner writes");
    let said = repository.passes(&["reset", "gate"]);
    assert!(said.contains("kept/kata-01-gate-1.rs"), "{said}");
    assert_eq!(fs::read(&file).ok(), Some(stub));
    let copy = fs::read_to_string(repository.root.join("kept/kata-01-gate-1.rs"));
    assert_eq!(copy.ok().as_deref(), Some("pub fn open() -> u32 { 3 }\n"));
}

#[test]
fn reset_of_all_leaves_untouched_stubs_alone() {
    let repository = Repository::new("reset-all");
    let said = repository.passes(&["reset", "--all"]);
    assert_eq!(said.matches("nothing was changed").count(), 2, "{said}");
    assert!(!repository.root.join("kept").exists());
}

#[test]
fn stub_never_writes_over_somebodys_work() {
    let repository = Repository::new("stub");
    let file = repository.file("kata-01-gate");
    fs::write(&file, "pub fn open() -> u32 { 3 }\n").expect("the learner writes");
    let output = repository.run(&["stub", "--write"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cargo xtask reset"));
    let kept = fs::read_to_string(&file);
    assert_eq!(kept.ok().as_deref(), Some("pub fn open() -> u32 { 3 }\n"));
}

#[test]
fn each_hint_comes_with_those_before_it() {
    let repository = Repository::new("hint");
    assert!(!repository.passes(&["hint", "1"]).contains("Push it."));
    let second = repository.passes(&["hint", "1"]);
    assert!(second.contains("1. Look at it.") && second.contains("2. Push it."));
    assert!(
        repository
            .passes(&["hint", "1"])
            .contains("That was the last one.")
    );
    let again = repository.passes(&["hint", "1", "--restart"]);
    assert!(!again.contains("Push it."), "{again}");
}

#[test]
fn a_broken_kata_is_named_and_the_others_are_listed() {
    let repository = Repository::new("broken");
    let toml = repository.root.join("katas/kata-01-gate/kata.toml");
    write(&toml, &format!("unheard = 1\n{KATA_TOML}"));
    let output = repository.run(&["list"]);
    assert_eq!(output.status.code(), Some(2));
    let complaint = text(&output.stderr);
    assert!(
        complaint.contains("kata.toml") && complaint.contains("unheard"),
        "{complaint}"
    );
    assert!(text(&output.stdout).contains("kata-02 wicket"));
}

#[test]
fn a_reader_that_goes_away_causes_no_panic() {
    let repository = Repository::new("pipe");
    let mut child = xtask(&repository.root, &["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xtask can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("xtask ends");
    let complaint = text(&output.stderr);
    assert!(!complaint.contains("panicked"), "{complaint}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_a_fault() {
    let repository = Repository::new("full");
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let output = xtask(&repository.root, &["list"])
        .stdout(full)
        .output()
        .expect("xtask can be started");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot write to stdout"));
}

#[test]
fn what_is_no_terminal_gets_no_escape_sequences() {
    let repository = Repository::new("colours");
    for words in [&["list"][..], &["help"], &["hint", "1"], &[]] {
        assert!(!repository.passes(words).contains('\x1b'), "{words:?}");
    }
}

#[test]
fn the_list_as_json_is_json_alone() {
    let repository = Repository::new("json");
    let said = repository.passes(&["list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&said).expect("stdout is JSON");
    assert_eq!(list[1]["kata"], "kata-02-wicket");
    assert_eq!(list[1]["standing"], "not started");
}
