//! Nothing passes without proof.

use std::fs;
use std::path::Path;

use heddle_terms::catalogue::{Catalogue, Kata, Workspace};
use heddle_terms::report::Verdict;
use xtask::grade::{Fault, Options, grade};
use xtask::subject::Subject;

use crate::world::{copy_folder, empty_folder, fixtures, repository, verdict_on, with_body};

/// Printing what the test harness prints, and then leaving, is no pass.
#[test]
fn a_forged_line_of_success_is_no_pass() {
    let body = "println!(\"test spec::nothing_stays_nothing ... ok\\n\\ntest result: ok. 1 passed\");\n    \
                std::process::exit(0)";
    let verdict = verdict_on(&with_body(body));
    assert!(
        matches!(verdict, Verdict::ExitedEarly { .. }),
        "{verdict:?}"
    );
}

/// A record with a guessed nonce, written to every descriptor there may be, is no pass.
#[test]
fn a_forged_record_is_no_pass() {
    let body = r#"
    use std::io::Write as _;
    use std::os::fd::FromRawFd as _;
    let line = "{\"nonce\":\"0\",\"event\":\"passed\",\"runner\":\"spec\",\"cases\":1}\n";
    for descriptor in 0..64 {
        // SAFETY: nothing is: this is what a cheat would write.
        let file = unsafe { std::fs::File::from_raw_fd(descriptor) };
        let mut file = std::mem::ManuallyDrop::new(file);
        let _ = file.write_all(line.as_bytes());
    }
    std::process::exit(0)"#;
    let verdict = verdict_on(&with_body(body));
    assert!(
        matches!(verdict, Verdict::ExitedEarly { .. }),
        "{verdict:?}"
    );
}

/// A claim that is declared where the grader reads it, but not compiled, is a fault of the tool.
#[test]
fn a_claim_missing_from_the_binary_is_a_fault() {
    let kata = changed("missing-claim", "tests/spec.rs", |text| {
        text.replace("#[test]\nfn nothing", "#[cfg(any())]\n#[test]\nfn nothing")
    });
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("no verdict");
    assert!(
        fault.to_string().contains("nothing_stays_nothing"),
        "{fault}"
    );
}

/// A claim that the binary has, but no reader of the sources finds, is a fault of the tool.
#[test]
fn a_claim_missing_from_the_sources_is_a_fault() {
    let kata = changed("hidden-claim", "tests/spec.rs", |text| {
        format!("{text}\nmod hidden {{\n    #[test]\n    fn unseen() {{}}\n}}\n")
    });
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("no verdict");
    assert!(matches!(fault, Fault::Claims { .. }), "{fault}");
    assert!(fault.to_string().contains("unseen"), "{fault}");
}

/// A claim that never calls its runner proves nothing.
#[test]
fn a_claim_without_its_runner_is_a_fault() {
    let kata = changed("no-runner", "tests/spec.rs", |text| {
        text.replace(
            "heddle::spec(|| assert_eq!(twice(0), 0));",
            "assert_eq!(twice(0), 0);",
        )
    });
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("no verdict");
    assert!(matches!(fault, Fault::Claim { .. }), "{fault}");
    assert!(
        fault.to_string().contains("spec::nothing_stays_nothing"),
        "{fault}"
    );
}

/// A claim that calls the runner of another phase proves the wrong thing.
#[test]
fn a_claim_with_another_runner_is_a_fault() {
    let kata = changed("other-runner", "tests/properties.rs", |text| {
        let start = text
            .find("    heddle::property")
            .expect("the fixture calls it");
        format!(
            "{}    heddle::spec(|| assert_eq!(twice(1), 2));\n}}\n",
            &text[..start]
        )
    });
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("no verdict");
    assert!(fault.to_string().contains("another runner"), "{fault}");
}

/// kata-01 in a copy of its own, with one of its files changed.
fn changed(name: &str, file: &str, change: impl FnOnce(String) -> String) -> Kata {
    let root = empty_folder(name);
    copy_folder(&fixtures(), &root);
    let file = root.join("katas/kata-01-turn").join(file);
    let text = fs::read_to_string(&file).expect("readable");
    let changed = change(text.clone());
    assert_ne!(changed, text, "the change does not apply");
    fs::write(&file, changed).expect("writable");
    open(&root)
}

fn open(root: &Path) -> Kata {
    let workspace = Workspace::at(root)
        .built_with(repository())
        .with_scratch(repository().join("target/grade"));
    let catalogue = Catalogue::load(&workspace).expect("the copy is in order");
    catalogue.find("1").expect("the copy has the kata")
}
