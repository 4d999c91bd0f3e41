//! Counterexamples that are stepped through on a page.

use heddle_counterexample::kept::Kept;
use heddle_replay::sources::Sources;
use heddle_replay::{Replay, page};
use xtask::mutants;

use crate::library::{Library, Shelf};

/// The counterexample of a mutant as a part of a page; `count` says how often it stands there.
///
/// # Errors
///
/// When its record is not kept, or its sources cannot be read.
pub fn fragment(
    library: &Library,
    shelf: &Shelf,
    mutant: &str,
    count: usize,
) -> Result<String, String> {
    let replay = replay(library, shelf, mutant)?;
    let id = match count {
        1 => format!("step-{mutant}"),
        more => format!("step-{mutant}-{more}"),
    };
    let html = page::fragment(&replay, &id);
    // An empty line would end the block of HTML.
    let lines: Vec<&str> = html.lines().filter(|line| !line.is_empty()).collect();
    Ok(lines.join("\n") + "\n")
}

/// The kept schedule of a mutant with the sources that it runs through.
///
/// # Errors
///
/// When its record is not kept, or its sources cannot be read.
pub fn replay(library: &Library, shelf: &Shelf, mutant: &str) -> Result<Replay, String> {
    let kata = &shelf.kata;
    let wanted = format!("{}/{mutant}", kata.id);
    if !library.outline.steps.contains(&wanted) {
        return Err(format!(
            "name \"{wanted}\" among the steps of book/outline.toml, so that its record is kept"
        ));
    }
    let kept = Kept::read(kata, mutant).map_err(|problem| {
        let short = kata.number;
        format!(
            "{problem}; write it by `INSTA_UPDATE=always cargo test --test verdicts -- \
             kata-{short:02} {mutant}`"
        )
    })?;
    let known = shelf
        .mutant(mutant)
        .ok_or("only mutants written by hand can be stepped through")?;
    let solution = std::fs::read_to_string(kata.solution_file()).map_err(|e| e.to_string())?;
    let subject = mutants::apply(kata, known, &solution).map_err(|error| error.to_string())?;
    let promise = kata.claims.iter().find(|claim| claim.id() == kept.claim);
    let promise = promise.ok_or_else(|| format!("{} has no claim {}", kata.id, kept.claim))?;
    let read = |path: &str| match path == kept.file() {
        true => Some(subject.clone()),
        false => std::fs::read_to_string(library.root.join(path)).ok(),
    };
    Ok(Replay {
        kata: kata.id.clone(),
        subject: format!("mutant {mutant}"),
        file: kept.file().to_owned(),
        sources: Sources::of(&kept.record.files, kept.file(), read),
        promise: promise.sentence.clone(),
        claim: kept.claim,
        record: kept.record,
        caution: None,
    })
}
