//! The pages of the book: complete, without a dead link, small, and never stale.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use heddle_book::outline::GENERATED;
use heddle_book::step;
use heddle_counterexample::golden;
use heddle_counterexample::kept::Kept;
use heddle_terms::sources::Sources;
use support::{html, library, page, pages, root, values};
use xtask::mutants;

/// The most that a page may weigh, with the styles and scripts that it loads, in bytes.
const MOST: usize = 300_000;

#[track_caller]
fn assert_none(problems: &[String], remedy: &str) {
    assert!(problems.is_empty(), "{remedy}:\n{}", problems.join("\n"));
}

/// The stems of the Markdown files in a folder of the book.
fn stems(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("book").join(folder)).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be listed").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect()
}

/// A chapter that the outline does not name is read by nobody.
#[test]
fn every_chapter_stands_in_the_outline() {
    let parts = &library().outline.parts;
    let named: BTreeSet<String> = parts
        .iter()
        .flat_map(|part| part.chapters.clone())
        .filter(|name| !GENERATED.contains(&name.as_str()))
        .collect();
    assert_eq!(named, stems("chapters"));
    for name in GENERATED {
        let named = parts
            .iter()
            .any(|part| part.chapters.iter().any(|it| it == name));
        assert!(named, "the outline leaves out `{name}`");
    }
}

/// A chapter of a kata without Python's way and Rust's way is half a chapter.
#[test]
fn every_kata_has_its_hand_written_part() {
    let katas: BTreeSet<String> = library()
        .shelves
        .iter()
        .map(|shelf| shelf.kata.id.clone())
        .collect();
    assert_eq!(katas, stems("katas"));
}

/// Every link leads to a page of the book, or out of it by https, and every anchor is there once.
#[test]
fn every_link_and_anchor_resolves() {
    let names = pages();
    let texts: BTreeMap<&str, String> = names
        .iter()
        .map(|name| (name.as_str(), page(name)))
        .collect();
    let mut problems = Vec::new();
    let mut anchors: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in &texts {
        for id in values(text, "id") {
            if !anchors.entry(name).or_default().insert(id.clone()) {
                problems.push(format!("{name}: the anchor `{id}` is there twice"));
            }
        }
    }
    for (name, text) in &texts {
        for link in values(text, "href").into_iter().chain(values(text, "src")) {
            let (target, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let outside = target.starts_with("https://") || target.starts_with("data:");
            if outside {
                continue;
            }
            let target = if target.is_empty() { name } else { target };
            let found = match texts.contains_key(target) {
                true => anchor.is_empty() || anchors[target].contains(anchor),
                false => anchor.is_empty() && html().join(target).is_file(),
            };
            if !found {
                problems.push(format!("{name}: `{link}` leads nowhere"));
            }
        }
    }
    assert_none(&problems, "mend these links");
}

/// No page is heavy: what it loads is counted, search's index excepted, which only a search loads.
#[test]
fn no_page_weighs_more_than_300_kilobytes() {
    let mut heavy = Vec::new();
    for name in pages() {
        let text = page(&name);
        let mut weight = text.len();
        let loaded = values(&text, "href")
            .into_iter()
            .chain(values(&text, "src"));
        let loaded: BTreeSet<String> = loaded
            .filter(|file| file.ends_with(".css") || file.ends_with(".js"))
            .collect();
        for file in loaded {
            let about = std::fs::metadata(html().join(&file));
            weight += about.map_or(0, |about| about.len() as usize);
        }
        println!("{weight:7}  {name}");
        if weight > MOST {
            heavy.push(format!("{name}: {weight} bytes"));
        }
    }
    assert_none(&heavy, "split or slim these pages");
}

/// A kept record that is told otherwise than its golden shows what is no longer true.
#[test]
fn every_kept_record_tells_what_its_golden_tells() {
    let mut stale = Vec::new();
    for wanted in &library().outline.steps {
        if let Err(problem) = told_as_the_golden(wanted) {
            stale.push(format!("{wanted}: {problem}"));
        }
    }
    assert_none(
        &stale,
        "accept them by `INSTA_UPDATE=always cargo test --test verdicts -- MUTANT`",
    );
}

fn told_as_the_golden(wanted: &str) -> Result<(), String> {
    let (kata, mutant) = wanted.split_once('/').ok_or("it names no mutant")?;
    let shelf = library().shelf(kata).ok_or("there is no such kata")?;
    let kept = Kept::read(&shelf.kata, mutant)?;
    let known = shelf.mutant(mutant).ok_or("there is no such mutant")?;
    let solution =
        std::fs::read_to_string(shelf.kata.solution_file()).map_err(|e| e.to_string())?;
    let subject =
        mutants::apply(&shelf.kata, known, &solution).map_err(|error| error.to_string())?;
    let claims = &shelf.kata.claims;
    let claim = claims.iter().find(|claim| claim.id() == kept.claim);
    let sentence = &claim.ok_or("its claim is gone")?.sentence;
    let sources = Sources::below(root()).with(kept.file(), subject);
    let told = golden::told(&kept, sentence, &sources);
    let file = golden::folder(&shelf.kata).join(format!("{mutant}.snap"));
    let committed = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    match committed.contains(&told) {
        true => Ok(()),
        false => Err(format!("the record tells this instead:\n{told}")),
    }
}

/// What is stepped through in the book runs through lines that are there.
#[test]
fn every_kept_record_can_be_stepped_through() {
    for wanted in &library().outline.steps {
        let (kata, mutant) = wanted.split_once('/').expect("it names a mutant");
        let shelf = library().shelf(kata).expect("the kata is there");
        let replay =
            step::replay(library(), shelf, mutant).unwrap_or_else(|e| panic!("{wanted}: {e}"));
        for (number, step) in replay.record.steps.iter().enumerate() {
            let Some(at) = step.at else { continue };
            let file = replay.sources.file(at.file);
            let lines = file.map_or(0, |file| file.lines.len());
            let is_there = (1..=lines).contains(&(at.line as usize));
            assert!(
                is_there,
                "{wanted}: step {number} is at a line that is not there"
            );
        }
    }
}

/// A record that no chapter can step through is kept for nothing.
#[test]
fn no_record_is_kept_for_nothing() {
    let mut kept = Vec::new();
    for shelf in &library().shelves {
        let folder = golden::folder(&shelf.kata);
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let name = entry.expect("it can be listed").file_name();
            let name = name.to_string_lossy().into_owned();
            if let Some(mutant) = name.strip_suffix(".json") {
                kept.push(format!("{}/{mutant}", shelf.kata.id));
            }
        }
    }
    kept.sort();
    let mut named = library().outline.steps.clone();
    named.sort();
    assert_eq!(kept, named);
}

/// Each kata whose schedules are explored has a counterexample to step through.
#[test]
fn every_kata_with_a_model_has_a_step() {
    for shelf in &library().shelves {
        let kata = &shelf.kata;
        if kata.test_file(heddle_terms::report::Phase::Model).is_none() {
            continue;
        }
        let start = format!("{}/", kata.id);
        let mut steps = library().outline.steps.iter();
        assert!(
            steps.any(|step| step.starts_with(&start)),
            "{} has no step in {}",
            kata.id,
            Path::new("book/outline.toml").display()
        );
    }
}
