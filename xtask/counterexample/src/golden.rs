//! The page of every mutant as a committed text, and what can be learnt from those texts.
//!
//! `tests/counterexamples/<kata>/<mutant>.snap` holds the page that `check` shows for the mutant, so
//! that a change of it is seen and reviewed. Below the page it lists the shape of every model claim
//! that the mutant fails: by these, a program that behaves like a known mutant is recognised without
//! grading any mutant.

use std::path::{Path, PathBuf};

use super::kept::Kept;
use super::page::{Setting, page};
use super::shape::shape;
use heddle_terms::catalogue::Kata;
use heddle_terms::record::Counterexample;
use heddle_terms::report::{ClaimReport, Kind, Outcome, Phase, Report};
use heddle_terms::sources::Sources;

/// How the subject's file is called in a golden, whatever it was when the mutant was graded.
pub(super) const SUBJECT: &str = "src/lib.rs";
/// The columns of a golden.
const WIDTH: usize = 100;
/// What a line with a shape begins with.
const SHAPE: &str = "shape: ";

/// Where the goldens of a kata lie.
pub fn folder(kata: &Kata) -> PathBuf {
    let root = &kata.workspace.root;
    root.join("tests/counterexamples").join(&kata.id)
}

/// The golden of a mutant that this claim rejects; `None` when it was not a schedule that broke it.
pub fn text(report: &Report, claim: &str, sources: &Sources) -> Option<String> {
    let claim = report
        .claim(claim)
        .filter(|claim| claim.phase == Phase::Model)?;
    let kept = Kept::of(report, &claim.id())?;
    let subject = sources.text(&report.file).unwrap_or_default();
    let sources = sources.clone().with(SUBJECT, subject);
    let mut text = told(&kept, &claim.sentence, &sources);
    for claim in report.claims() {
        // How far a search comes before a limit ends it depends on the machine.
        if let Some((kind, record)) = schedule(claim).filter(|(kind, _)| *kind != Kind::Limit) {
            text += &format!("{SHAPE}{} {kind} {}\n", claim.id(), shape(record));
        }
    }
    Some(text)
}

/// What a golden tells of a schedule that is kept; `sources` has the subject under its one name.
pub fn told(kept: &Kept, sentence: &str, sources: &Sources) -> String {
    let setting = Setting {
        subject: SUBJECT,
        sources,
        width: WIDTH,
    };
    let page = page(&kept.record, setting);
    let mut text = format!("{} · {}", kept.claim, kept.kind);
    if let Some(finding) = page.diagnosis.finding {
        text += &format!(" · {}", finding.name());
    }
    text += &format!("\n{sentence}\n");
    if matches!(kept.kind, Kind::Assertion | Kind::Limit) {
        text += &format!("{}\n", kept.message);
    }
    text += &format!("\n{}\n", page.text());
    let steps = kept.record.steps.len();
    text + &format!("rows: {} of {steps} steps\n", page.rows)
}

/// The schedule of a failed claim of the model, with how it failed.
pub(super) fn schedule(claim: &ClaimReport) -> Option<(Kind, &Counterexample)> {
    match &claim.outcome {
        Outcome::Failed(failure) => {
            let record = failure.counterexample.as_ref()?;
            record.search.as_ref()?;
            Some((failure.kind, record))
        }
        _ => None,
    }
}

/// How a known mutant fails a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The mutant.
    pub mutant: String,
    /// The claim's id.
    pub claim: String,
    /// The kind of its failure.
    pub kind: Kind,
    /// The shape of its schedule.
    pub shape: String,
}

/// The shapes in the goldens of a folder; a folder or file that cannot be read has none.
pub fn known(folder: &Path) -> Vec<Known> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.iter().flat_map(|file| known_in(file)).collect()
}

fn known_in(file: &Path) -> Vec<Known> {
    let is_golden = file.extension().is_some_and(|it| it == "snap");
    let mutant = file.file_stem().unwrap_or_default().to_string_lossy();
    let text = match is_golden {
        true => std::fs::read_to_string(file).unwrap_or_default(),
        false => String::new(),
    };
    let shapes = text.lines().filter_map(|line| line.strip_prefix(SHAPE));
    let read = |line: &str| {
        let mut words = line.split(' ');
        Some(Known {
            mutant: mutant.clone().into_owned(),
            claim: words.next()?.to_owned(),
            kind: Kind::named(words.next()?)?,
            shape: words.next()?.to_owned(),
        })
    };
    shapes.filter_map(read).collect()
}

/// The names of the mutants that fail this claim with this kind and shape.
pub fn alike<'a>(known: &'a [Known], claim: &ClaimReport) -> Vec<&'a str> {
    let Some((kind, record)) = schedule(claim) else {
        return Vec::new();
    };
    let (id, shape) = (claim.id(), shape(record));
    let same = |one: &&Known| one.claim == id && one.kind == kind && one.shape == shape;
    let mut names: Vec<&str> = known
        .iter()
        .filter(same)
        .map(|it| it.mutant.as_str())
        .collect();
    names.dedup();
    names
}

/// How many rows the table of a golden has.
pub fn rows(golden: &str) -> Option<usize> {
    let line = golden
        .lines()
        .find_map(|line| line.strip_prefix("rows: "))?;
    line.split(' ').next()?.parse().ok()
}
