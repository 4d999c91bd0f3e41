//! A lock that looks for a while before it asks the kernel to wake it: most owners are soon done.

use std::fmt;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::mem::size_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use bytemuck::Pod;
use heddle::cell::UnsafeCell;
use heddle::hint;
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

impl SharedWord {
    /// The lower half, as on a little-endian machine: a futex has 32 bits.
    fn half(&self) -> &AtomicU32 {
        // SAFETY: the address is that of eight bytes that live as long as `self`, are aligned for
        // more than an `AtomicU32`, and hold an atomic. Nobody but the kernel reads through it.
        unsafe { &*(&raw const self.0).cast() }
    }
}

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
        // A limit that the system cannot express never comes.
        let limit = Timespec::try_from(limit).ok();
        // No `PRIVATE`: with it the kernel looks for sleepers of this process alone.
        let woken = futex::wait(self.half(), Flags::empty(), value as u32, limit.as_ref());
        woken == Err(Errno::TIMEDOUT)
    }

    fn wake_one(&self) -> bool {
        futex::wake(self.half(), Flags::empty(), 1).is_ok_and(|woken| woken > 0)
    }
}

const FREE: u64 = 0;
const LEVEL: u64 = 1 << 22;
const WAITERS: u64 = 1 << 31;
const LEVELS: u64 = WAITERS - LEVEL;

/// How often a thread looks before it sleeps.
const SPINS: u32 = 100;

/// How long to sleep before asking whether the owner is still there.
const PATIENCE: Duration = Duration::from_millis(20);

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
    /// All that there is to know, so that one step changes it; `FREE` is nobody's, and zero.
    ///
    /// | bits  | what                | who changes it                                       |
    /// | ----- | ------------------- | ---------------------------------------------------- |
    /// | 0–21  | the owner's number  | who takes the free lock or succeeds a dead owner     |
    /// | 22–30 | the owner's levels  | the owner                                            |
    /// | 31    | `WAITERS`           | set before anybody sleeps, gone with the last level: |
    /// |       |                     | then one is woken                                    |
    /// | 32–63 | the owner's start   | with the number                                      |
    word: W,
}

impl<W: Word> Lock<W> {
    /// Makes a free lock of a word that is zero.
    pub fn new(word: W) -> Self {
        Lock { word }
    }

    /// Waits for the lock, or goes one level deeper if the caller holds it.
    ///
    /// # Panics
    /// When a thread goes deeper than 511 levels.
    pub fn acquire(&self) -> Taken {
        self.enter(true)
    }

    /// Takes the lock if it is free, the caller's, which is one level deeper then, or a dead thread's.
    /// It never sleeps, and panics where `acquire` does.
    pub fn try_acquire(&self) -> Taken {
        self.enter(false)
    }

    /// Gives one level back; the last one frees the lock and wakes one of those that sleep.
    ///
    /// # Panics
    /// When the caller does not hold the lock.
    pub fn release(&self) {
        // ORDERING: Relaxed: as in `enter`; and nobody else changes the levels.
        let word = self.word.load(Relaxed);
        assert!(self.is_callers(word), "only the owner releases");
        if word & LEVELS > LEVEL {
            self.word.fetch_add(LEVEL.wrapping_neg(), Relaxed);
        // ORDERING: Release pairs with the Acquire exchange in `enter` that takes the free lock.
        } else if self.word.swap(FREE, Release) & WAITERS != 0 {
            self.word.wake_one();
        }
    }

    fn enter(&self, patient: bool) -> Taken {
        // ORDERING: Relaxed: if the word names this thread, this thread wrote that.
        let word = self.word.load(Relaxed);
        if self.is_callers(word) {
            assert!(word & LEVELS != LEVELS, "nobody nests this deep");
            self.word.fetch_add(LEVEL, Relaxed);
            return Taken::Yes;
        }
        if patient {
            self.spin();
        }
        let mut mine = self.word.caller().to_bits() | LEVEL;
        let mut in_doubt = !patient;
        loop {
            // ORDERING: Acquire pairs with the Release swap in `release` and sees what the last
            // owner wrote.
            let Err(found) = self.word.compare_exchange(FREE, mine, Acquire) else {
                return Taken::Yes;
            };
            if in_doubt && !self.word.is_alive(Owner::from_bits(found)) {
                // Whoever sleeps has marked the dead owner's word, and the mark must not get lost.
                // ORDERING: Relaxed: the dead released nothing. That its writes are seen is the
                // kernel's doing, which tells of an end only after it.
                let after = mine | WAITERS;
                if self.word.compare_exchange(found, after, Relaxed).is_ok() {
                    return Taken::FromTheDead;
                }
            } else if !patient {
                return Taken::No;
            } else {
                // ORDERING: Relaxed: the mark publishes nothing. The owner's swap finds it, or the
                // sleeper comes too late and `wait` finds another word.
                let marked = found | WAITERS;
                let exchange = || self.word.compare_exchange(found, marked, Relaxed);
                if found == marked || exchange().is_ok() {
                    in_doubt = self.word.wait(marked, PATIENCE);
                    // One wake-up, and perhaps many sleepers: the next owner wakes the next one.
                    mine |= WAITERS;
                }
            }
        }
    }

    /// Looks for a while, unless others wait already.
    fn spin(&self) {
        let mut spins = 0;
        // ORDERING: Relaxed: whoever finds the lock free here has yet to take it.
        let mut word = self.word.load(Relaxed);
        while spins < SPINS && word != FREE && word & WAITERS == 0 {
            hint::spin_loop();
            word = self.word.load(Relaxed);
            spins += 1;
        }
    }

    fn is_callers(&self, word: u64) -> bool {
        word & !(LEVELS | WAITERS) == self.word.caller().to_bits()
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
        self.0
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
/// Where a mapping begins: at a multiple of this, and so may a value, but of no more.
const PAGE: usize = 4096;

/// What lies in the segment.
#[repr(C)]
struct Segment<T> {
    lock: Lock<SharedWord>,
    size: u64,
    value: UnsafeCell<T>,
}

impl<T: Pod> Value<T> {
    /// Makes a segment for a value, under the name `heddle-value-PID-STARTED-…` of its creator.
    ///
    /// # Errors
    /// Those of the system.
    pub fn create(value: T) -> io::Result<Value<T>> {
        const { assert!(align_of::<T>() <= PAGE) };
        let conf = ShmemConf::new().size(size_of::<Segment<T>>());
        let named = conf.os_id(new_segment_name());
        let segment = named.create().map_err(io::Error::other)?;
        let contents = Segment {
            lock: Lock::new(SharedWord::default()),
            size: size_of::<T>() as u64,
            value: UnsafeCell::new(value),
        };
        // SAFETY: the mapping is as long as a `Segment<T>`, begins with a page, and is known to
        // nobody else before this returns.
        unsafe { segment.as_ptr().cast::<Segment<T>>().write(contents) };
        let plain = PhantomData;
        Ok(Value { segment, plain })
    }

    /// Opens the value of another process, which has told its name. The lock stays as it is.
    ///
    /// # Errors
    /// `InvalidData` when its value has another size than `T`; those of the system.
    pub fn open(name: &str) -> io::Result<Value<T>> {
        const { assert!(align_of::<T>() <= PAGE) };
        let named = ShmemConf::new().os_id(name);
        let (segment, plain) = (named.open().map_err(io::Error::other)?, PhantomData);
        let value = Value { segment, plain };
        // First the length: in a shorter one there is no size to read.
        let fits = value.segment.len() == size_of::<Segment<T>>()
            && value.contents().size == size_of::<T>() as u64;
        fits.then_some(value).ok_or(ErrorKind::InvalidData.into())
    }

    /// The name to open it by.
    pub fn name(&self) -> &str {
        self.segment.get_os_id()
    }

    /// Waits for the lock; the thread that holds it may take it again, and may `get` and `set`.
    ///
    /// # Errors
    /// [`OwnerDied`] with the guard, when the owner has ended without releasing it.
    pub fn lock(&self) -> LockResult<Guard<'_, T>> {
        let taken = self.contents().lock.acquire();
        self.guard(taken).expect("waiting ends with the lock")
    }

    /// Takes the lock if it can be had without waiting.
    ///
    /// # Errors
    /// As for [`Value::lock`].
    pub fn try_lock(&self) -> Option<LockResult<Guard<'_, T>>> {
        self.guard(self.contents().lock.try_acquire())
    }

    /// Reads the value under the lock.
    ///
    /// # Errors
    /// [`OwnerDied`] with the value, as for [`Value::lock`].
    pub fn get(&self) -> LockResult<T> {
        self.locked(|guard| guard.get())
    }

    /// Replaces the value under the lock.
    ///
    /// # Errors
    /// [`OwnerDied`], as for [`Value::lock`]; the value is replaced all the same.
    pub fn set(&self, value: T) -> LockResult<()> {
        self.locked(|guard| guard.set(value))
    }

    /// Does it under the lock, whether the last owner has died or not.
    fn locked<R>(&self, act: impl FnOnce(Guard<'_, T>) -> R) -> LockResult<R> {
        match self.lock() {
            Ok(guard) => Ok(act(guard)),
            Err(OwnerDied(guard)) => Err(OwnerDied(act(guard))),
        }
    }

    fn contents(&self) -> &Segment<T> {
        // SAFETY: `create` has written it, or `open` has seen that it has this size; any bytes are
        // a `T`. It stays mapped as long as `self`, and what changes is in atomics and cells.
        unsafe { &*self.segment.as_ptr().cast() }
    }

    fn guard(&self, taken: Taken) -> Option<LockResult<Guard<'_, T>>> {
        let guard = || Guard {
            segment: self.contents(),
            not_send: PhantomData,
        };
        match taken {
            Taken::No => None,
            Taken::Yes => Some(Ok(guard())),
            Taken::FromTheDead => Some(Err(OwnerDied(guard()))),
        }
    }
}

/// Access to a value whose lock is held; dropping it gives one level back, also during a panic.
///
/// It hands out copies and no references: the same thread may hold another guard.
#[must_use = "the level is given back as soon as the guard is dropped"]
pub struct Guard<'a, T> {
    segment: &'a Segment<T>,
    not_send: PhantomData<*const ()>,
}

impl<T: Pod> Guard<'_, T> {
    /// Reads the value.
    pub fn get(&self) -> T {
        // SAFETY: nobody else reads or writes while the lock is held, and nobody has a reference.
        self.segment.value.with(|value| unsafe { *value })
    }

    /// Replaces the value.
    pub fn set(&self, value: T) {
        // SAFETY: as in `get`.
        self.segment
            .value
            .with_mut(|place| unsafe { *place = value });
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.segment.lock.release();
    }
}
