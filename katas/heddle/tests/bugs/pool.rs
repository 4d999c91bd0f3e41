//! A pool of workers over a queue with shutdown, lock order, and timed waits.

use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use heddle::time::Duration;
use std::collections::VecDeque;

#[derive(Clone, Copy, PartialEq)]
enum Bug {
    None,
    ShutdownBeforeQueue,
    ShutdownWakesOne,
}

struct State {
    jobs: VecDeque<u32>,
    closed: bool,
}

struct Pool {
    state: Mutex<State>,
    changed: Condvar,
    bug: Bug,
}

impl Pool {
    fn next(&self) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        loop {
            if self.bug == Bug::ShutdownBeforeQueue && state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap();
        }
    }

    fn submit(&self, job: u32) {
        self.state.lock().unwrap().jobs.push_back(job);
        self.changed.notify_one();
    }

    fn shut_down(&self) {
        self.state.lock().unwrap().closed = true;
        if self.bug == Bug::ShutdownWakesOne {
            self.changed.notify_one();
        } else {
            self.changed.notify_all();
        }
    }
}

/// `workers` threads do `jobs` jobs that were submitted before the shutdown.
fn all_jobs_are_done(bug: Bug, workers: usize, jobs: u32) {
    let state = State {
        jobs: VecDeque::new(),
        closed: false,
    };
    let pool = Arc::new(Pool {
        state: Mutex::new(state),
        changed: Condvar::new(),
        bug,
    });
    let handles: Vec<_> = (0..workers)
        .map(|_| {
            let pool = pool.clone();
            thread::spawn(move || std::iter::from_fn(|| pool.next()).sum::<u32>())
        })
        .collect();
    (1..=jobs).for_each(|job| pool.submit(job));
    pool.shut_down();
    let done: u32 = handles.into_iter().map(|h| h.join().unwrap()).sum::<u32>();
    assert_eq!(done, (1..=jobs).sum::<u32>(), "a job was dropped");
}

/// (p) A worker that looks at the shutdown flag before the queue drops jobs.
#[test]
fn shutdown_looked_at_before_the_queue() {
    rejected!("assertion", "sequential-", || all_jobs_are_done(
        Bug::ShutdownBeforeQueue,
        1,
        1
    ));
}

/// (p) A shutdown that wakes one of two workers.
#[test]
fn shutdown_wakes_one_worker() {
    rejected!("deadlock", "sequential-", || all_jobs_are_done(
        Bug::ShutdownWakesOne,
        2,
        0
    ));
}

/// Right: one worker.
#[test]
fn right_pool_of_one() {
    accepted!(|| all_jobs_are_done(Bug::None, 1, 2));
}

/// Right: two workers.
#[test]
fn right_pool_of_two() {
    accepted!(|| all_jobs_are_done(Bug::None, 2, 2));
}

/// Each of `threads` threads takes its own lock and then its neighbour's.
fn locks_in_a_circle(threads: usize, ordered: bool) {
    let locks: Arc<Vec<Mutex<()>>> = Arc::new((0..threads).map(|_| Mutex::new(())).collect());
    let both = move |locks: &[Mutex<()>], me: usize| {
        let (mut first, mut second) = (me, (me + 1) % threads);
        if ordered && first > second {
            std::mem::swap(&mut first, &mut second);
        }
        let _first = locks[first].lock().unwrap();
        let _second = locks[second].lock().unwrap();
    };
    let handles: Vec<_> = (1..threads)
        .map(|me| {
            let locks = locks.clone();
            thread::spawn(move || both(&locks, me))
        })
        .collect();
    both(&locks, 0);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// (m) Two locks taken in opposite orders.
#[test]
fn two_locks_in_opposite_orders() {
    rejected!("deadlock", "sequential-", || locks_in_a_circle(2, false));
}

/// (m) Three locks taken round a circle.
#[test]
fn three_locks_round_a_circle() {
    rejected!("deadlock", "sequential-", || locks_in_a_circle(3, false));
}

/// Right: three locks, always the lower one first.
#[test]
fn right_locks_in_one_order() {
    accepted!(|| locks_in_a_circle(3, true));
}

/// Thread 0 waits a second for a flag that another thread sets; `wait` does the waiting.
fn timed(wait: fn(&Mutex<bool>, &Condvar)) {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let setter = thread::spawn({
        let shared = shared.clone();
        move || {
            *shared.0.lock().unwrap() = true;
            shared.1.notify_one();
        }
    });
    wait(&shared.0, &shared.1);
    setter.join().unwrap();
}

/// The result of a timed wait is ignored: after a time-out the flag is not set.
#[test]
fn time_out_ignored() {
    rejected!("assertion", "", || timed(|flag, changed| {
        let mut set = flag.lock().unwrap();
        if !*set {
            set = changed.wait_timeout(set, Duration::from_secs(1)).unwrap().0;
        }
        assert!(*set, "went on without the flag");
    }));
}

/// A wakeup is taken for a time-out: the flag is set, and the caller is told that it is not.
#[test]
fn wakeup_taken_for_a_time_out() {
    rejected!("assertion", "", || timed(|flag, changed| {
        let set = flag.lock().unwrap();
        let (set, result) = changed
            .wait_timeout_while(set, Duration::from_secs(1), |set| !*set)
            .unwrap();
        assert!(
            result.timed_out() || !*set,
            "every return is reported as a time-out"
        );
    }));
}

/// Right: a timed wait that tells a time-out from a wakeup, and never hangs.
#[test]
fn right_timed_wait() {
    accepted!(|| timed(|flag, changed| {
        let set = flag.lock().unwrap();
        let (set, result) = changed
            .wait_timeout_while(set, Duration::from_secs(1), |set| !*set)
            .unwrap();
        assert_eq!(result.timed_out(), !*set);
    }));
}

/// Right: a timed wait that nobody notifies ends.
#[test]
fn right_timed_wait_without_a_notifier() {
    accepted!(|| {
        let (flag, changed) = (Mutex::new(false), Condvar::new());
        let set = flag.lock().unwrap();
        let (set, result) = changed
            .wait_timeout_while(set, Duration::from_secs(1), |set| !*set)
            .unwrap();
        assert!(result.timed_out() && !*set);
    });
}
