//! The last report of each kata, kept so that its counterexample can be stepped through.

use std::path::{Path, PathBuf};

use heddle_terms::report::Report;

use super::console::{Trouble, complain};
use super::files::replace;

/// Keeps a report; that it cannot be written does not change the verdict.
pub fn keep(root: &Path, report: &Report) {
    let file = folder(root).join(format!("{}.json", report.kata));
    let written = serde_json::to_vec(report)
        .map_err(Trouble::fault)
        .and_then(|json| replace(&file, &json));
    if let Err(Trouble::Fault(message)) = written {
        complain(&format!("note: {message}"));
    }
}

/// Whether that kata has been checked.
pub fn is_kept(root: &Path, kata: &str) -> bool {
    folder(root).join(format!("{kata}.json")).is_file()
}

/// The kata that was checked last.
pub fn newest(root: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder(root)).ok()?;
    let files = files.flatten().filter_map(|file| {
        let name = file.file_name().into_string().ok()?;
        let kata = name.strip_suffix(".json")?.to_owned();
        Some((file.metadata().ok()?.modified().ok()?, kata))
    });
    files.max().map(|(_, kata)| kata)
}

fn folder(root: &Path) -> PathBuf {
    root.join("target/heddle/last")
}
