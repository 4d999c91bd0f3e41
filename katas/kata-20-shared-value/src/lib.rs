//! A number in memory that several processes share, with a lock that outlives its holders.
//!
//! [`Lock`] is the algorithm, over any [`Word`]. [`SharedWord`] is the word of real processes, and
//! [`Value`] puts one beside a number into a segment of shared memory.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::fmt;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::mem::size_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use bytemuck::Pod;
use heddle::cell::UnsafeCell;
use heddle::process::{Owner, Word, new_segment_name};
use heddle::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use heddle::time::Duration;
use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};
use shared_memory::{Shmem, ShmemConf};

/// A word in memory that processes share: eight bytes, which may begin as zeros. A sleep on it may
/// have any limit: none is over at once, and one that the system cannot express never comes.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct SharedWord(AtomicU64);

impl Word for SharedWord {
    fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    fn swap(&self, new: u64, order: Ordering) -> u64 {
        self.0.swap(new, order)
    }

    fn fetch_add(&self, operand: u64, order: Ordering) -> u64 {
        self.0.fetch_add(operand, order)
    }

    fn compare_exchange(&self, current: u64, new: u64, order: Ordering) -> Result<u64, u64> {
        // ORDERING: Relaxed on failure, as the trait says; on success as the caller says.
        self.0.compare_exchange(current, new, order, Relaxed)
    }

    fn wait(&self, value: u64, limit: Duration) -> bool {
        todo!("futex::wait on the lower half, for other processes too")
    }

    fn wake_one(&self) -> bool {
        todo!("futex::wake, for other processes too")
    }
}

/// How an acquire has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Another thread holds the lock, and lives; an attempt does not wait.
    No,
    /// The lock was free or the caller's own.
    Yes,
    /// The lock was taken from a thread that ended while it held it. Nobody else is told.
    FromTheDead,
}

/// A re-entrant lock between processes, which notices when its owner is gone.
///
/// It is nothing but its word, so it works wherever the word is.
#[derive(Debug)]
#[repr(transparent)]
pub struct Lock<W> {
    word: W,
}

impl<W: Word> Lock<W> {
    /// Makes a free lock of a word that is zero.
    pub fn new(word: W) -> Self {
        todo!("keep the word")
    }

    /// Waits for the lock, or goes one level deeper if the caller holds it.
    ///
    /// # Panics
    /// When a thread goes deeper than 511 levels.
    pub fn acquire(&self) -> Taken {
        todo!("take the free word with one exchange, else mark it, sleep, and look again")
    }

    /// Takes the lock if it is free, the caller's, which is one level deeper then, or a dead thread's.
    /// It never sleeps, and panics where `acquire` does.
    pub fn try_acquire(&self) -> Taken {
        todo!("as `acquire`, without sleeping")
    }

    /// Gives one level back; the last one frees the lock and wakes one of those that sleep.
    ///
    /// # Panics
    /// When the caller does not hold the lock.
    pub fn release(&self) {
        todo!("count down; the last level swaps zero in and looks whether anybody sleeps")
    }
}

/// The error of a lock that was taken from a dead thread: what it protects may be half changed.
///
/// `G` is the guard, for the lock is held all the same, or what became of the call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OwnerDied<G>(G);

impl<G> fmt::Debug for OwnerDied<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerDied")
    }
}

impl<G> OwnerDied<G> {
    /// Goes on as if nothing had happened.
    pub fn into_inner(self) -> G {
        todo!("hand it over")
    }
}

/// What a call that takes a lock returns.
pub type LockResult<G> = Result<G, OwnerDied<G>>;

/// A value in shared memory, behind a lock of its own.
///
/// Its creator removes the segment when it drops the value; who has it open may go on using it.
///
/// # Python
/// `multiprocessing.Value`, where a holder that is killed leaves the lock held for ever.
pub struct Value<T> {
    segment: Shmem,
    plain: PhantomData<T>,
}

// SAFETY: the segment is reached through its lock alone, which keeps threads apart as well as
// processes; the mapping itself belongs to no thread.
unsafe impl<T: Pod + Send> Send for Value<T> {}
// SAFETY: as above; a shared `Value` hands out copies.
unsafe impl<T: Pod + Send> Sync for Value<T> {}

impl<T: Pod> Value<T> {
    /// Makes a segment for a value, under the name `heddle-value-PID-STARTED-…` of its creator.
    ///
    /// # Errors
    /// Those of the system.
    pub fn create(value: T) -> io::Result<Value<T>> {
        todo!("create a segment under a new name and write lock, size and value into it")
    }

    /// Opens the value of another process, which has told its name. The lock stays as it is.
    ///
    /// # Errors
    /// `InvalidData` when its value has another size than `T`; those of the system.
    pub fn open(name: &str) -> io::Result<Value<T>> {
        todo!("open the segment and check that it is long enough and made for this size")
    }

    /// The name to open it by.
    pub fn name(&self) -> &str {
        todo!("the segment knows it")
    }

    /// Waits for the lock; the thread that holds it may take it again, and may `get` and `set`.
    ///
    /// # Errors
    /// [`OwnerDied`] with the guard, when the owner has ended without releasing it.
    pub fn lock(&self) -> LockResult<Guard<'_, T>> {
        todo!("acquire, then make the guard, whether the owner died or not")
    }

    /// Takes the lock if it can be had without waiting.
    ///
    /// # Errors
    /// As for [`Value::lock`].
    pub fn try_lock(&self) -> Option<LockResult<Guard<'_, T>>> {
        todo!("as `lock`, with an attempt")
    }

    /// Reads the value under the lock.
    ///
    /// # Errors
    /// [`OwnerDied`] with the value, as for [`Value::lock`].
    pub fn get(&self) -> LockResult<T> {
        todo!("lock, read")
    }

    /// Replaces the value under the lock.
    ///
    /// # Errors
    /// [`OwnerDied`], as for [`Value::lock`]; the value is replaced all the same.
    pub fn set(&self, value: T) -> LockResult<()> {
        todo!("lock, write")
    }
}

/// Access to a value whose lock is held; dropping it gives one level back, also during a panic.
///
/// It hands out copies and no references: the same thread may hold another guard.
#[must_use = "the level is given back as soon as the guard is dropped"]
pub struct Guard<'a, T> {
    not_send: PhantomData<*const ()>,
    value: PhantomData<&'a T>,
}

impl<T: Pod> Guard<'_, T> {
    /// Reads the value.
    pub fn get(&self) -> T {
        todo!("the lock is held: the value may be read")
    }

    /// Replaces the value.
    pub fn set(&self, value: T) {
        todo!("the lock is held: the value may be written")
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        todo!("release the lock")
    }
}
