//! Loading patches and applying them.

use std::path::{Path, PathBuf};

use super::error::MutantError;
use super::header::{self, MutantKind};
use heddle_terms::catalogue::{ClaimDecl, Kata, claim_id};
use heddle_terms::files::{self, FileError};
use heddle_terms::report::Phase;

/// A solution with one realistic bug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Its name, that of its file.
    pub name: String,
    /// What goes wrong, in two or three sentences.
    pub story: String,
    /// The phase that must catch it.
    pub phase: Phase,
    /// The claim that must catch it: the name of its function, or `compile_fail::NAME`.
    pub claim: String,
    /// How that claim must fail.
    pub kind: MutantKind,
    /// The numbered behaviour or mistake that it is about.
    pub behaviour: Option<String>,
    /// The diff against the solution.
    pub patch: String,
    /// Its file.
    pub file: PathBuf,
}

impl Mutant {
    /// The id of the claim that must catch it, such as `model::only_one_thread_is_inside`.
    pub fn claim_id(&self) -> String {
        claim_id(self.phase, &self.claim)
    }
}

/// The mutants of a kata, by name.
///
/// # Errors
///
/// What is wrong with the first that cannot be read, whose header is malformed, or whose claim or behaviour the
/// kata does not have.
pub fn load(kata: &Kata) -> Result<Vec<Mutant>, MutantError> {
    let mut mutants = Vec::new();
    for file in patches(kata)? {
        mutants.push(read(kata, &file)?);
    }
    Ok(mutants)
}

/// The mutant of that name.
///
/// # Errors
///
/// [`MutantError::Unknown`] with the names that there are, or what is wrong with its file.
pub fn find(kata: &Kata, name: &str) -> Result<Mutant, MutantError> {
    let files = patches(kata)?;
    match files.iter().find(|file| stem(file) == Some(name)) {
        Some(file) => read(kata, file),
        None => Err(MutantError::Unknown {
            kata: kata.id.clone(),
            name: name.to_owned(),
            known: match files.as_slice() {
                [] => "none".to_owned(),
                files => files
                    .iter()
                    .filter_map(|file| stem(file))
                    .collect::<Vec<_>>()
                    .join(", "),
            },
        }),
    }
}

/// The source of a mutant, made from the text of the kata's solution.
///
/// # Errors
///
/// [`MutantError::Outdated`] when the patch does not fit the solution, with how to refresh it.
pub fn apply(kata: &Kata, mutant: &Mutant, solution: &str) -> Result<String, MutantError> {
    let file = kata.workspace.display(&mutant.file);
    let outdated = |problem: String| MutantError::Outdated {
        file: file.clone(),
        solution: kata.workspace.display(&kata.solution_file()),
        problem,
    };
    let patch =
        diffy::Patch::from_str(&mutant.patch).map_err(|error| outdated(error.to_string()))?;
    if patch.hunks().is_empty() {
        return Err(outdated("it holds no change".to_owned()));
    }
    let source = diffy::apply(solution, &patch).map_err(|error| outdated(error.to_string()))?;
    if source == solution {
        return Err(MutantError::Unchanged { file });
    }
    Ok(source)
}

/// The patches of a kata, sorted. Anything else in their folder is an error, lest a mutant be skipped for a typo.
fn patches(kata: &Kata) -> Result<Vec<PathBuf>, MutantError> {
    let folder = kata.mutants_dir();
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut patches = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(FileError::on("read", &folder))? {
        let path = entry.map_err(FileError::on("read", &folder))?.path();
        let stray = |problem| MutantError::Stray {
            file: kata.workspace.display(&path),
            problem,
        };
        let known = |extension: &str| path.extension().is_some_and(|known| known == extension);
        if path
            .file_name()
            .is_some_and(|name| name == "equivalent.toml")
            || known("orig")
            || known("rej")
        {
            continue;
        }
        if !known("patch") || !path.is_file() {
            return Err(stray(
                "only NAME.patch and equivalent.toml belong here; rename or remove it",
            ));
        }
        if !stem(&path).is_some_and(is_kebab) {
            return Err(stray(
                "the name of a mutant is words in small letters, joined by `-`; rename it",
            ));
        }
        patches.push(path);
    }
    patches.sort();
    Ok(patches)
}

fn stem(file: &Path) -> Option<&str> {
    file.file_stem()?.to_str()
}

fn is_kebab(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    name.split('-').all(word)
}

fn read(kata: &Kata, path: &Path) -> Result<Mutant, MutantError> {
    let file = kata.workspace.display(path);
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| MutantError::Stray {
        file: file.clone(),
        problem: "a patch is UTF-8 text; save it as such",
    })?;
    let (header, diff) = header::read(&file, &text)?;
    let mutant = Mutant {
        name: stem(path).unwrap_or_default().to_owned(),
        story: header.story,
        phase: header.phase,
        claim: header.claim,
        kind: header.kind,
        behaviour: header.behaviour,
        patch: diff.to_owned(),
        file: path.to_owned(),
    };
    check(kata, &mutant, &file, &text)?;
    Ok(mutant)
}

/// Whether what the header names is there.
fn check(kata: &Kata, mutant: &Mutant, file: &str, text: &str) -> Result<(), MutantError> {
    let wrong = |start: &str, problem: String| MutantError::Header {
        file: file.to_owned(),
        line: text
            .lines()
            .position(|line| line.starts_with(start))
            .unwrap_or(0)
            + 1,
        problem,
    };
    let id = mutant.claim_id();
    if !kata.claims.iter().any(|claim| claim.id() == id) {
        let problem = format!("{} has no claim `{id}`{}", kata.id, nearest(kata, &id));
        return Err(wrong("# claim", problem));
    }
    if let Some(behaviour) = &mutant.behaviour
        && !kata
            .meta
            .contract
            .iter()
            .any(|contract| contract.id == *behaviour)
    {
        let problem = format!(
            "the [[contract]] of {}/kata.toml has no `{behaviour}`",
            kata.id
        );
        return Err(wrong("# behaviour", problem));
    }
    if !mutant
        .patch
        .starts_with("--- a/src/lib.rs\n+++ b/src/lib.rs\n")
    {
        let problem =
            "below the header, `--- a/src/lib.rs` and `+++ b/src/lib.rs` begin the diff".to_owned();
        return Err(MutantError::Header {
            file: file.to_owned(),
            line: text
                .lines()
                .take_while(|line| line.starts_with('#'))
                .count()
                + 1,
            problem,
        });
    }
    Ok(())
}

fn nearest(kata: &Kata, id: &str) -> String {
    let near = |known: &String| strsim::jaro_winkler(known, id);
    kata.claims
        .iter()
        .map(ClaimDecl::id)
        .max_by(|one, other| near(one).total_cmp(&near(other)))
        .map_or_else(String::new, |known| format!("; the nearest is `{known}`"))
}
