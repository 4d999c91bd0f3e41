//! What a grading tells while it runs.

use heddle_terms::report::{ClaimReport, Face, Phase};

/// One step of a grading, told from whichever thread takes it.
#[derive(Clone, Debug)]
pub enum Event {
    /// Crates are fetched, which happens once.
    Fetching,
    /// The rules are checked.
    Judging,
    /// A face is being built; the first build compiles heddle and its dependencies too.
    Building {
        /// Which face.
        face: Face,
    },
    /// A face was built, or failed to build.
    Built {
        /// Which face.
        face: Face,
    },
    /// A claim starts.
    ClaimStarted {
        /// Its phase.
        phase: Phase,
        /// Its name.
        name: String,
    },
    /// A claim ended.
    ClaimEnded {
        /// What became of it.
        claim: Box<ClaimReport>,
    },
    /// The subject changed while it was built, and grading starts over.
    StartedOver,
}
