//! From an edit of one line to the verdict, as a learner waits for it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use heddle_terms::catalogue::Kata;
use heddle_terms::report::{Phase, Report};

use super::processor::used_by_children;
use super::statistics::{against, median, share, spread};
use heddle_cli::args::Request;
use heddle_cli::console::{Trouble, say};
use heddle_cli::files::replace;
use heddle_cli::site::Site;
use heddle_cli::text::{kata_title, verdict_words};

/// What the median must not exceed.
const TARGET: Duration = Duration::from_millis(800);

/// Measures the named kata, or all that have a model phase.
pub fn run(request: &Request, rounds: usize) -> Result<(), Trouble> {
    let site = Site::discover()?;
    let named = request.words.len() > 1;
    for kata in site.katas(request, 1)? {
        if named || kata.claims_of(Phase::Model).next().is_some() {
            say(&measure(&site, &kata, rounds)?)?;
        }
    }
    Ok(())
}

/// One check: how long the command took, and its report.
#[derive(Debug)]
pub struct Check {
    /// From the start of `cargo` to its end.
    pub wall: Duration,
    /// The processor time of all of it, where that is known.
    pub processor: Option<Duration>,
    /// What it reported.
    pub report: Report,
}

fn measure(site: &Site, kata: &Kata, rounds: usize) -> Result<String, Trouble> {
    let solution = kata.solution_file();
    let text = fs::read_to_string(&solution).map_err(|error| {
        Trouble::Fault(format!("cannot read {}: {error}", site.shown(&solution)))
    })?;
    let file = site
        .workspace
        .root
        .join("target/bench")
        .join(&kata.id)
        .join("lib.rs");
    let file_name = file.to_string_lossy().into_owned();
    let number = format!("{:02}", kata.number);
    let arguments = ["check", &number, "--json", "--file", &file_name];
    let mut checks = Vec::new();
    // The first one builds what every later one finds built, and is not counted.
    for round in 0..=rounds {
        replace(&file, edited(&text, round).as_bytes())?;
        let check = check(&site.workspace.root, &arguments)?;
        if !check.report.passed() {
            return Err(Trouble::Fault(format!(
                "the solution of {} is not passed but {}: nothing to measure; see `cargo xtask \
                 check {number} --solution`",
                kata.id,
                verdict_words(&check.report.verdict)
            )));
        }
        if round > 0 {
            checks.push(check);
        }
    }
    Ok(told(kata, &checks))
}

/// The text with one line that was never there before, so that nothing is found ready.
fn edited(text: &str, round: usize) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let unique = now.unwrap_or_default().as_nanos() + round as u128;
    let line = format!("const _: u128 = {unique};\n");
    // In front of the first `use`, where every line below moves, as it does when code is written.
    match text.find("\nuse ") {
        Some(index) => format!("{}\n{line}{}", &text[..index], &text[index + 1..]),
        None => format!("{text}{line}"),
    }
}

/// Runs `cargo xtask` in a folder and times it.
///
/// # Errors
///
/// When cargo cannot be started, or what it writes is no report.
pub fn check(root: &Path, arguments: &[&str]) -> Result<Check, Trouble> {
    let before = used_by_children();
    let start = Instant::now();
    let output = Command::new("cargo")
        .arg("xtask")
        .args(arguments)
        .current_dir(root)
        .env("CARGO_NET_OFFLINE", "true")
        // `cargo xtask` is asked for as from a shell, with the toolchain that the folder pins.
        .env_remove("CARGO")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Trouble::Fault(format!("cannot start cargo: {error}")))?;
    let wall = start.elapsed();
    let report = serde_json::from_slice(&output.stdout).map_err(|_| {
        Trouble::Fault(format!(
            "`cargo xtask {}` gave no report: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    })?;
    let processor = used_by_children()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Check {
        wall,
        processor,
        report,
    })
}

fn told(kata: &Kata, checks: &[Check]) -> String {
    let walls: Vec<Duration> = checks.iter().map(|check| check.wall).collect();
    let whole = median(&walls);
    format!(
        "{}: one line edited, to the verdict: {}\n  {}\n{}",
        kata_title(&kata.id),
        spread(&walls),
        against(whole, TARGET),
        parts(checks, whole)
    )
}

/// Where the time of the checks goes, by medians.
pub fn parts(checks: &[Check], whole: Duration) -> String {
    let of = |measure: &dyn Fn(&Check) -> Duration| {
        let all: Vec<Duration> = checks.iter().map(measure).collect();
        median(&all)
    };
    let phase = |check: &Check, phase: Phase| {
        let found = check.report.phases.iter().find(|one| one.phase == phase);
        found.map(|found| found.took).unwrap_or_default()
    };
    let before = of(&|check| check.wall.saturating_sub(check.report.took));
    let mut text = share("cargo, and the program's start", before, whole);
    for one in [Phase::Rules, Phase::Build] {
        text += &share(one.name(), of(&|check| phase(check, one)), whole);
    }
    let claims = of(&|check| {
        let early = phase(check, Phase::Rules) + phase(check, Phase::Build);
        check.report.took.saturating_sub(early)
    });
    text += &share("the claims, side by side", claims, whole);
    for one in Phase::TESTING {
        text += &share(&format!("  {one}"), of(&|check| phase(check, one)), whole);
    }
    let processor: Vec<Duration> = checks.iter().filter_map(|check| check.processor).collect();
    if !processor.is_empty() {
        text += &share("processor time, all cores", median(&processor), whole);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_edits_one_line_and_moves_the_code_below() {
        let text = "//! Doc.\n\nuse heddle::sync::Mutex;\n\nfn f() {}\n";
        let (edited, again) = (edited(text, 3), edited(text, 4));
        let (before, rest) = edited
            .split_once("const _: u128 = ")
            .expect("a line is there");
        let (_, after) = rest.split_once(";\n").expect("the line ends");
        assert_eq!(before, "//! Doc.\n\n");
        assert_eq!(format!("{before}{after}"), text);
        assert_ne!(edited, again);
    }
}
