//! What a claim's process may use.

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getuid, setrlimit};

/// The most memory that a process may map; more than any claim needs, with room for the arenas of many threads.
const MEMORY: u64 = 2 << 30;
/// The largest file that a process may write.
const FILE: u64 = 256 << 20;
/// How many tasks the user may have beyond those that run already.
const TASKS: u64 = 512;

/// What a process may use before it is ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run.
    pub clock: Duration,
    /// How much longer it gets to end by itself and to say why.
    pub grace: Duration,
    /// How many bytes it may print.
    pub output: usize,
    /// How many processes it may have below it at a time.
    pub children: usize,
}

impl Limits {
    /// The usual limits, with that clock.
    pub fn with_clock(clock: Duration) -> Limits {
        Limits {
            clock,
            grace: Duration::from_secs(2),
            output: 16 << 20,
            children: 32,
        }
    }
}

/// Limits that the system enforces, made ready before the fork.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemLimits {
    tasks: Option<u64>,
}

impl SystemLimits {
    pub(super) fn prepare() -> SystemLimits {
        // The superuser is not bound by it, and for everybody else it counts all that they run.
        let tasks = if getuid().is_root() {
            None
        } else {
            running_tasks()
        };
        SystemLimits {
            tasks: tasks.map(|tasks| tasks + TASKS),
        }
    }

    /// Sets them for this process; called between fork and exec.
    pub(super) fn set(self) -> io::Result<()> {
        lower(Resource::As, MEMORY)?;
        lower(Resource::Fsize, FILE)?;
        lower(Resource::Core, 0)?;
        if let Some(tasks) = self.tasks {
            lower(Resource::Nproc, tasks)?;
        }
        Ok(())
    }
}

/// Lowers both limits, never beyond what is allowed.
fn lower(resource: Resource, to: u64) -> io::Result<()> {
    let old = rustix::process::getrlimit(resource);
    let to = old.maximum.map_or(to, |maximum| maximum.min(to));
    setrlimit(
        resource,
        Rlimit {
            current: Some(to),
            maximum: Some(to),
        },
    )?;
    Ok(())
}

/// How many tasks run on this machine: the second number of `0.31 0.42 0.40 2/613 9917`.
fn running_tasks() -> Option<u64> {
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    load.split_whitespace()
        .nth(3)?
        .split_once('/')?
        .1
        .parse()
        .ok()
}
