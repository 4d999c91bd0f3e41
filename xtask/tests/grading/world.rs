//! The small katas, and short ways to grade something.

use std::path::{Path, PathBuf};

use heddle_terms::catalogue::{Catalogue, Kata, Workspace};
use heddle_terms::report::{Report, Verdict};
use xtask::grade::{Fault, Options, grade};
use xtask::subject::Subject;

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
        .to_owned()
}

/// The folder of the small katas.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/world")
}

/// The small katas, built with the repository's heddle and beside its own builds.
pub fn workspace() -> Workspace {
    Workspace::at(fixtures())
        .built_with(repository())
        .with_scratch(repository().join("target/grade"))
}

/// The small kata of that name.
pub fn kata(name: &str) -> Kata {
    let catalogue = Catalogue::load(&workspace()).expect("the fixtures are in order");
    catalogue.find(name).expect("the fixtures have that kata")
}

/// Grades a text as kata-01.
pub fn grade_text(text: &str) -> Result<Report, Fault> {
    let subject = Subject::Source {
        label: "text".to_owned(),
        text: text.to_owned(),
    };
    grade(&kata("1"), &subject, &Options::default())
}

/// Grades a text as kata-01 and gives its verdict.
///
/// # Panics
///
/// When the grading itself fails.
pub fn verdict_on(text: &str) -> Verdict {
    report_on(text).verdict
}

/// Grades a text as kata-01 and gives the report.
///
/// # Panics
///
/// When the grading itself fails.
pub fn report_on(text: &str) -> Report {
    grade_text(text).unwrap_or_else(|fault| panic!("a fault of the tool: {fault}"))
}

/// The solution of kata-01 with the body of `twice` replaced.
pub fn with_body(body: &str) -> String {
    let solution = std::fs::read_to_string(kata("1").solution_file()).expect("readable");
    solution.replace("    number * 2\n", &format!("    {body}\n"))
}

/// A new empty folder of that name, for a test that writes.
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // There is none the first time.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder of tests is writable");
    folder
}

/// Copies a folder and all below it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("writable");
    for entry in std::fs::read_dir(from).expect("readable") {
        let path = entry.expect("readable").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("writable");
        }
    }
}
