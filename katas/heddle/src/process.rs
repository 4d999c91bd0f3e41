//! What an algorithm between processes needs beside its memory: who is who, and words to wait on.
//!
//! Linux only. The model knows no processes, and all of its threads are one thread of the system:
//! a claim about many of them brings a [`Word`] of its own, which tells them apart.

use std::fs::read_to_string;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A word that several threads share, perhaps of several processes, and what the system knows of
/// them.
///
/// An algorithm over any word can be tried over one whose sleepers, deaths and wake-ups a claim
/// commands, and then run over one in shared memory.
pub trait Word {
    /// Reads the word.
    fn load(&self, order: Ordering) -> u64;
    /// Replaces the word and returns the one before.
    fn swap(&self, new: u64, order: Ordering) -> u64;
    /// Adds, wrapping round, and returns the word before.
    fn fetch_add(&self, operand: u64, order: Ordering) -> u64;
    /// Replaces the word if it is `current`. The `Err` is what it is instead, read as `Relaxed`.
    fn compare_exchange(&self, current: u64, new: u64, order: Ordering) -> Result<u64, u64>;
    /// Sleeps if the word's lower half is that of `value`, until somebody wakes it or for `limit`;
    /// it may return at any time. Returns `true` when the time was up.
    fn wait(&self, value: u64, limit: Duration) -> bool;
    /// Wakes one thread that sleeps in [`Word::wait`]; returns whether there was one.
    fn wake_one(&self) -> bool;
    /// The calling thread.
    fn caller(&self) -> Owner {
        Owner::current()
    }
    /// Whether that thread still runs.
    fn is_alive(&self, owner: Owner) -> bool {
        owner.is_alive()
    }
}

/// A thread, told apart from every other one on this machine, before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The number that the system gave it: less than 2²², and given again after its end.
    pub thread: u32,
    /// When it started, in ticks since the machine did: the lower 32 bits. No machine gives all
    /// its numbers within a tick, so that number and start together are never given again.
    pub started: u32,
}

impl Owner {
    /// The calling thread.
    ///
    /// # Panics
    ///
    /// Where `/proc` is not mounted.
    pub fn current() -> Owner {
        std::thread_local! {
            static ME: Owner = look_up("thread-self").expect("/proc is mounted").0;
        }
        ME.with(|me| *me)
    }

    /// Both numbers in one word: the thread in the bits 0–21, the start in the bits 32–63. The ten
    /// bits between are zero, and no owner is all zeros.
    pub fn to_bits(self) -> u64 {
        u64::from(self.started) << 32 | u64::from(self.thread)
    }

    /// The owner in such a word, whatever the ten bits between are.
    pub fn from_bits(word: u64) -> Owner {
        let thread = (word & ((1 << 22) - 1)) as u32;
        let started = (word >> 32) as u32;
        Owner { thread, started }
    }

    /// Tells whether the thread still runs: one that was killed does not, even if its parent has
    /// not waited for it yet.
    ///
    /// When the system does not say, because no more files can be opened for example, it runs: who
    /// is wrong about that waits a little longer, and who is wrong about a death breaks a lock.
    pub fn is_alive(self) -> bool {
        match look_up(&self.thread.to_string()) {
            Ok((owner, state)) => owner == self && !matches!(state, 'Z' | 'X'),
            Err(error) => !means_gone(&error),
        }
    }
}

/// A name that no segment of shared memory has or had: `heddle-value-PID-STARTED-…`.
///
/// The system counts nobody who uses a segment, and nobody but its creator removes it. So the name
/// says who that was: the process, and its start as an [`Owner`] has it. What a killed creator has
/// left can then be told from what is in use, and `cargo xtask doctor` removes it.
///
/// # Panics
///
/// Where `/proc` is not mounted.
pub fn new_segment_name() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    // ORDERING: Relaxed: that each gets another number needs no edge.
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Not the thread, as its process outlives it.
    let (Owner { thread, started }, _) = look_up("self").expect("/proc is mounted");
    format!("heddle-value-{thread}-{started}-{number}")
}

/// The thread in that folder of `/proc`, and its state. A line reads `71 (any name) S 1 71 …`.
fn look_up(folder: &str) -> io::Result<(Owner, char)> {
    let line = read_to_string(format!("/proc/{folder}/stat"))?;
    parsed(&line).ok_or_else(|| io::Error::other(format!("/proc/{folder}/stat reads: {line}")))
}

fn parsed(line: &str) -> Option<(Owner, char)> {
    // From the last bracket on: the name may hold brackets and spaces.
    let (head, tail) = line.rsplit_once(')')?;
    let thread = head.split(' ').next()?.parse().ok()?;
    let mut fields = tail.split_whitespace();
    let state = fields.next()?.chars().next()?;
    // Field 22 of the line, of which three are gone already.
    let started = fields.nth(18)?.parse::<u64>().ok()? as u32;
    Some((Owner { thread, started }, state))
}

/// Whether the error says that there is no such thread: no folder, or one that is just going away.
fn means_gone(error: &io::Error) -> bool {
    const ESRCH: i32 = 3;
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(ESRCH)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_knows_itself_and_no_other() {
        let me = Owner::current();
        assert_eq!(me, Owner::current());
        assert!(me.is_alive());
        let other = thread::spawn(Owner::current).join().unwrap();
        assert_ne!(other.thread, me.thread);
        assert!(other.started >= me.started, "it began later");
        while Path::new(&format!("/proc/self/task/{}", other.thread)).exists() {
            thread::yield_now();
        }
        assert!(!other.is_alive());
    }

    #[test]
    fn bits_name_their_owner() {
        let largest = Owner {
            thread: (1 << 22) - 1,
            started: u32::MAX,
        };
        for owner in [Owner::current(), largest] {
            let word = owner.to_bits();
            assert_eq!(word & 1023 << 22, 0);
            assert_eq!(Owner::from_bits(word | 1023 << 22), owner);
        }
    }

    #[test]
    fn a_number_is_not_enough() {
        let mut earlier = Owner::current();
        earlier.started = earlier.started.wrapping_sub(1);
        assert!(!earlier.is_alive(), "that one has another beginning");
    }

    #[test]
    fn a_name_may_look_like_a_state() {
        let line = "71 (a) Z 1 (b) X) S 1 71 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4294967303 0";
        let (thread, started) = (71, 7);
        assert_eq!(parsed(line), Some((Owner { thread, started }, 'S')));
    }

    #[test]
    fn a_killed_process_is_dead_at_once() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let folder = child.id().to_string();
        let (owner, _) = look_up(&folder).unwrap();
        assert!(owner.is_alive());
        child.kill().unwrap();
        // It is listed until it has been waited for.
        while look_up(&folder).unwrap().1 != 'Z' {
            thread::yield_now();
        }
        assert!(!owner.is_alive());
        child.wait().unwrap();
        assert!(!owner.is_alive());
    }

    #[test]
    fn only_a_missing_thread_is_dead() {
        let too_many_files = io::Error::from_raw_os_error(24);
        assert!(!means_gone(&too_many_files));
        assert!(!means_gone(&io::Error::other("another line")));
        let gone = look_up("0").unwrap_err();
        assert!(means_gone(&gone), "{gone}");
    }

    #[test]
    fn no_name_is_given_twice_and_each_tells_its_process() {
        let mut names = BTreeSet::from([(); 2].map(|()| new_segment_name()));
        names.insert(thread::spawn(new_segment_name).join().unwrap());
        assert_eq!(names.len(), 3);
        let (me, _) = look_up("self").unwrap();
        let expected = format!("heddle-value-{}-{}-", std::process::id(), me.started);
        assert!(names.iter().all(|name| name.starts_with(&expected)));
    }
}
