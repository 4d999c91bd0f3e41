//! Bad input gets a clear message, with the file and what to do.

use std::fs;
use std::path::PathBuf;

use heddle_terms::catalogue::{Catalogue, CatalogueError, Workspace};
use xtask::grade::{Options, grade};
use xtask::subject::Subject;

use crate::world::{copy_folder, empty_folder, fixtures, kata, workspace};

/// A file that is not there is named.
#[test]
fn a_missing_file_is_named() {
    let fault = fault_on(Subject::File(PathBuf::from("/no/such/file.rs")));
    assert!(
        fault.contains("/no/such/file.rs") && fault.contains("check the path"),
        "{fault}"
    );
}

/// A folder in place of a file is named.
#[test]
fn a_folder_is_no_source() {
    let folder = empty_folder("no-source");
    let fault = fault_on(Subject::File(folder.clone()));
    assert!(fault.contains(&folder.display().to_string()), "{fault}");
}

/// A source that is not UTF-8 is named with the line.
#[test]
fn a_source_that_is_no_text_is_named_with_its_line() {
    let file = empty_folder("no-text").join("lib.rs");
    fs::write(&file, b"//! One.\n//! \xFF\n").expect("writable");
    let fault = fault_on(Subject::File(file));
    assert!(fault.contains("lib.rs:2: this is not UTF-8"), "{fault}");
}

/// An alternative that is not there is named, with those that are.
#[test]
fn an_unknown_alternative_is_named() {
    let fault = fault_on(Subject::Alternative("nobody".to_owned()));
    assert!(fault.contains("nobody"), "{fault}");
}

/// A kata without kata.toml is named, with the file to add.
#[test]
fn a_kata_without_its_description_is_named() {
    let root = copy("no-toml");
    fs::remove_file(root.join("katas/kata-01-turn/kata.toml")).expect("deletable");
    let error = find(&root, "1").expect_err("it is missing");
    assert!(
        matches!(error, CatalogueError::NoKataToml { .. }),
        "{error}"
    );
    assert!(find(&root, "2").is_ok(), "the other kata is in order");
}

/// A key that kata.toml does not know is named with its line.
#[test]
fn an_unknown_key_is_named() {
    let root = copy("unknown-key");
    let file = root.join("katas/kata-01-turn/kata.toml");
    let text = fs::read_to_string(&file).expect("readable");
    fs::write(&file, format!("colour = \"red\"\n{text}")).expect("writable");
    let error = find(&root, "1")
        .expect_err("the key is unknown")
        .to_string();
    assert!(
        error.contains("colour") && error.contains("kata.toml"),
        "{error}"
    );
}

/// A kata without claims of a phase gives its reason.
#[test]
fn a_phase_without_claims_needs_a_reason() {
    let root = copy("no-reason");
    fs::remove_file(root.join("katas/kata-01-turn/tests/spec.rs")).expect("deletable");
    let error = find(&root, "1")
        .expect_err("there is no reason")
        .to_string();
    assert!(
        error.contains("spec") && error.contains("[phases]"),
        "{error}"
    );
}

/// A claim without its sentence is named with its line.
#[test]
fn a_claim_without_a_sentence_is_named() {
    let root = copy("no-sentence");
    let file = root.join("katas/kata-01-turn/tests/spec.rs");
    let text = fs::read_to_string(&file).expect("readable");
    fs::write(&file, text.replace("/// Nothing, twice, is nothing.\n", "")).expect("writable");
    let error = find(&root, "1")
        .expect_err("the sentence is missing")
        .to_string();
    assert!(
        error.contains("spec.rs:") && error.contains("nothing_stays_nothing"),
        "{error}"
    );
}

/// Every short name finds its kata, and a wrong one gets the nearest.
#[test]
fn a_kata_is_found_by_each_of_its_names() {
    let catalogue = Catalogue::load(&workspace()).expect("the fixtures are in order");
    for name in [
        "kata-01-turn",
        "kata-01",
        "kata-1",
        "01",
        "1",
        "turn",
        "katas/kata-01-turn/",
    ] {
        assert_eq!(catalogue.find(name).expect(name).id, "kata-01-turn");
    }
    for name in ["", "kata-", "3", "99999999999999999999"] {
        assert!(catalogue.find(name).is_err(), "{name}");
    }
    let error = catalogue.find("turm").expect_err("there is none");
    let CatalogueError::UnknownKata { nearest, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(nearest[0], "kata-01-turn");
}

/// A path inside a kata's folder or its solution's names the kata.
#[test]
fn a_folder_names_its_kata() {
    let catalogue = Catalogue::load(&workspace()).expect("the fixtures are in order");
    let inside = fixtures().join("katas/kata-02-tally/src");
    assert_eq!(
        catalogue.containing(&inside).map(|name| name.number),
        Some(2)
    );
    assert_eq!(catalogue.containing(&fixtures()), None);
}

/// A scratch folder that cannot be written is named.
#[test]
fn a_scratch_that_cannot_be_written_is_named() {
    let blocked = empty_folder("blocked").join("scratch");
    fs::write(&blocked, "a file, where a folder should be").expect("writable");
    let workspace = workspace().with_scratch(&blocked);
    let catalogue = Catalogue::load(&workspace).expect("the fixtures are in order");
    let kata = catalogue.find("1").expect("it is there");
    let fault = grade(&kata, &Subject::Solution, &Options::default()).expect_err("not writable");
    assert!(
        fault.to_string().contains(&blocked.display().to_string()),
        "{fault}"
    );
}

fn fault_on(subject: Subject) -> String {
    grade(&kata("1"), &subject, &Options::default())
        .expect_err("there is no source")
        .to_string()
}

fn copy(name: &str) -> PathBuf {
    let root = empty_folder(name);
    copy_folder(&fixtures(), &root);
    root
}

fn find(
    root: &std::path::Path,
    name: &str,
) -> Result<heddle_terms::catalogue::Kata, CatalogueError> {
    Catalogue::load(&Workspace::at(root))?.find(name)
}
