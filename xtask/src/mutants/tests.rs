//! Patches that fit, patches that do not, and headers that say nonsense.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::{MutantError, MutantKind, apply, equivalents, find, load};
use crate::mutate::mechanical;
use heddle_terms::catalogue::{ClaimDecl, Kata, Workspace};
use heddle_terms::report::{Kind, Phase};

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
behaviours = 1
mistakes = 0
[[contract]]
id = "1"
says = "S."
"#;

const SOLUTION: &str =
    "//! A lock.\n\nfn lock() {\n    take();\n}\n\nfn unlock() {\n    give();\n    wake();\n}\n";

const HEADER: &str = "# story: Nobody is woken. The next in the queue\n#   sleeps on.\n# phase: model\n# claim: everybody_comes_in\n# kind: deadlock\n# behaviour: 1\n";

const DIFF: &str = "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -6,5 +6,4 @@\n \n fn unlock() {\n     give();\n-    wake();\n }\n";

/// A kata in a folder of its own, that goes away with the test.
struct House {
    root: PathBuf,
    kata: Kata,
}

impl House {
    fn new(name: &str) -> Self {
        let root =
            std::env::temp_dir().join(format!("heddle-mutants-{}-{name}", std::process::id()));
        let id = "kata-01-a".to_owned();
        let claim = |phase, name: &str| ClaimDecl {
            phase,
            name: name.to_owned(),
            sentence: "S.".to_owned(),
            file: PathBuf::new(),
            line: 1,
            error_code: None,
        };
        let kata = Kata {
            number: 1,
            slug: "a".to_owned(),
            dir: root.join("katas").join(&id),
            meta: basic_toml::from_str(META).expect("META is a kata.toml"),
            claims: vec![
                claim(Phase::Types, "compile_fail::sent"),
                claim(Phase::Model, "everybody_comes_in"),
            ],
            programs: Vec::new(),
            workspace: Arc::new(Workspace::at(&root)),
            id,
        };
        fs::create_dir_all(kata.mutants_dir()).expect("the folder can be made");
        Self { root, kata }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.kata.mutants_dir().join(name), text).expect("the file can be written");
    }

    /// The error that a patch of that text is.
    fn error(&self, text: &str) -> String {
        self.put("bad.patch", text);
        load(&self.kata).expect_err(text).to_string()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The header is read and the diff below it applied, also where the lines have moved.
#[test]
fn a_patch_that_fits_makes_its_mutant() {
    let house = House::new("fits");
    house.put("wakes-nobody.patch", &format!("{HEADER}{DIFF}"));
    let mutants = load(&house.kata).expect("a good mutant");
    let [mutant] = mutants.as_slice() else {
        panic!("{mutants:?}");
    };
    assert_eq!(mutant.name, "wakes-nobody");
    assert_eq!(
        mutant.story,
        "Nobody is woken. The next in the queue sleeps on."
    );
    assert_eq!(mutant.claim_id(), "model::everybody_comes_in");
    assert_eq!(mutant.kind, MutantKind::Claim(Kind::Deadlock));
    assert_eq!(mutant.behaviour.as_deref(), Some("1"));
    let source = apply(&house.kata, mutant, SOLUTION).expect("it fits");
    assert_eq!(source, SOLUTION.replace("    wake();\n", ""));
    let moved = SOLUTION.replace("//! A lock.\n", "//! A lock.\n//!\n//! More.\n");
    assert_eq!(
        apply(&house.kata, mutant, &moved).expect("it fits"),
        moved.replace("    wake();\n", "")
    );
    assert_eq!(
        &find(&house.kata, "wakes-nobody").expect("it is there"),
        mutant
    );
}

/// A claim of the types is named with its file.
#[test]
fn a_claim_may_be_one_that_must_not_compile() {
    let house = House::new("types");
    let header = HEADER
        .replace("model", "types")
        .replace("everybody_comes_in", "compile_fail::sent")
        .replace("deadlock", "accepted");
    house.put("sent.patch", &format!("{header}{DIFF}"));
    let mutant = find(&house.kata, "sent").expect("a good mutant");
    assert_eq!(mutant.claim_id(), "compile_fail::sent");
}

/// A solution that has changed says which patch to refresh, and how.
#[test]
fn an_outdated_patch_is_an_error_that_says_how_to_refresh_it() {
    let house = House::new("outdated");
    house.put("wakes-nobody.patch", &format!("{HEADER}{DIFF}"));
    let mutant = find(&house.kata, "wakes-nobody").expect("a good mutant");
    let error =
        apply(&house.kata, &mutant, &SOLUTION.replace("give", "hand_over")).expect_err("outdated");
    assert!(matches!(error, MutantError::Outdated { .. }), "{error}");
    let message = error.to_string();
    for part in [
        "tests/mutants/kata-01-a/wakes-nobody.patch",
        "diff -u --label a/src/lib.rs --label b/src/lib.rs solutions/kata-01-a/src/lib.rs",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

/// A patch without an effect would be a mutant that nothing can catch.
#[test]
fn a_patch_that_changes_nothing_is_an_error() {
    let house = House::new("nothing");
    house.put(
        "a.patch",
        &format!("{HEADER}--- a/src/lib.rs\n+++ b/src/lib.rs\n"),
    );
    house.put(
        "b.patch",
        &format!(
            "{HEADER}{}",
            DIFF.replace("-    wake();\n", "-    wake();\n+    wake();\n")
                .replace("6,4", "6,5")
        ),
    );
    let mutants = load(&house.kata).expect("good headers");
    let error =
        |index: usize| apply(&house.kata, &mutants[index], SOLUTION).expect_err("no change");
    assert!(matches!(error(0), MutantError::Outdated { .. }));
    assert!(matches!(error(1), MutantError::Unchanged { .. }));
}

/// A slip in a header is told with its line.
#[test]
fn a_malformed_header_is_an_error_with_its_line() {
    let house = House::new("header");
    let with = |from: &str, to: &str| {
        let text = format!("{HEADER}{DIFF}");
        assert!(text.contains(from), "{from}");
        house.error(&text.replacen(from, to, 1))
    };
    for (from, to, line, part) in [
        (
            "# kind: deadlock",
            "# kind: dedlock",
            5,
            "no kind of failure",
        ),
        (
            "# kind: deadlock",
            "# kind: inconclusive",
            5,
            "no kind of failure",
        ),
        ("# phase: model", "# phase: build", 3, "no phase of claims"),
        ("# phase: model", "# fase: model", 3, "`fase` is no key"),
        ("# phase: model\n", "", 6, "lacks `# phase: …`"),
        ("# behaviour: 1", "# phase: model", 6, "given twice"),
        ("# story: Nobody", "#   Nobody", 1, "needs one before it"),
        (
            "# claim: everybody_comes_in",
            "# claim:everybody_comes_in",
            4,
            "`# key: value`",
        ),
        (
            "everybody_comes_in",
            "everybody_comes_inn",
            4,
            "nearest is `model::everybody_comes_in`",
        ),
        ("behaviour: 1", "behaviour: W7", 6, "no `W7`"),
        ("--- a/src/lib.rs", "--- src/lib.rs", 7, "begin the diff"),
    ] {
        let message = with(from, to);
        assert!(
            message.starts_with(&format!("tests/mutants/kata-01-a/bad.patch:{line}: ")),
            "{message}"
        );
        assert!(message.contains(part), "{message}");
    }
}

/// A mutant with a misspelt ending would be skipped for ever.
#[test]
fn a_stray_file_among_the_mutants_is_an_error() {
    for name in ["a.ptach", "a", "Two.patch", "a_b.patch", "a--b.patch"] {
        let house = House::new("stray");
        house.put(name, &format!("{HEADER}{DIFF}"));
        let error = load(&house.kata).expect_err(name);
        assert!(matches!(error, MutantError::Stray { .. }), "{error}");
    }
}

/// Who asks for a mutant that is not there is told those that are.
#[test]
fn an_unknown_mutant_is_told_the_known_ones() {
    let house = House::new("unknown");
    assert!(load(&house.kata).expect("none").is_empty());
    house.put("a.patch", &format!("{HEADER}{DIFF}"));
    house.put("b.patch", &format!("{HEADER}{DIFF}"));
    let error = find(&house.kata, "c").expect_err("unknown").to_string();
    assert_eq!(error, "kata-01-a has no mutant `c`; it has a, b");
}

/// An excuse that excuses nothing, or says nothing, is an error.
#[test]
fn an_excuse_must_name_a_mutant_and_give_a_reason() {
    let house = House::new("equivalent");
    let mutants = mechanical("fn f() { c.notify_all(); }").expect("a solution");
    assert!(
        equivalents(&house.kata, &mutants)
            .expect("no list")
            .is_empty()
    );
    let entry = |name: &str, reason: &str| {
        format!("[[equivalent]]\nname = \"{name}\"\nreason = \"{reason}\"\n")
    };
    let good = entry("f.notify_all-one", "There is never more than one.");
    house.put("equivalent.toml", &good);
    let reasons = equivalents(&house.kata, &mutants).expect("a good list");
    assert_eq!(reasons["f.notify_all-one"], "There is never more than one.");
    for (list, part) in [
        (
            entry("f.notify_all-two", "R."),
            "the nearest name is `f.notify_all-one`",
        ),
        (entry("f.notify_all-one", " "), "has no reason"),
        (good.repeat(2), "listed twice"),
        (format!("{good}since = 1\n"), "unknown field"),
    ] {
        house.put("equivalent.toml", &list);
        let error = equivalents(&house.kata, &mutants)
            .expect_err(&list)
            .to_string();
        assert!(
            error.starts_with("tests/mutants/kata-01-a/equivalent.toml: ") && error.contains(part),
            "{error}"
        );
    }
}
