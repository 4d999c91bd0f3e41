//! As many claims at a time as there are cores, over all gradings of this program.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

static TAKEN: Mutex<usize> = Mutex::new(0);
static RETURNED: Condvar = Condvar::new();
static CLAIMS_PER_CORE: AtomicUsize = AtomicUsize::new(1);

/// Lets so many claims share a core from now on, at least one, to see what becomes of them then.
pub fn share_cores(claims_per_core: usize) {
    // ORDERING: Relaxed, a number by itself; who waits for a core sees it when the next one is returned.
    CLAIMS_PER_CORE.store(claims_per_core.max(1), Ordering::Relaxed);
}

/// Leave to use a core; dropping it gives it back.
#[derive(Debug)]
pub struct Slot(());

impl Slot {
    /// Waits for a core.
    pub fn take() -> Slot {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = RETURNED
            .wait_while(taken, |taken| *taken >= cores() * claims_per_core())
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Slot(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        RETURNED.notify_one();
    }
}

fn claims_per_core() -> usize {
    // ORDERING: Relaxed, as where it is written.
    CLAIMS_PER_CORE.load(Ordering::Relaxed)
}

/// How many cores this program may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::*;
    use crate::process::{self, End, Job, Limits};

    /// Runs a script on every core until one more was to be had, or its time is over; how they ended.
    fn ends_of(script: &str, clock: Duration) -> Vec<End> {
        let name = format!("heddle-slots-{}", std::process::id());
        let file = std::env::temp_dir().join(name);
        let job = |slot| {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", script, "sh"]).arg(&file);
            Job {
                command,
                record_variable: None,
                limits: Limits::with_clock(clock),
                slot,
            }
        };
        let jobs: Vec<Job> = (0..cores()).map(|_| job(Slot::take())).collect();
        let ends = std::thread::scope(|scope| {
            let running: Vec<_> = jobs
                .into_iter()
                .map(|job| scope.spawn(|| process::run(job).expect("it can be run").end))
                .collect();
            drop(Slot::take());
            std::fs::write(&file, "").expect("writable");
            let ends = running.into_iter().map(|one| one.join());
            ends.map(|end| end.expect("no panic")).collect()
        });
        std::fs::remove_file(&file).expect("it was written");
        ends
    }

    /// Who only waits keeps nobody from a core, and who computes keeps it to the end.
    #[test]
    fn only_who_computes_keeps_a_core() {
        let waiting = "until [ -e \"$1\" ]; do sleep 0.2; done";
        let ends = ends_of(waiting, Duration::from_secs(300));
        assert!(ends.iter().all(|end| *end == End::Itself), "{ends:?}");
        let computing = "until [ -e \"$1\" ]; do :; done";
        let ends = ends_of(computing, Duration::from_secs(3));
        assert!(ends.contains(&End::Clock), "{ends:?}");
    }
}
