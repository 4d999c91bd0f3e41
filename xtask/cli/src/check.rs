//! `cargo xtask check`: one kata or all, whoever wrote the subject.

use std::path::Path;
use std::time::Duration;

use heddle_terms::catalogue::Kata;
use heddle_terms::report::Report;
use xtask::grade::{Options, grade};
use xtask::mutants::{self, MutantError};
use xtask::mutate;
use xtask::subject::Subject;

use super::args::Request;
use super::console::{Done, Outcome, Style, Trouble, complain, say, wrap};
use super::events::note;
use super::interrupt::unless_interrupted;
use super::known::known_mistake;
use super::last;
use super::nearest::nearest;
use super::progress::Progress;
use super::site::Site;
use super::state::{Checked, State, fingerprint};
use super::text::{Beside, Sources, kata_title, one_line, render, verdict_words};
use super::told::told;

const SUBJECTS: &[&str] = &["solution", "stub", "file", "mutant", "alternative"];

/// Grades what the request names and reports it.
pub fn run(request: &Request) -> Outcome {
    request.at_most_one(SUBJECTS)?;
    let settings = Settings::of(request)?;
    let subject = subject(request)?;
    let site = Site::discover()?;
    if request.has("all") {
        return all(&site, request, &subject, &settings);
    }
    let kata = site.kata(request, 0)?;
    let (subject, description) = found(&kata, subject)?;
    let report = graded(&site, &kata, &subject, &settings)?;
    let text = if request.has("json") {
        json(&report)?
    } else {
        let beside = Beside {
            next: site.after(&kata).map(|next| {
                let title = kata_title(&next.id);
                format!("{title} (`cargo xtask check {:02}`)", next.number)
            }),
            known_mistake: known_mistake(&kata, &report),
        };
        let sources = Sources::below(&site.workspace.root);
        let style = Style::of_stdout();
        let mut text = render(&report, &sources, &beside, style);
        if let Subject::Mutant(name) = &subject {
            let mutant = mutants::find(&kata, name).map_err(Trouble::fault)?;
            text += &told(&mutant, &report, style);
        }
        if let Some(description) = description {
            text += &format!("\n{}", wrap(&description, "  ", style.width));
        }
        text
    };
    let passed = done(report.passed());
    match say(&text) {
        // Who stopped reading has seen enough, and the verdict stands.
        Ok(()) | Err(Trouble::Closed) => Ok(passed),
        Err(trouble) => Err(trouble),
    }
}

/// The settings of a grading that the command line gives.
#[derive(Debug, Default)]
pub struct Settings {
    budget: Option<Duration>,
    thorough: bool,
    seed: Option<u64>,
    keep: bool,
}

impl Settings {
    fn of(request: &Request) -> Result<Self, Trouble> {
        let budget = request.number::<u64>("budget")?;
        if budget == Some(0) {
            return Err(Trouble::Usage(
                "--budget 0 leaves no time to search: give it some seconds".to_owned(),
            ));
        }
        const OTHERS: [&str; 4] = ["solution", "stub", "mutant", "alternative"];
        if request.has("keep")
            && let Some(other) = OTHERS.into_iter().find(|other| request.has(other))
        {
            return Err(Trouble::Usage(format!(
                "--keep saves what breaks your own file: leave out --{other}"
            )));
        }
        Ok(Self {
            keep: request.has("keep"),
            budget: budget.map(Duration::from_secs),
            thorough: request.has("thorough"),
            seed: request.number("seed")?,
        })
    }
}

fn subject(request: &Request) -> Result<Subject, Trouble> {
    let text = |name| request.text(name).map(|text| text.map(str::to_owned));
    if request.has("solution") {
        return Ok(Subject::Solution);
    }
    if request.has("stub") {
        return Ok(Subject::Stub);
    }
    if let Some(path) = request.raw("file") {
        let path = std::path::absolute(path).map_err(|error| {
            Trouble::Usage(format!("--file {}: {error}", Path::new(path).display()))
        })?;
        return Ok(Subject::File(path));
    }
    if let Some(name) = text("mutant")? {
        return Ok(Subject::Mutant(name));
    }
    if let Some(name) = text("alternative")? {
        return Ok(Subject::Alternative(name));
    }
    Ok(Subject::Learner)
}

/// A mutant that nobody wrote by hand may be a mechanical one, which comes with its description.
fn found(kata: &Kata, subject: Subject) -> Result<(Subject, Option<String>), Trouble> {
    let Subject::Mutant(name) = &subject else {
        return Ok((subject, None));
    };
    match mutants::find(kata, name) {
        Ok(_) => return Ok((subject, None)),
        Err(MutantError::Unknown { .. }) => {}
        Err(error) => return Err(Trouble::fault(error)),
    }
    let by_hand = mutants::load(kata).map_err(Trouble::fault)?;
    let mechanical = mutate::of(kata).map_err(Trouble::fault)?;
    let names = by_hand.iter().map(|mutant| mutant.name.clone());
    let names: Vec<String> = names
        .chain(mechanical.iter().map(|mutant| mutant.name.clone()))
        .collect();
    match mechanical.into_iter().find(|mutant| mutant.name == *name) {
        Some(mutant) => {
            let description = format!("The mutant: {}", mutant.description);
            let subject = Subject::Source {
                label: format!("mutant {name}"),
                text: mutant.source,
            };
            Ok((subject, Some(description)))
        }
        None => Err(Trouble::Usage(unknown_mutant(kata, name, &names))),
    }
}

fn unknown_mutant(kata: &Kata, name: &str, names: &[String]) -> String {
    let near = nearest(name, names.iter().map(String::as_str));
    let hint = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", names.join(", ")),
    };
    format!("{} has no mutant `{name}`: {hint}", kata.id)
}

/// Grades a subject, with a line of progress while that takes its time.
///
/// # Errors
///
/// A fault of the tool or of its set-up.
pub fn graded(
    site: &Site,
    kata: &Kata,
    subject: &Subject,
    settings: &Settings,
) -> Result<Report, Trouble> {
    // What is graded is what was there before: a file saved meanwhile is not what was checked.
    let learner = matches!(subject, Subject::Learner)
        .then(|| std::fs::read(kata.learner_file()).ok())
        .flatten();
    let progress = Progress::start();
    let defaults = Options::default();
    let options = Options {
        budget: settings.budget.unwrap_or(defaults.budget),
        thorough: settings.thorough,
        seed: settings.seed,
        keep: settings.keep,
        events: &|event| note(&progress, &event),
        ..defaults
    };
    let report = grade(kata, subject, &options);
    drop(progress);
    let report = report.map_err(|fault| Trouble::fault(unless_interrupted(fault)))?;
    last::keep(&site.workspace.root, &report);
    if let Some(bytes) = learner {
        remember(site, &report, &bytes);
    }
    Ok(report)
}

/// Remembers the verdict for `list`; that it cannot be written does not change the verdict.
fn remember(site: &Site, report: &Report, bytes: &[u8]) {
    let checked = Checked {
        hash: fingerprint(bytes),
        passed: report.passed(),
        verdict: verdict_words(&report.verdict),
    };
    let mut state = State::load(&site.workspace.root);
    if let Err(Trouble::Fault(message)) =
        state.update(&report.kata, |kata| kata.checked = Some(checked))
    {
        complain(&format!("note: {message}"));
    }
}

fn all(site: &Site, request: &Request, subject: &Subject, settings: &Settings) -> Outcome {
    if matches!(
        subject,
        Subject::File(_) | Subject::Mutant(_) | Subject::Alternative(_)
    ) {
        return Err(Trouble::Usage(
            "--all grades one kind of subject for every kata: yours, --solution or --stub".into(),
        ));
    }
    let style = Style::of_stdout();
    let mut reports = Vec::new();
    for kata in site.katas(request, 0)? {
        let report = graded(site, &kata, subject, settings)?;
        if !request.has("json") {
            say(&one_line(&report, style))?;
        }
        reports.push(report);
    }
    let passed = reports.iter().filter(|report| report.passed()).count();
    if request.has("json") {
        say(&json(&reports)?)?;
    } else {
        say(&format!("\n{passed} of {} passed\n", reports.len()))?;
    }
    Ok(done(passed == reports.len()))
}

fn done(passed: bool) -> Done {
    if passed {
        Done::Passed
    } else {
        Done::NotPassed
    }
}

/// A value as the JSON that a program reads, with a line break at its end.
///
/// # Errors
///
/// Never for a report.
pub fn json(value: &impl serde::Serialize) -> Result<String, Trouble> {
    let text = serde_json::to_string_pretty(value).map_err(Trouble::fault)?;
    Ok(text + "\n")
}
