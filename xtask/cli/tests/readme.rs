//! The session in the README is what the grader says today.

use std::path::Path;
use std::process::Command;

const KATA: &str = "kata-05-rlock";
const MUTANT: &str = "looks-before-it-locks";

/// The line with `#` for every number, and one space for several: a learner's file has no marker
/// comments, so its lines have other numbers there, and what is laid out by them shifts.
fn without_numbers(line: &str) -> String {
    let mut plain = String::new();
    for character in line.chars() {
        let character = if character.is_ascii_digit() {
            '#'
        } else {
            character
        };
        let repeats = matches!(character, '#' | ' ') && plain.ends_with(character);
        if !repeats {
            plain.push(character);
        }
    }
    plain.trim().to_owned()
}

/// The part of a report that is the same whoever is graded: from the schedule to the list of the others.
fn story(report: &str) -> Vec<String> {
    report
        .lines()
        .skip_while(|line| !line.contains("switches, found"))
        .take_while(|line| line.trim() != "Also")
        // The last lines name the file.
        .filter(|line| !line.contains(".rs"))
        .map(without_numbers)
        .collect()
}

/// The README shows a real failing check, with the schedule that the grader finds now.
#[test]
fn the_session_in_the_readme_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the command line lies in the repository");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let (_, session) = readme
        .split_once("$ cargo xtask check kata-05\n")
        .expect("the README has a session");
    let (session, _) = session.split_once("```").expect("the session ends");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check", KATA, "--mutant", MUTANT])
        .current_dir(root)
        .output()
        .expect("xtask starts");
    let report = String::from_utf8(output.stdout).expect("a report is text");
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(story(session).len() > 10, "the README shows no schedule");
    assert_eq!(
        story(session),
        story(&report),
        "record the session in README.md anew"
    );
}
