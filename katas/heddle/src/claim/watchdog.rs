//! The watchdog of a graded claim: a hang becomes a record instead of silence.
//!
//! It fires on three things only. On the trace face it asks the engine whether every thread waits
//! for something that can't happen any more, or not before the deadline: that is a deadlock, however
//! little time has passed.
//! There it also counts what a thread does while the claim waits until it is blocked: one that
//! goes on and on spins. On every face it holds the deadline of the grader, as the last resort.

use std::io::{self, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::grader::Grader;
use super::record::{Event, Failure, Kind, Runner, ThreadState};
use super::threads;

/// How often the watchdog looks.
const INTERVAL: Duration = Duration::from_millis(20);

/// How many looks in a row must find everything stuck, and nothing moved in between.
const LOOKS: u32 = 3;

/// How many operations a thread may take to block, when nobody else can do anything. A thread
/// that spins for a while before it sleeps takes hundreds.
const OPERATIONS: u64 = 100_000;

/// How long a process may go on after its claim has failed. What it does then is counted, and
/// takes a tenth of a second: only a destructor that never returns takes longer.
const MOST_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// The exit status of a test process that failed, as libtest has it.
const FAILED: i32 = 101;

/// A thread that watches over the claim of this process.
#[derive(Debug)]
pub(crate) struct Watchdog {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Watchdog {
    /// Starts to watch; `complete` adds to a failure what the runner knows of it.
    pub(crate) fn start(
        grader: &Grader,
        runner: Runner,
        complete: impl Fn(&mut Failure) + Send + 'static,
    ) -> Self {
        let (stop, stopped) = mpsc::channel();
        let grader = grader.clone();
        let clock = clock_of(runner);
        let deadline = grader.settings().deadline;
        threads::watch_until(deadline.and_then(|deadline| Instant::now().checked_add(deadline)));
        let watch = move || {
            let mut gaze = Gaze::default();
            let mut patience = Patience::default();
            loop {
                let left = deadline.map(|deadline| deadline.saturating_sub(clock.elapsed()));
                let pause = left.map_or(INTERVAL, |left| left.min(INTERVAL));
                match stopped.recv_timeout(pause) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
                let failure = gaze
                    .look()
                    .map(|threads| deadlock(runner, threads))
                    .or_else(|| Some(livelock(runner, gaze.spinning()?)))
                    .or_else(|| (left == Some(Duration::ZERO)).then(|| timeout(runner, deadline)));
                if grader.is_provisional() && (failure.is_some() || patience.is_over()) {
                    // The failure is on record.
                    std::process::exit(FAILED);
                }
                if let Some(mut failure) = failure {
                    complete(&mut failure);
                    failure.counterexample = threads::counterexample(&failure);
                    end(&grader, failure);
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name(threads::WATCHDOG.to_owned())
            .spawn(watch)
            .expect("heddle: the watchdog's thread can't be started");
        Watchdog { stop, thread }
    }

    /// Ends the watch, when the claim has come to its own end.
    pub(crate) fn stop(self) {
        drop(self.stop);
        // The watchdog itself does not panic; if it did there is nothing left to watch.
        let _ = self.thread.join();
    }
}

/// The clock by which a runner's deadline comes.
fn clock_of(runner: Runner) -> Clock {
    match runner {
        Runner::Model => Clock::working(),
        Runner::Spec | Runner::Property => Clock::passing(),
    }
}

/// How long a process has looked for a better way to tell how its claim has failed.
#[derive(Debug, Default)]
struct Patience {
    since: Option<Instant>,
}

impl Patience {
    /// Whether it does not come back from there.
    fn is_over(&mut self) -> bool {
        self.since.get_or_insert_with(Instant::now).elapsed() >= MOST_AFTER_FAILURE
    }
}

/// What the last looks have found.
#[derive(Debug, Default)]
struct Gaze {
    progress: u64,
    stuck: u32,
    /// How many operations there had been when the threads that run were first seen awaited.
    awaited_since: Option<u64>,
}

impl Gaze {
    /// The threads that wait for ever, once that is certain.
    fn look(&mut self) -> Option<Vec<ThreadState>> {
        let (progress, stuck) = threads::stuck();
        if stuck.is_none() || progress != self.progress {
            self.progress = progress;
            self.stuck = 0;
        }
        stuck.filter(|_| {
            self.stuck += 1;
            self.stuck >= LOOKS
        })
    }

    /// The threads, once one of them has run for long in front of a claim that waits until it is
    /// blocked.
    fn spinning(&mut self) -> Option<Vec<ThreadState>> {
        let Some(threads) = threads::spinning() else {
            self.awaited_since = None;
            return None;
        };
        let since = *self.awaited_since.get_or_insert(self.progress);
        (self.progress - since > OPERATIONS).then_some(threads)
    }
}

fn deadlock(runner: Runner, threads: Vec<ThreadState>) -> Failure {
    let message = "every thread waits, and nobody is left to wake one of them";
    let mut failure = Failure::new(runner, Kind::Deadlock, message);
    failure.place = threads.iter().find_map(|thread| thread.place.clone());
    failure.threads = threads;
    failure
}

fn livelock(runner: Runner, threads: Vec<ThreadState>) -> Failure {
    let message = "the thread that should block spins instead";
    let mut failure = Failure::new(runner, Kind::Livelock, message);
    failure.place = threads.iter().find_map(|thread| thread.place.clone());
    failure.threads = threads;
    failure
}

fn timeout(runner: Runner, deadline: Option<Duration>) -> Failure {
    let limit = deadline.unwrap_or_default();
    let message = format!("the claim has not ended within {limit:?}");
    let mut failure = Failure::new(runner, Kind::Timeout, message);
    failure.threads = threads::all();
    failure.place = failure
        .threads
        .iter()
        .find_map(|thread| thread.place.clone());
    failure
}

fn end(grader: &Grader, failure: Failure) {
    let message = failure.message.clone();
    if grader.end(&Event::Failed(Box::new(failure))) {
        // Not `eprintln!`, which panics when nobody reads: the process would live on, unwatched.
        let _ = writeln!(io::stderr(), "heddle: {message}");
        std::process::exit(FAILED);
    }
}
