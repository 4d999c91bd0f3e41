//! The committed counterexamples: one for each mutant that a schedule breaks, and all of them short.

use std::collections::{BTreeMap, BTreeSet};

use heddle_counterexample::golden;
use heddle_terms::catalogue::{Catalogue, Workspace};
use heddle_tests::{files, root, shown, text};
use xtask::matrix::{hand_written, mechanical};

/// The most rows that any table may have, and that half of them may have.
const MOST: usize = 40;
const MEDIAN: usize = 15;

/// A table that is too long is not read. `-- --show-output` prints how long they are.
#[test]
fn half_of_the_tables_have_at_most_15_rows_and_none_has_more_than_40() {
    let mut rows: Vec<(usize, String)> = Vec::new();
    for file in files(&root().join("tests/counterexamples"), "snap") {
        let count = golden::rows(&text(&file));
        let count = count.unwrap_or_else(|| panic!("{} does not say its rows", shown(&file)));
        rows.push((count, shown(&file)));
    }
    rows.sort();
    let median = rows[rows.len() / 2].0;
    println!(
        "{} counterexamples, {median} rows in the middle; the longest:",
        rows.len()
    );
    for (count, file) in rows.iter().rev().take(5) {
        println!("{count:4}  {file}");
    }
    assert!(median <= MEDIAN, "the median is {median} rows");
    let long: Vec<_> = rows.iter().filter(|(count, _)| *count > MOST).collect();
    assert!(long.is_empty(), "too long: {long:?}");
}

/// `-- --show-output` prints how often each kind of mistake is named.
#[test]
fn at_least_twelve_kinds_of_mistakes_are_named() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for file in files(&root().join("tests/counterexamples"), "snap") {
        let golden = text(&file);
        let head = golden.lines().find(|line| line.contains(" · "));
        let head = head.unwrap_or_else(|| panic!("{} has no head", shown(&file)));
        // The claim, the kind of failure, and the mistake where that is certain.
        let kind = head.split(" · ").skip(1).collect::<Vec<_>>().join(" · ");
        *kinds.entry(kind).or_default() += 1;
    }
    for (kind, count) in &kinds {
        println!("{count:4}  {kind}");
    }
    assert!(kinds.len() >= 12, "{} kinds", kinds.len());
}

/// A golden whose mutant is gone says nothing about the program any more.
#[test]
fn every_counterexample_belongs_to_a_mutant() {
    let catalogue = Catalogue::load(&Workspace::at(root())).expect("the katas can be listed");
    let mut names = BTreeSet::new();
    for kata in catalogue.all().expect("the katas can be read") {
        let hand = hand_written(&kata).expect("the mutants can be read");
        let machine = mechanical(&kata).expect("the mutants can be derived");
        let folder = golden::folder(&kata);
        names.extend(hand.iter().chain(&machine).map(|case| {
            let file = format!("{}.snap", case.name);
            shown(&folder.join(file))
        }));
    }
    let all = files(&root().join("tests/counterexamples"), "snap");
    let orphans: Vec<String> = all.iter().map(|file| shown(file)).collect();
    let orphans: Vec<&String> = orphans
        .iter()
        .filter(|file| !names.contains(*file))
        .collect();
    assert!(orphans.is_empty(), "remove these: {orphans:?}");
}
