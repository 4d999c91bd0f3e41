//! The path itself: rules, build, claims, verdict.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::claim_run::Surroundings;
use super::write_up::WriteUp;
use super::{Event, Fault, Options, pipeline};
use crate::overlay::{self, Fingerprint, Overlay, StandIn};
use crate::rules::{self, Judged, Refusal};
use crate::stub;
use crate::subject::Subject;
use crate::toolchain::Toolchain;
use crate::{build, process};
use heddle_terms::catalogue::{Kata, Workspace};
use heddle_terms::files;
use heddle_terms::parsing::on_a_thread_of_its_own;
use heddle_terms::report::Report;

/// How often grading starts over when the subject changes meanwhile.
const ATTEMPTS: u32 = 5;
/// How many gradings of one program pass between two looks at the size of what they leave behind.
const PRUNE_EVERY: u32 = 32;
/// How long a look at that size holds for other programs.
const PRUNE_AGAIN: Duration = Duration::from_secs(3600);

/// Judges a subject: rules, build, then all claims of all phases.
///
/// # Errors
///
/// A [`Fault`] of the tool or of the set-up; whatever the subject does wrong is a [`Report`].
pub fn grade(kata: &Kata, subject: &Subject, options: &Options<'_>) -> Result<Report, Fault> {
    let started = Instant::now();
    process::check_interrupted()?;
    for _ in 0..ATTEMPTS {
        let attempt = || attempt(kata, subject, options, started);
        match on_a_thread_of_its_own(attempt)? {
            Some(report) => {
                prune_now_and_then(&kata.workspace)?;
                return Ok(report);
            }
            None => (options.events)(Event::StartedOver),
        }
    }
    Err(Fault::Restless {
        file: subject.resolve(kata)?.display,
    })
}

/// One grading; `None` when something it is built from changed meanwhile.
fn attempt(
    kata: &Kata,
    subject: &Subject,
    options: &Options<'_>,
    started: Instant,
) -> Result<Option<Report>, Fault> {
    let mut resolved = subject.resolve(kata)?;
    let mut write_up = WriteUp::new(kata, subject, &resolved, started);
    (options.events)(Event::Judging);
    let (is_stub, judged) = std::thread::scope(|scope| {
        let stub = scope.spawn(|| stub::is(kata, &resolved.text));
        let judged = rules::judge(&resolved.text, &resolved.display, &kata.meta.rules);
        let stub = stub.join().unwrap_or_else(|panic| resume_unwind(panic));
        (stub, judged)
    });
    if is_stub {
        return Ok(Some(write_up.not_started()));
    }
    let judged = match judged {
        Ok(judged) => Ok(judged),
        Err(Refusal::Broken(broken)) => return Ok(Some(write_up.rules_broken(broken))),
        // rustc says it better; what it accepts all the same is a fault.
        Err(Refusal::Unparsable { place, message }) => Err(format!("{place}: {message}")),
    };
    write_up.rules_kept(started.elapsed());

    let toolchain = Toolchain::find(&kata.workspace.cargo_root)?;
    build::fetch_once(&kata.workspace, &toolchain, || {
        (options.events)(Event::Fetching)
    })?;
    let _turn = StandIn::take(kata, &mut resolved)?;
    let fingerprint = Fingerprint::take(kata, &resolved, &toolchain)?;
    let overlay = Overlay::prepare(kata, &resolved, fingerprint)?;
    let folder = overlay.dir.join("run");
    files::create_folder(&folder)?;
    let around = Surroundings {
        kata,
        subject: &resolved,
        options,
        folder: &folder,
        keeps_inputs: subject.is_being_worked_on(),
    };
    let building = Instant::now();
    let found = pipeline::run(around, &overlay, &toolchain);
    // Checked before anything else: even a fault may come from a change.
    if !overlay.fingerprint.still_holds(kata, &resolved, &toolchain) {
        process::check_interrupted()?;
        return Ok(None);
    }
    let found = found?;
    overlay.verified()?;
    let built = found.builds.iter().all(|(_, build)| build.succeeded);
    let judged = judged.or_else(|problem| match built {
        true => Err(Fault::Unreadable {
            file: resolved.display.clone(),
            problem,
        }),
        false => Ok(Judged::default()),
    })?;
    Ok(Some(write_up.built(found, &judged, building)?))
}

/// Keeps the scratch folder below its size, without a look at it in every grading.
fn prune_now_and_then(workspace: &Workspace) -> Result<(), Fault> {
    static GRADINGS: AtomicU32 = AtomicU32::new(0);
    // ORDERING: Relaxed, it only counts.
    let is_due = GRADINGS.fetch_add(1, Ordering::Relaxed) % PRUNE_EVERY == PRUNE_EVERY - 1;
    let marker = workspace.scratch.join("pruned");
    let looked = marker.metadata().and_then(|about| about.modified());
    let is_recent = looked.is_ok_and(|looked| {
        SystemTime::now()
            .duration_since(looked)
            .is_ok_and(|age| age < PRUNE_AGAIN)
    });
    if is_due || !is_recent {
        overlay::prune(workspace, overlay::ALLOWANCE)?;
        files::write(&marker, b"")?;
    }
    Ok(())
}
