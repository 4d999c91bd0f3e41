//! Builds need no network once the crates are there.

use std::process::Command;

use heddle_terms::catalogue::Catalogue;
use xtask::grade::{Fault, Options, grade};
use xtask::subject::Subject;

use crate::world::{empty_folder, workspace};

/// The variable by which this test program knows that it is run by itself.
const INSIDE: &str = "NETWORK_INSIDE";
/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:9";

/// Without the crates and without network it is said what to run.
#[test]
fn missing_crates_are_told_with_what_to_run() {
    if std::env::var_os(INSIDE).is_some() {
        return;
    }
    let program = std::env::current_exe().expect("a test program knows its path");
    let output = Command::new(program)
        .args([
            "--exact",
            "network::inside_an_empty_cargo_home",
            "--nocapture",
        ])
        .env("CARGO_HOME", empty_folder("cargo-home"))
        .envs([
            ("https_proxy", NOBODY),
            ("http_proxy", NOBODY),
            ("HTTPS_PROXY", NOBODY),
        ])
        .env(INSIDE, "1")
        .output()
        .expect("this test program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("1 passed"), "{said}");
}

/// The inner half of the claim above, which says nothing by itself.
#[test]
fn inside_an_empty_cargo_home() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    let workspace = workspace().with_scratch(empty_folder("no-crates"));
    let kata = Catalogue::load(&workspace)
        .and_then(|all| all.find("1"))
        .expect("in order");
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("no crates");
    assert!(matches!(fault, Fault::Fetch(_)), "{fault}");
    assert!(
        fault.to_string().contains("run `cargo fetch --locked`"),
        "{fault}"
    );
}
