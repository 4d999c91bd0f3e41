//! heddle's own tests, on each of its faces.
//!
//! A face is a set of features, and features of one build are shared by all of it: so each face is
//! built by a cargo of its own into a target folder of its own. The name of a test file says on
//! which faces it runs (`ordinary_`, `trace_`, `model_`, `real_` for the first two, `every_`;
//! without such a prefix on the ordinary one). Which tests those are is read from the sources, and
//! a test that is there and did not run is a failure: a gate that is never open would otherwise
//! look like success.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heddle_tests::{files, root, shown, text};
use serde_json::Value;

/// The variables that a nested cargo needs; everything else stays outside.
const KEPT_VARIABLES: &[&str] = &[
    "PATH",
    "HOME",
    "TMPDIR",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
];

/// The program that holds the unit tests, named after the crate.
const UNIT_TESTS: &str = "heddle";

/// One way to build heddle.
struct Face {
    name: &'static str,
    features: &'static [&'static str],
    prefixes: &'static [&'static str],
}

const ORDINARY: Face = Face {
    name: "ordinary",
    features: &[],
    prefixes: &["ordinary_", "real_", "every_"],
};

const TRACE: Face = Face {
    name: "trace",
    features: &["--features", "trace"],
    prefixes: &["trace_", "real_", "every_"],
};

const MODEL: Face = Face {
    name: "model",
    features: &["--no-default-features", "--features", "model"],
    prefixes: &["model_", "every_"],
};

/// heddle's tests hold over plain std.
#[test]
fn heddle_holds_on_the_ordinary_face() {
    ORDINARY.run_every_test();
}

/// The examples in heddle's documentation compile and hold.
#[test]
fn the_examples_of_heddles_documentation_hold() {
    let output = ORDINARY
        .cargo_test()
        .arg("--doc")
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "{}",
        told("documentation", &output)
    );
    let written = files(&root().join("katas/heddle/src"), "rs");
    let fences = |source: &PathBuf| {
        let text = text(source);
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| line.starts_with("/// ```") || line.starts_with("//! ```"))
            .count()
    };
    let written: usize = written.iter().map(fences).sum::<usize>() / 2;
    assert!(written > 0);
    assert_eq!(passed_tests(&output).len(), written);
}

/// heddle's tests hold where each thread's operations are kept.
#[test]
fn heddle_holds_on_the_trace_face() {
    TRACE.run_every_test();
}

/// heddle's tests hold under the model checker.
#[test]
fn heddle_holds_on_the_model_face() {
    MODEL.run_every_test();
}

/// A unit test inside heddle is compiled on one face at least.
#[test]
fn every_unit_test_of_heddle_runs_on_some_face() {
    let listed: BTreeSet<String> = [ORDINARY, TRACE, MODEL]
        .iter()
        .flat_map(Face::unit_tests)
        .collect();
    let written: BTreeSet<String> = files(&root().join("katas/heddle/src"), "rs")
        .iter()
        .flat_map(|source| tests_of(&text(source)))
        .collect();
    let lost: Vec<&String> = written.difference(&listed).collect();
    assert!(lost.is_empty(), "no face compiles {lost:?}");
}

impl Face {
    /// Runs every test program of this face and compares what ran with what is written.
    fn run_every_test(&self) {
        let programs = self.build();
        let expected = self.expected();
        let mut totals = Vec::new();
        let mut complaints = Vec::new();
        for (name, program) in &programs {
            let output = run(program);
            let passed = passed_tests(&output);
            totals.push((passed.len(), name));
            if !output.status.success() {
                complaints.push(told(name, &output));
            }
            let written = expected.get(name).cloned().unwrap_or_default();
            for test in written.difference(&passed) {
                complaints.push(format!("{name}: `{test}` is written and did not pass"));
            }
        }
        for name in expected.keys().filter(|name| !programs.contains_key(*name)) {
            complaints.push(format!("{name}: no test program of this name was built"));
        }
        self.print_totals(&totals);
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    /// The unit tests that this face compiles.
    fn unit_tests(&self) -> BTreeSet<String> {
        let programs = self.build();
        let output = clean(Command::new(&programs[UNIT_TESTS]))
            .args(["--list", "--format", "terse"])
            .output()
            .expect("a test program can be started");
        let listing = String::from_utf8_lossy(&output.stdout);
        listing
            .lines()
            .filter_map(|line| line.strip_suffix(": test"))
            .map(last_segment)
            .collect()
    }

    /// Builds the test programs of this face: their paths by the name of their target.
    fn build(&self) -> BTreeMap<String, PathBuf> {
        let expected = self.expected();
        let output = self
            .cargo_test()
            .arg("--lib")
            .args(expected.keys().flat_map(|name| ["--test", name]))
            .args(["--no-run", "--message-format", "json"])
            .output()
            .expect("cargo can be started");
        assert!(output.status.success(), "{}", told(self.name, &output));
        let messages = String::from_utf8_lossy(&output.stdout);
        let programs: BTreeMap<_, _> = messages.lines().filter_map(program).collect();
        assert!(!programs.is_empty(), "{}: nothing was built", self.name);
        programs
    }

    /// `cargo test` of heddle with the features of this face, in a target folder of its own.
    fn cargo_test(&self) -> Command {
        let mut command = clean(Command::new(env!("CARGO")));
        command
            .args(["test", "--package", "heddle", "--locked"])
            // To optimise these programs takes several times as long as to run them as they are.
            .args(["--config", "profile.dev.package.heddle.opt-level=0"])
            .args(self.features)
            .arg("--target-dir")
            .arg(root().join("target/faces").join(self.name))
            .current_dir(root());
        command
    }

    /// The tests that are written for this face, by the file that holds them.
    fn expected(&self) -> BTreeMap<String, BTreeSet<String>> {
        let folder = root().join("katas/heddle/tests");
        files(&folder, "rs")
            .iter()
            .filter(|source| source.parent() == Some(&folder))
            .filter_map(|source| {
                let name = source.file_stem()?.to_str()?.to_owned();
                let tests = tests_of_program(source);
                assert!(!tests.is_empty(), "{} has no test", shown(source));
                self.runs(&name).then_some((name, tests))
            })
            .collect()
    }

    fn runs(&self, file: &str) -> bool {
        let is_for = |face: &Face| face.prefixes.iter().any(|prefix| file.starts_with(prefix));
        let has_prefix = [ORDINARY, TRACE, MODEL].iter().any(is_for);
        is_for(self) || (!has_prefix && self.name == ORDINARY.name)
    }

    /// Says how much ran, past the harness, which shows what a test prints only if it fails.
    fn print_totals(&self, totals: &[(usize, &String)]) {
        let all: usize = totals.iter().map(|(tests, _)| tests).sum();
        let parts: Vec<String> = totals
            .iter()
            .filter(|(tests, _)| *tests > 0)
            .map(|(tests, name)| format!("{name} {tests}"))
            .collect();
        let line = format!(
            "heddle, {} face: {all} tests ({})\n",
            self.name,
            parts.join(", ")
        );
        // Without a terminal to write to there is nobody to tell.
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

/// Runs a test program in the folder that cargo would run it in.
fn run(program: &Path) -> Output {
    clean(Command::new(program))
        .current_dir(root().join("katas/heddle"))
        .output()
        .expect("a test program can be started")
}

/// Leaves only what is needed of the surroundings.
fn clean(mut command: Command) -> Command {
    command.env_clear();
    for name in KEPT_VARIABLES {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// The target's name and the path of a test program, from one line of cargo's messages.
fn program(line: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let path = message["executable"].as_str()?;
    let name = message["target"]["name"].as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}

/// The tests that libtest reports as passed.
fn passed_tests(output: &Output) -> BTreeSet<String> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok"))
        .map(str::to_owned)
        .collect()
}

/// The tests of a test program: those of its root, and those of the files that it takes in by
/// `#[path = "…"]` directly above `mod name;`.
fn tests_of_program(root: &Path) -> BTreeSet<String> {
    let source = text(root);
    let mut tests: BTreeSet<String> = tests_of(&source).into_iter().collect();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let path = line
            .strip_prefix("#[path = \"")
            .and_then(|rest| rest.strip_suffix("\"]"));
        let Some(path) = path else { continue };
        let module = lines
            .next()
            .and_then(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        let module = module.expect("a module follows its path");
        let file = root.with_file_name(path);
        tests.extend(
            tests_of(&text(&file))
                .iter()
                .map(|test| format!("{module}::{test}")),
        );
    }
    tests
}

/// The tests that are written in a source, each with `#[test]` on a line of its own.
fn tests_of(source: &str) -> Vec<String> {
    let mut lines = source.lines().map(str::trim);
    let mut tests = Vec::new();
    while lines.any(|line| line == "#[test]") {
        // Other attributes may stand between.
        let function = lines.find_map(|line| line.strip_prefix("fn "));
        let name = function.and_then(|rest| rest.split_once('('));
        let (name, _) = name.expect("a function follows `#[test]`");
        tests.push(name.to_owned());
    }
    tests
}

fn last_segment(path: &str) -> String {
    path.rsplit("::").next().unwrap_or(path).to_owned()
}

/// What a program said, with the name of what it was run for.
fn told(name: &str, output: &Output) -> String {
    format!(
        "{name}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
