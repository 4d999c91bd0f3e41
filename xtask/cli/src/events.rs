//! Which line of progress each event of a grading makes.

use heddle_terms::report::Face;
use xtask::grade::Event;

use super::progress::Progress;

const FETCHING: &str = "downloading crates, which happens once";

/// Notes an event of a grading on the progress line.
pub fn note(progress: &Progress, event: &Event) {
    match event {
        Event::Fetching => progress.begin(FETCHING),
        Event::Judging => progress.end(FETCHING),
        Event::Building { face } => {
            progress.end(FETCHING);
            progress.begin(building(*face));
        }
        Event::Built { face } => progress.end(building(*face)),
        Event::ClaimStarted { phase, name } => progress.begin(&format!("{phase} · {name}")),
        Event::ClaimEnded { claim } => progress.end(&format!("{} · {}", claim.phase, claim.name)),
        Event::StartedOver => progress.restart(),
    }
}

fn building(face: Face) -> &'static str {
    match face {
        Face::Trace => "compiling for real threads",
        Face::Model => "compiling for the model checker",
    }
}
