//! One claim more at a time than there are cores, over all gradings of this program: now and then one waits.

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
            .wait_while(taken, |taken| *taken >= room())
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

/// How many claims may run at a time.
pub(crate) fn room() -> usize {
    cores() * claims_per_core() + 1
}

fn claims_per_core() -> usize {
    // ORDERING: Relaxed, as where it is written.
    CLAIMS_PER_CORE.load(Ordering::Relaxed)
}

/// After how many looks at which it had done nothing a process does not need its core.
const IDLE: u32 = 3;

/// What a process has computed, as it was found at one look after the other.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// The processor's time that it had used at the last look.
    used: Option<u64>,
    /// How many looks in a row it had used no more.
    idle: u32,
}

impl Work {
    /// Notes what it has used by now, where that can be known; says whether it only waits.
    pub(super) fn has_stopped(&mut self, used: Option<u64>) -> bool {
        self.idle = match used.is_some() && used == self.used {
            true => self.idle + 1,
            false => 0,
        };
        self.used = used;
        self.idle >= IDLE
    }
}

/// How many cores this program may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::*;
    use crate::process::{self, End, Job, Limits};

    /// Who only waits keeps nobody from a core: it is given back while all of them still run.
    #[test]
    fn who_only_waits_gives_its_core_back() {
        let name = format!("heddle-slots-{}", std::process::id());
        let file = std::env::temp_dir().join(name);
        let job = |slot| {
            let mut command = Command::new("/bin/sh");
            let script = "until [ -e \"$1\" ]; do sleep 0.2; done";
            command.args(["-c", script, "sh"]).arg(&file);
            Job {
                command,
                record_variable: None,
                limits: Limits::with_clock(Duration::from_secs(300)),
                slot,
            }
        };
        let jobs: Vec<Job> = (0..room()).map(|_| job(Slot::take())).collect();
        let ends: Vec<End> = std::thread::scope(|scope| {
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
        assert!(ends.iter().all(|end| *end == End::Itself), "{ends:?}");
    }

    /// Who computes keeps its core, however long, and so does one of whom nothing is known.
    #[test]
    fn who_computes_keeps_its_core() {
        let (mut work, mut unknown) = (Work::default(), Work::default());
        for used in 0..100 {
            assert!(!work.has_stopped(Some(used / u64::from(IDLE))));
            assert!(!unknown.has_stopped(None));
        }
    }

    /// It takes several looks in a row at one that does nothing, and any work starts the count anew.
    #[test]
    fn a_pause_is_no_end() {
        let mut work = Work::default();
        let mut looks = |used| [(); 4].map(|()| work.has_stopped(Some(used)));
        assert_eq!(looks(7), [false, false, false, true]);
        assert_eq!(looks(8), [false, false, false, true]);
    }
}
