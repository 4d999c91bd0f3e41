//! `cargo xtask reset`: the stub again, and the learner's work kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use heddle_terms::catalogue::Kata;
use xtask::stub;

use super::args::Request;
use super::console::{Done, Outcome, Trouble, say};
use super::files::{keep, replace};
use super::site::Site;
use super::text::kata_title;

/// Where copies are kept: outside of target/, which `cargo clean` empties.
const KEPT: &str = "kept";

/// Resets the katas that the request names.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let katas = if request.has("all") {
        site.katas(request, 0)?
    } else {
        vec![site.kata(request, 0)?]
    };
    for kata in &katas {
        let derived = stub::of(kata).map_err(Trouble::fault)?;
        let was_there = kata.learner_file().exists();
        let kept = reset(
            &kata.learner_file(),
            &derived,
            &site.workspace.root.join(KEPT),
            &kata.id,
        )?;
        say(&told(kata, was_there, kept.as_deref(), &site))?;
    }
    Ok(Done::Passed)
}

fn told(kata: &Kata, was_there: bool, kept: Option<&Path>, site: &Site) -> String {
    let title = kata_title(&kata.id);
    let file = site.shown(&kata.learner_file());
    match kept {
        None if !was_there => format!("{title}: {file} was gone; the stub is back\n"),
        None => format!("{title}: the file is the stub; nothing was changed\n"),
        Some(copy) => {
            let copy = site.shown(copy);
            format!(
                "{title}: the stub is back\n  your file is kept as {copy}\n  \
                 to have it back: cp {copy} {file}\n"
            )
        }
    }
}

/// Puts the stub in the place of the file, and gives the copy of what was there.
fn reset(file: &Path, stub: &str, folder: &Path, stem: &str) -> Result<Option<PathBuf>, Trouble> {
    let mut kept = None;
    let mut saved: Option<Vec<u8>> = None;
    loop {
        let found = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                replace(file, stub.as_bytes())?;
                return Ok(kept);
            }
            Err(error) => {
                return Err(Trouble::Fault(format!(
                    "cannot read {}: {error}; it has to be readable before it can be kept",
                    file.display()
                )));
            }
        };
        if found == stub.as_bytes() {
            return Ok(kept);
        }
        // An editor may have saved since the copy was made: what is replaced is what was kept.
        if saved.as_ref() == Some(&found) {
            replace(file, stub.as_bytes())?;
            return Ok(kept);
        }
        kept = Some(keep(folder, stem, &found)?);
        saved = Some(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_kept_and_the_stub_is_back() {
        let folder = std::env::temp_dir().join(format!("heddle-reset-{}", std::process::id()));
        let file = folder.join("src/lib.rs");
        replace(&file, b"\xffmy work").unwrap();
        let copy = reset(&file, "stub", &folder.join("kept"), "kata-05-rlock").unwrap();
        assert_eq!(fs::read(copy.unwrap()).unwrap(), b"\xffmy work");
        assert_eq!(fs::read(&file).unwrap(), b"stub");
        let again = reset(&file, "stub", &folder.join("kept"), "kata-05-rlock").unwrap();
        assert_eq!(again, None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
