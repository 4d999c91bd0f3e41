//! One claim in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::grade::{Fault, Options, judgement, kept, saved};
use crate::process::{self, Job, Limits, Slot};
use crate::records::{Record, SavedTold};
use crate::subject::Resolved;
use crate::toolchain;
use heddle_terms::catalogue::{ClaimDecl, Kata};
use heddle_terms::files;
use heddle_terms::report::{ClaimReport, Failure, Kind, Outcome, Phase, Place, Remark};

/// The most memory arenas of a claim's allocator: each reserves a part of the memory it may map.
const ARENAS: &str = "4";

/// How many times longer than its clock says the process of a model claim may be there: heddle counts
/// its search in time on a processor, and at least a quarter of the time that passes.
const STARVED: u32 = 4;

/// Everything that the claims of one grading have in common.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) kata: &'a Kata,
    pub(super) subject: &'a Resolved,
    pub(super) options: &'a Options<'a>,
    /// The folder in which claims run.
    pub(super) folder: &'a Path,
    /// Whether failing inputs of properties are kept and tried again, and saved schedules tried.
    pub(super) keeps_inputs: bool,
}

/// Runs one claim of a test binary and judges what became of it; the remark is on a saved schedule.
///
/// A saved schedule belongs to another program than the one that is judged. Where the process comes to
/// grief over it without a schedule that breaks the claim, the claim is run once more without it.
pub(super) fn run(
    around: Surroundings<'_>,
    binary: &Path,
    claim: &ClaimDecl,
) -> Result<(ClaimReport, Option<Remark>), Fault> {
    let file = schedule_of(around, claim);
    let tried = file.as_ref().and_then(|file| saved::read(file, claim));
    if let Some(Ok(line)) = &tried {
        let ran = once(around, binary, claim, Some(line));
        if ran.as_ref().is_ok_and(Ran::is_about_the_claim) {
            return ran?.told(around, claim, file.as_deref(), tried.as_ref());
        }
    }
    let mut ran = once(around, binary, claim, None)?;
    if let Some(Ok(_)) = &tried {
        ran.saved = Some(SavedTold::Diverged);
    }
    ran.told(around, claim, file.as_deref(), tried.as_ref())
}

/// What became of the process of a claim.
struct Ran {
    outcome: Outcome,
    took: Duration,
    printed: String,
    /// What heddle says of a saved schedule.
    saved: Option<SavedTold>,
    /// The line by which the schedule that failed can be run again.
    kept: Option<String>,
}

impl Ran {
    /// Whether it ended because of what the claim is about: after the saved schedule, or by a schedule
    /// that breaks the claim.
    fn is_about_the_claim(&self) -> bool {
        let shown = match &self.outcome {
            Outcome::Failed(failure) => failure.counterexample.is_some(),
            _ => true,
        };
        shown || self.saved.is_some()
    }

    /// The report, with what is to be said of the saved schedule.
    fn told(
        self,
        around: Surroundings<'_>,
        claim: &ClaimDecl,
        file: Option<&Path>,
        tried: Option<&Result<String, saved::Unusable>>,
    ) -> Result<(ClaimReport, Option<Remark>), Fault> {
        let mut remark = None;
        if let Some(file) = file {
            let display = around.kata.workspace.display(file);
            remark = saved::remark(tried, self.saved, &self.outcome, claim, &display);
            if let (true, Outcome::Failed(failure), Some(line)) =
                (around.options.keep, &self.outcome, &self.kept)
            {
                saved::save(file, claim, failure.kind, line)?;
            }
        }
        let report = report(around, claim, self.outcome, self.took, self.printed);
        let remark = remark.map(|message| Remark {
            message,
            place: Some(report.place.clone()),
        });
        Ok((report, remark))
    }
}

/// Runs the claim in a process of its own, with a schedule to try first or without.
fn once(
    around: Surroundings<'_>,
    binary: &Path,
    claim: &ClaimDecl,
    schedule: Option<&str>,
) -> Result<Ran, Fault> {
    let nonce = files::unforeseeable()?;
    let clock = clock_of(claim.phase, around.options);
    let mut command = toolchain::clean(Command::new(binary), around.folder);
    command
        .args(["--exact", &claim.id(), "--nocapture", "--test-threads=1"])
        .env("HEDDLE_NONCE", &nonce)
        .env("HEDDLE_DEADLINE_MS", clock.as_millis().to_string())
        .env(
            "HEDDLE_BUDGET_MS",
            around.options.budget.as_millis().to_string(),
        )
        .env("MALLOC_ARENA_MAX", ARENAS)
        .env("RUST_BACKTRACE", "0");
    if around.options.thorough {
        command.env("HEDDLE_THOROUGH", "1");
    }
    if let Some(seed) = around.options.seed {
        command.env("HEDDLE_SEED", seed.to_string());
    }
    let inputs = inputs_of(around, claim);
    if let Some(inputs) = &inputs {
        command.env("HEDDLE_KEPT_SEEDS", inputs);
    }
    if let Some(line) = schedule {
        command.env("HEDDLE_SCHEDULE", line);
    }
    if around.options.measured.is_some() {
        command.env("HEDDLE_MEASURE", "recording");
    }
    let job = Job {
        command,
        record_variable: Some("HEDDLE_RECORD_FD"),
        limits: Limits::with_clock(match claim.phase {
            Phase::Model => clock * STARVED,
            _ => clock,
        }),
        slot: Slot::take(),
    };
    let mut ended = process::run(job)?;
    for said in [&mut ended.record, &mut ended.stdout, &mut ended.stderr] {
        *said = around.subject.by_its_own_path(std::mem::take(said));
    }
    let record = Record::read(&ended.record, &nonce, &around.kata.workspace);
    if let (Some(inputs), Some(line)) = (&inputs, &record.kept) {
        kept::add(inputs, line)?;
    }
    if let (Some(told), Some(measured)) = (around.options.measured, record.measured) {
        told(&claim.id(), measured);
    }
    let outcome = judgement::judge(claim, &record, &ended)?;
    Ok(Ran {
        outcome,
        took: ended.took,
        printed: printed(&ended, claim),
        saved: record.saved,
        kept: record.kept,
    })
}

/// The report of a claim that was not run because so many others did not end.
pub(super) fn not_run(around: Surroundings<'_>, claim: &ClaimDecl, others: u32) -> ClaimReport {
    let message = format!("{others} other claims did not end in their time");
    let failure = Failure::new(Kind::NotRun, message);
    let outcome = Outcome::Failed(Box::new(failure));
    report(around, claim, outcome, Duration::ZERO, String::new())
}

/// The report of a claim that ended in that way.
pub(super) fn report(
    around: Surroundings<'_>,
    claim: &ClaimDecl,
    outcome: Outcome,
    took: Duration,
    output: String,
) -> ClaimReport {
    ClaimReport {
        phase: claim.phase,
        name: claim.name.clone(),
        sentence: claim.sentence.clone(),
        place: Place {
            file: around.kata.workspace.display(&claim.file),
            line: claim.line,
            column: 0,
        },
        took,
        outcome,
        output,
    }
}

/// How long a claim of that phase may run before it is said to hang.
///
/// Far longer than any needs, because a loaded machine must not change a verdict; heddle tells
/// a deadlock long before. A model claim only computes, so its time is that on a processor; what runs
/// on real threads waits, and its time is that which passes.
fn clock_of(phase: Phase, options: &Options<'_>) -> Duration {
    if let Some(clock) = options.clock {
        return clock;
    }
    match phase {
        Phase::Model => options.budget + Duration::from_secs(30),
        Phase::Properties => Duration::from_secs(60),
        _ => Duration::from_secs(20),
    }
}

fn schedule_of(around: Surroundings<'_>, claim: &ClaimDecl) -> Option<PathBuf> {
    let wanted = around.keeps_inputs && claim.phase == Phase::Model;
    wanted.then(|| saved::file(around.kata, claim))
}

fn inputs_of(around: Surroundings<'_>, claim: &ClaimDecl) -> Option<PathBuf> {
    let wanted = around.keeps_inputs && claim.phase == Phase::Properties;
    wanted.then(|| kept::file(around.kata, claim))
}

/// What the process printed, without what the test harness adds.
fn printed(ended: &process::Ended, claim: &ClaimDecl) -> String {
    let mut text = String::new();
    // The harness begins a line, and what the claim prints first goes on with it.
    let begun = format!("test {} ... ", claim.id());
    for stream in [&ended.stdout, &ended.stderr] {
        for line in String::from_utf8_lossy(stream).lines() {
            let line = line.strip_prefix(&begun).unwrap_or(line);
            let is_harness = matches!(line, "ok" | "FAILED")
                || line.starts_with("running ")
                || line.starts_with("test ")
                || line.starts_with("failures:")
                || line.starts_with("heddle: ")
                || line.trim() == claim.id()
                || line.is_empty();
            if !is_harness {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}
