//! Who waits, as the system tells.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, TryRecvError};

use heddle::process::Word;
use heddle::thread::{self, JoinHandle};
use heddle::time::{Duration, Instant};
use kata_20_shared_value::SharedWord;

/// The state of the thread with that folder below `/proc`; `None` when it is gone.
pub fn state_of(folder: &Path) -> Option<char> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let (_, state) = stat.rsplit_once(") ")?;
    state.chars().next()
}

/// When that process started, as the names of its values say it.
pub fn start_of(process: u32) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it was not waited for");
    let (_, fields) = stat.rsplit_once(") ").expect("the fields after the name");
    let started = fields.split(' ').nth(19).expect("the field");
    started.parse::<u64>().expect("a number") as u32
}

/// The time of a processor that a thread has used, in ticks; zero when it is gone.
fn used_by(folder: &Path) -> u64 {
    let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks = fields.skip(11).take(2);
    ticks.filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// How long some sleeps last that nobody ends, and whether each says that its time was up. Several,
/// because a thread that has to wait for a core seems to sleep.
pub fn sleeps_alone(limit: Duration) -> Vec<(bool, Duration)> {
    let sleep = move |_| {
        let (word, start) = (SharedWord::default(), Instant::now());
        (word.wait(0, limit), start.elapsed())
    };
    Waiter::start(move || (0..8).map(sleep).collect()).result()
}

/// How many looks in a row must find a thread asleep: it may nod for a moment where it begins.
const LOOKS: usize = 20;

/// How much time of a processor a thread may use before it waits, in ticks: so much that nobody
/// needs it who is going to sleep, whatever else the machine has to do.
const TICKS: u64 = 10;

/// How often a thread may nap before it counts as one that waits, a little at a time. When the machine
/// is busy, such a one waits for a core for most of its time, and is seldom found asleep.
const NAPS: u64 = 10;

/// How often a thread may be sent off its core before it waits. On a busy machine one that yields
/// again and again takes long to use its ticks, and who is going to sleep needs a few turns at most.
const TURNS: u64 = 100;

/// How often all may go to sleep before one of them must have come through.
const MOST_SLEEPS: u64 = 40;

/// Three times what a sleep may last.
const LONGEST_SLEEP: Duration = Duration::from_secs(3);

/// How often a thread has gone to sleep so far; zero when it is gone.
fn sleeps_of(folder: &Path) -> u64 {
    switches_of(folder, "voluntary_ctxt_switches:")
}

/// How often a thread has been sent off its core so far; zero when it is gone.
fn turns_of(folder: &Path) -> u64 {
    switches_of(folder, "nonvoluntary_ctxt_switches:")
}

fn switches_of(folder: &Path, kind: &str) -> u64 {
    let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
    let mut lines = status.lines();
    let switches = lines.find_map(|line| line.strip_prefix(kind));
    switches.map_or(0, |switches| switches.trim().parse().expect("a number"))
}

/// Returns once that thread waits in a system call, for long or again and again, or is gone.
///
/// It has to be past everything else that it could wait for.
#[track_caller]
pub fn until_it_waits(folder: &Path) {
    let (mut asleep, used, naps) = (0, used_by(folder), sleeps_of(folder));
    let turns = turns_of(folder);
    while asleep < LOOKS && sleeps_of(folder) < naps + NAPS {
        let spins = used_by(folder) > used + TICKS || turns_of(folder) > turns + TURNS;
        assert!(!spins, "does not sleep");
        match state_of(folder) {
            Some('S') => asleep += 1,
            Some('Z') | None => return,
            Some(_) => asleep = 0,
        }
        thread::yield_now();
    }
}

/// Returns once there is no such thread any more, as its number shows.
pub fn until_gone(thread: u32) {
    while Path::new(&format!("/proc/self/task/{thread}")).exists() {
        thread::yield_now();
    }
}

/// A thread that does something that may have to wait.
pub struct Waiter<R> {
    thread: JoinHandle<()>,
    folder: PathBuf,
    result: Receiver<R>,
}

impl<R: Send + 'static> Waiter<R> {
    /// Starts it, and returns once it waits or is through.
    #[track_caller]
    pub fn start(work: impl FnOnce() -> R + Send + 'static) -> Waiter<R> {
        let (tell, told) = mpsc::channel();
        let (send, result) = mpsc::channel();
        let thread = thread::spawn(move || {
            let folder = fs::read_link("/proc/thread-self").expect("/proc is mounted");
            // From here on it waits for nothing but the work: these channels have room.
            tell.send(folder).expect("somebody listens");
            // Nobody listens when the claim has failed.
            let _ = send.send(work());
        });
        let folder = Path::new("/proc").join(told.recv().expect("the thread begins"));
        until_it_waits(&folder);
        Waiter {
            thread,
            folder,
            result,
        }
    }

    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        until_it_waits(&self.folder);
        matches!(self.result.try_recv(), Err(TryRecvError::Empty))
    }

    /// What came of it, where nothing else is missing for it to come through.
    #[track_caller]
    pub fn result(self) -> R {
        let [result] = results([self]);
        result
    }
}

/// What came of each of them, where nothing but themselves keeps them from coming through.
///
/// Whoever looks then finds what it waits for, or another one has; and it looks within a second. So
/// who sleeps for longer will not find it, nor will they if all have looked again and again.
#[track_caller]
pub fn results<R, const N: usize>(waiters: [Waiter<R>; N]) -> [R; N] {
    let mut sleeps = [(); N].map(|()| Sleeps::default());
    let mut results = [(); N].map(|()| None);
    while results.iter().any(Option::is_none) {
        thread::yield_now();
        let mut all_in_vain = true;
        for (index, waiter) in waiters.iter().enumerate() {
            if results[index].is_some() {
                continue;
            }
            results[index] = match waiter.result.try_recv() {
                Err(TryRecvError::Disconnected) => panic!("the thread comes through"),
                result => result.ok(),
            };
            if results[index].is_some() {
                sleeps = [(); N].map(|()| Sleeps::default());
            }
            sleeps[index].look(&waiter.folder);
            all_in_vain &= sleeps[index].in_vain();
        }
        assert!(!all_in_vain, "looks again and again in vain");
    }
    for waiter in waiters {
        waiter.thread.join().expect("the thread comes through");
    }
    results.map(|result| result.expect("all came through"))
}

/// How a thread has slept since somebody began to look.
#[derive(Default)]
struct Sleeps {
    first: Option<(u64, u64)>,
    last: Option<(u64, Instant)>,
}

impl Sleeps {
    #[track_caller]
    fn look(&mut self, folder: &Path) {
        let (sleeps, state) = (sleeps_of(folder), state_of(folder));
        let used = used_by(folder);
        let (_, used_before) = self.first.get_or_insert((sleeps, used));
        assert!(used <= *used_before + TICKS, "does not sleep");
        match self.last {
            // One whose time is up counts as running at once, however busy the machine is.
            Some((before, since)) if before == sleeps && state == Some('S') => {
                assert!(since.elapsed() < LONGEST_SLEEP, "sleeps for ever");
            }
            _ => self.last = Some((sleeps, Instant::now())),
        }
    }

    fn in_vain(&self) -> bool {
        let sleeps = self.last.map_or(0, |(sleeps, _)| sleeps);
        self.first
            .is_some_and(|(first, _)| sleeps >= first + MOST_SLEEPS)
    }
}
