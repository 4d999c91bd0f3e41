//! Who waits, as the system tells.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};

use heddle::thread::{self, JoinHandle};

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

/// How many looks in a row must find a thread asleep: it may nod for a moment where it begins.
const LOOKS: usize = 20;

/// How much time of a processor a thread may use before it waits, in ticks: so much that nobody
/// needs it who is going to sleep, whatever else the machine has to do.
const TICKS: u64 = 50;

/// Returns once that thread waits in a system call, or is gone.
///
/// It has to be past everything else that it could wait for.
#[track_caller]
pub fn until_it_waits(folder: &Path) {
    let (mut asleep, before) = (0, used_by(folder));
    while asleep < LOOKS {
        assert!(used_by(folder) <= before + TICKS, "does not sleep");
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
        matches!(self.result.try_recv(), Err(mpsc::TryRecvError::Empty))
    }

    /// What came of it.
    pub fn result(self) -> R {
        let result = self.result.recv().expect("the thread comes through");
        self.thread.join().expect("the thread comes through");
        result
    }
}
