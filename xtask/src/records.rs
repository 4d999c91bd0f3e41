//! What a claim's runner has told, and what it proves.

use serde::Deserialize;

use heddle_terms::catalogue::Workspace;
use heddle_terms::record::{Counterexample, Op};
use heddle_terms::report::{Failure, Kind, Place, Rung, ThreadState};

/// One line of a record; lines that do not carry the claim's nonce are nobody's.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Line {
    nonce: String,
    #[serde(flatten)]
    event: Event,
}

/// What one line says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event {
    Started {
        runner: Runner,
    },
    Saved {
        outcome: SavedTold,
    },
    Passed(Passed),
    Inconclusive {
        rung: String,
        limit: String,
        schedules: u64,
        rungs: Vec<Rung>,
    },
    Failed(Box<Failed>),
    Measured(Measured),
    Fault {
        message: String,
    },
}

/// What became of a saved schedule that did not break its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SavedTold {
    /// The claim was led along it, and held.
    Held,
    /// The claim went another way, and held.
    Diverged,
    /// It was no schedule.
    Unusable,
}

/// Which of heddle's runners a claim uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runner {
    /// `heddle::spec`.
    Spec,
    /// `heddle::property`.
    Property,
    /// `heddle::model`.
    Model,
}

/// The proof that a claim held.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Passed {
    /// The runner that says so.
    pub runner: Runner,
    /// How often the claim's body ran on real threads.
    #[serde(default)]
    pub cases: u64,
    /// How many schedules were explored.
    #[serde(default)]
    pub schedules: u64,
    /// The most threads that took part in a schedule.
    #[serde(default)]
    pub threads: u64,
    /// The rungs climbed.
    #[serde(default)]
    pub rungs: Vec<Rung>,
    /// The seed of the inputs.
    pub seed: Option<u64>,
}

/// What it costs to remember the steps of every schedule: the same searches in both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Measured {
    /// How many schedules the searches have.
    pub schedules: u64,
    /// The least of the processor's time with every step remembered, in nanoseconds.
    pub recorded_ns: u64,
    /// The least of the processor's time with none, in nanoseconds.
    pub unrecorded_ns: u64,
}

/// A failure as the runner tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Failed {
    kind: Kind,
    message: String,
    place: Option<Place>,
    minimal: Option<String>,
    seed: Option<u64>,
    kept: Option<String>,
    rung: Option<String>,
    schedules: Option<u64>,
    counterexample: Option<Counterexample>,
    #[serde(default)]
    threads: Vec<ThreadState>,
    limit: Option<String>,
    #[serde(default)]
    provisional: bool,
}

/// A claim's record, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The runner that was entered.
    pub started: Option<Runner>,
    /// How the claim ended, where its runner came to tell.
    pub verdict: Option<Told>,
    /// Whether the claim had failed, and its process went on to look for a better way to tell how.
    pub provisional: bool,
    /// What became of a saved schedule, unless it broke the claim.
    pub saved: Option<SavedTold>,
    /// What recording costs, where that was asked.
    pub measured: Option<Measured>,
    /// The line by which a failing input or schedule is tried first next time.
    pub kept: Option<String>,
    /// How many lines did not carry the nonce or were no records at all.
    pub foreign: usize,
}

/// How a claim ended, by its runner's word.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It holds.
    Passed(Passed),
    /// It does not.
    Failed(Box<Failure>),
    /// The search was not finished.
    Inconclusive {
        /// The rung that was not finished.
        rung: String,
        /// What ended the search.
        limit: String,
        /// How many schedules had been explored.
        schedules: u64,
        /// The rungs climbed.
        rungs: Vec<Rung>,
    },
    /// heddle itself went wrong.
    Fault(String),
}

impl Told {
    /// The higher one counts when a record holds several; a pass never outweighs anything.
    fn weight(&self) -> u8 {
        match self {
            Told::Passed(_) => 0,
            Told::Inconclusive { .. } => 1,
            Told::Failed(_) => 2,
            Told::Fault(_) => 3,
        }
    }
}

impl Record {
    /// Reads the lines that carry the nonce; places are made relative to the workspace's root.
    pub fn read(bytes: &[u8], nonce: &str, workspace: &Workspace) -> Record {
        let mut record = Record::default();
        for line in bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            match serde_json::from_slice::<Line>(line) {
                Ok(line) if line.nonce == nonce => record.take(line.event, workspace),
                _ => record.foreign += 1,
            }
        }
        record
    }

    fn take(&mut self, event: Event, workspace: &Workspace) {
        // What has failed stays failed, by the word of its last complete line.
        let is_revised = self.provisional && matches!(event, Event::Failed(_));
        let told = match event {
            Event::Started { runner } => {
                self.started = Some(runner);
                return;
            }
            Event::Saved { outcome } => {
                self.saved = Some(outcome);
                return;
            }
            Event::Measured(measured) => {
                self.measured = Some(measured);
                return;
            }
            Event::Passed(passed) => Told::Passed(passed),
            Event::Inconclusive {
                rung,
                limit,
                schedules,
                rungs,
            } => Told::Inconclusive {
                rung,
                limit,
                schedules,
                rungs,
            },
            Event::Failed(failed) => {
                self.kept.clone_from(&failed.kept);
                self.provisional |= failed.provisional;
                Told::Failed(Box::new(failure(*failed, workspace)))
            }
            Event::Fault { message } => Told::Fault(message),
        };
        let outweighs = self
            .verdict
            .as_ref()
            .is_none_or(|known| told.weight() > known.weight());
        if outweighs || is_revised {
            self.verdict = Some(told);
        }
    }
}

fn failure(failed: Failed, workspace: &Workspace) -> Failure {
    let at_home = |place: Place| Place {
        file: workspace.display(std::path::Path::new(&place.file)),
        ..place
    };
    let text_at_home = |text: String| crate::build::from_the_root(&text, workspace);
    Failure {
        kind: failed.kind,
        message: text_at_home(failed.message),
        place: failed.place.map(at_home),
        minimal: failed.minimal,
        seed: failed.seed,
        rung: failed.rung,
        schedules: failed.schedules,
        counterexample: failed
            .counterexample
            .map(|record| from_home(record, workspace)),
        threads: failed
            .threads
            .into_iter()
            .map(|thread| ThreadState {
                name: thread.name,
                doing: text_at_home(thread.doing),
                place: thread.place.map(at_home),
            })
            .collect(),
        limit: failed.limit,
        signal: None,
    }
}

/// The record with its files named relative to the workspace's root.
fn from_home(mut record: Counterexample, workspace: &Workspace) -> Counterexample {
    for file in &mut record.files {
        *file = workspace.display(std::path::Path::new(&*file));
    }
    let texts = (record.blocked.iter_mut().map(|blocked| &mut blocked.doing))
        .chain([&mut record.failure.message])
        .chain(
            record
                .steps
                .iter_mut()
                .filter_map(|step| match &mut step.op {
                    Op::Panic { message } => Some(message),
                    _ => None,
                }),
        );
    for text in texts {
        *text = crate::build::from_the_root(text, workspace);
    }
    record
}
