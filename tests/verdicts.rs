//! Every stub, solution, alternative and mutant of every kata gets the verdict it deserves.
//!
//! One test per subject, named `kata::what::name`, so that a failure says whose it is.
//!
//! What `check` shows of a mutant that a schedule breaks is compared with its golden in
//! `tests/counterexamples`. After a change that was meant, accept the new ones with
//! `INSTA_UPDATE=always cargo test --test verdicts -- kata-08` and read every one of them in the diff.

use std::process::ExitCode;
use std::sync::Arc;

use heddle_counterexample::golden;
use heddle_counterexample::kept::Kept;
use heddle_terms::catalogue::{Catalogue, Kata, Workspace};
use heddle_terms::report::{Phase, Report, Verdict};
use heddle_terms::sources::Sources;
use libtest_mimic::{Arguments, Failed, Trial};
use xtask::grade::{Options, grade};
use xtask::matrix::{Case, Fate, Origin, Row, hand_written, mechanical};
use xtask::stub;
use xtask::subject::Subject;

type Anything = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Anything> {
    let mut arguments = Arguments::from_args();
    // More than there are cores: a mutant that hangs waits out its time and needs none.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(3 * cores);
    let catalogue = Catalogue::load(&Workspace::at(heddle_tests::root()))?;
    let mut trials = Vec::new();
    for kata in catalogue.all()? {
        trials.extend(of_kata(&Arc::new(kata))?);
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn of_kata(kata: &Arc<Kata>) -> Result<Vec<Trial>, Anything> {
    let mut trials = vec![
        trial(kata, "stub", "as_shipped", not_started),
        trial(kata, "stub", "begun", unfinished),
        trial(kata, "solution", "solution", |kata| {
            passes(kata, &Subject::Solution)
        }),
        trial(kata, "contract", "is_covered", contract_is_covered),
    ];
    let alternatives = kata.alternatives()?;
    if alternatives.len() < 2 {
        return Err(format!("{}: fewer than two alternatives", kata.id).into());
    }
    for name in alternatives {
        let subject = Subject::Alternative(name.clone());
        trials.push(trial(kata, "alternative", &name, move |kata| {
            passes(kata, &subject)
        }));
    }
    for case in hand_written(kata)?.into_iter().chain(mechanical(kata)?) {
        let what = match case.origin {
            Origin::Hand => "mutant",
            Origin::Mechanical => "mechanical",
        };
        let name = case.name.clone();
        trials.push(trial(kata, what, &name, move |_| rejected(&case)));
    }
    Ok(trials)
}

fn trial(
    kata: &Arc<Kata>,
    what: &str,
    name: &str,
    test: impl FnOnce(&Kata) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let kata = Arc::clone(kata);
    Trial::test(format!("{}::{what}::{name}", kata.id), move || test(&kata))
}

fn graded(kata: &Kata, subject: &Subject) -> Result<Report, Failed> {
    Ok(grade(kata, subject, &Options::default())?)
}

/// A solution or an alternative holds every claim.
fn passes(kata: &Kata, subject: &Subject) -> Result<(), Failed> {
    let report = graded(kata, subject)?;
    if report.passed() {
        return Ok(());
    }
    let broken: Vec<_> = report.claims().filter(|claim| !claim.passed()).collect();
    Err(format!("{:?}\n{broken:#?}", report.verdict).into())
}

/// The stub as it is derived from the solution is not started.
fn not_started(kata: &Kata) -> Result<(), Failed> {
    match graded(kata, &Subject::Stub)?.verdict {
        Verdict::NotStarted => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// The stub compiles on every face, and what is left of it to do is told.
fn unfinished(kata: &Kata) -> Result<(), Failed> {
    let text = stub::of(kata)? + "\n// Begun.\n";
    let label = "a begun stub".to_owned();
    match graded(kata, &Subject::Source { label, text })?.verdict {
        Verdict::Unfinished { .. } => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// A mutant is rejected by the declared claim with the declared kind, or its reason says why it cannot
/// be; what breaks it is told as its golden has it.
fn rejected(case: &Case) -> Result<(), Failed> {
    let (row, report) = case.graded();
    // What does not compile is no mutant of the program's behaviour.
    let built = row.phase != Some(Phase::Build) || case.origin == Origin::Hand;
    match &row.fate {
        Fate::Fault { message } => return Err(message.into()),
        fate if fate.in_order() && built => {}
        _ => return Err(format!("expected {:?}, got {row:#?}", case.expected).into()),
    }
    told_as_committed(case, &row, report.as_ref())
}

/// The page of the schedule is the committed one, and a mutant without a schedule has none.
fn told_as_committed(case: &Case, row: &Row, report: Option<&Report>) -> Result<(), Failed> {
    let folder = golden::folder(&case.kata);
    let sources = Sources::below(&case.kata.workspace.root);
    let claim = match case.origin {
        Origin::Hand => row.claim.clone(),
        // Whichever claim comes first: one on real threads may break today and not tomorrow.
        Origin::Mechanical => report.and_then(first_broken_in_the_model),
    };
    let claim = claim.unwrap_or_default();
    let Some(page) = report.and_then(|report| golden::text(report, &claim, &sources)) else {
        let file = folder.join(format!("{}.snap", case.name));
        return match file.exists() {
            true => Err(format!(
                "{}: no schedule breaks this mutant any more",
                file.display()
            )
            .into()),
            false => Ok(()),
        };
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(case.name.as_str(), page));
    match report.and_then(|report| Kept::of(report, &claim)) {
        Some(kept) => kept_as_committed(case, &kept.text()),
        None => Ok(()),
    }
}

/// The record is the committed one, for a mutant that the book steps through; it is accepted as its golden is.
fn kept_as_committed(case: &Case, text: &str) -> Result<(), Failed> {
    let outline = heddle_tests::text(&heddle_tests::root().join("book/outline.toml"));
    if !outline.contains(&format!("\"{}/{}\"", case.kata.id, case.name)) {
        return Ok(());
    }
    let path = Kept::path(&case.kata, &case.name);
    if std::fs::read_to_string(&path).is_ok_and(|committed| committed == text) {
        return Ok(());
    }
    if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
        return Ok(std::fs::write(&path, text)?);
    }
    let shown = case.kata.workspace.display(&path);
    Err(format!("{shown} is not what breaks the mutant now: accept it as its golden").into())
}

/// The first model claim that a schedule breaks.
fn first_broken_in_the_model(report: &Report) -> Option<String> {
    let mut broken = report
        .claims()
        .filter(|claim| claim.phase == Phase::Model && !claim.passed());
    broken.next().map(|claim| claim.id())
}

/// Each numbered behaviour and mistake is covered by claims and mutants that exist, or says why not.
fn contract_is_covered(kata: &Kata) -> Result<(), Failed> {
    let python = &kata.meta.python;
    let behaviours = (1..=python.behaviours).map(|n| n.to_string());
    let mistakes = (1..=python.mistakes).map(|n| format!("W{n}"));
    let expected: Vec<String> = behaviours.chain(mistakes).collect();
    let mut problems = Vec::new();
    for id in &expected {
        if !kata.meta.contract.iter().any(|entry| entry.id == *id) {
            problems.push(format!("{id} is missing"));
        }
    }
    let mutants: Vec<String> = hand_written(kata)?
        .into_iter()
        .map(|case| case.name)
        .collect();
    for entry in &kata.meta.contract {
        if !expected.contains(&entry.id) {
            problems.push(format!("{} is no behaviour of the section", entry.id));
        }
        let covered = !entry.claims.is_empty() || !entry.mutants.is_empty();
        if covered == entry.reason.is_some() {
            problems.push(format!(
                "{} needs claims, mutants, or else a reason",
                entry.id
            ));
        }
        let unknown = entry
            .claims
            .iter()
            .filter(|id| kata.claims.iter().all(|claim| claim.id() != **id));
        problems.extend(unknown.map(|id| format!("{}: no claim is called {id}", entry.id)));
        let unknown = entry.mutants.iter().filter(|name| !mutants.contains(name));
        problems.extend(unknown.map(|name| format!("{}: no mutant is called {name}", entry.id)));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(format!("katas/{}/kata.toml: {}", kata.id, problems.join("; ")).into()),
    }
}
