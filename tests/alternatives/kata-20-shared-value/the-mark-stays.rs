//! The mark of the sleepers belongs to the lock and not to its owner: a release leaves it in the free
//! word, until a wake-up finds nobody asleep.

use std::fmt;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::mem::size_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use bytemuck::Pod;
use heddle::cell::UnsafeCell;
use heddle::process::{Owner, Word, new_segment_name};
use heddle::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release};
use heddle::time::Duration;
use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};
use shared_memory::{Shmem, ShmemConf};

/// A word in memory that processes share: eight bytes, which may begin as zeros.
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

const THREAD: u64 = (1 << 22) - 1;
const LEVEL: u64 = 1 << 22;
const LEVELS: u64 = ASLEEP - LEVEL;
const ASLEEP: u64 = 1 << 31;

/// How long to sleep before asking whether the owner is still there.
const PATIENCE: Duration = Duration::from_millis(20);

/// How an acquire has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Another thread holds the lock, and an attempt does not wait.
    No,
    /// The lock was free or the caller's own.
    Yes,
    /// The lock was taken from a thread that ended while it held it. Nobody else is told.
    FromTheDead,
}

/// A re-entrant lock between processes.
#[derive(Debug)]
#[repr(transparent)]
pub struct Lock<W> {
    /// Owner, levels and `ASLEEP`; free when there is no owner, whatever the mark says.
    word: W,
}

/// Whose a word is.
enum Whose {
    Nobodys,
    Mine,
    Anothers(Owner),
}

impl<W: Word> Lock<W> {
    /// Makes a free lock of a word that is zero.
    pub fn new(word: W) -> Self {
        Lock { word }
    }

    /// Waits for the lock, or goes one level deeper if the caller holds it.
    pub fn acquire(&self) -> Taken {
        let mut asks = false;
        loop {
            match self.attempt(asks) {
                Taken::No => asks = self.sleep(),
                taken => return taken,
            }
        }
    }

    /// Takes the lock if it is free, the caller's, or a dead thread's.
    pub fn try_acquire(&self) -> Taken {
        self.attempt(true)
    }

    /// Gives one level back.
    pub fn release(&self) {
        // ORDERING: Relaxed: name and levels are this thread's own, if it is the owner.
        let word = self.word.load(Relaxed);
        assert!(
            matches!(self.whose(word), Whose::Mine),
            "only the owner releases"
        );
        let last = word & LEVELS == LEVEL;
        let given = if last { word & !ASLEEP } else { LEVEL };
        // ORDERING: Release pairs with the Acquire exchange in `attempt`; the inner levels need none.
        let before = self.word.fetch_add(given.wrapping_neg(), Release);
        if last && before & ASLEEP != 0 && !self.word.wake_one() {
            // Whoever comes to sleep from now on finds another word than it marked.
            // ORDERING: Acquire and Release, for this takes the place of the free word that was
            // written above, or perhaps by another owner since.
            let _ = self.word.compare_exchange(ASLEEP, 0, AcqRel);
        }
    }

    fn whose(&self, word: u64) -> Whose {
        let Owner { thread, started } = self.word.caller();
        let owner = Owner {
            thread: (word & THREAD) as u32,
            started: (word >> 32) as u32,
        };
        match owner {
            Owner { thread: 0, .. } => Whose::Nobodys,
            owner if owner == (Owner { thread, started }) => Whose::Mine,
            owner => Whose::Anothers(owner),
        }
    }

    fn attempt(&self, asks: bool) -> Taken {
        // ORDERING: Relaxed: the exchange below decides.
        let mut word = self.word.load(Relaxed);
        loop {
            let taken = match self.whose(word) {
                Whose::Mine => {
                    assert!(word & LEVELS != LEVELS, "nobody nests this deep");
                    self.word.fetch_add(LEVEL, Relaxed);
                    return Taken::Yes;
                }
                Whose::Nobodys => Taken::Yes,
                Whose::Anothers(owner) if asks && !self.word.is_alive(owner) => Taken::FromTheDead,
                Whose::Anothers(_) => return Taken::No,
            };
            let Owner { thread, started } = self.word.caller();
            let name = u64::from(started) << 32 | u64::from(thread);
            // ORDERING: Acquire pairs with the Release in `release`.
            match self
                .word
                .compare_exchange(word, word & ASLEEP | LEVEL | name, Acquire)
            {
                Ok(_) => return taken,
                Err(now) => word = now,
            }
        }
    }

    /// Sleeps if the lock is held; returns whether the owner may be dead.
    fn sleep(&self) -> bool {
        // ORDERING: Relaxed here and below: the mark publishes nothing.
        let word = self.word.load(Relaxed);
        let marked = word | ASLEEP;
        let held = matches!(self.whose(word), Whose::Anothers(_));
        let is_marked =
            held && (word == marked || self.word.compare_exchange(word, marked, Relaxed).is_ok());
        is_marked && self.word.wait(marked, PATIENCE)
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
pub struct Value<T> {
    segment: Shmem,
    plain: PhantomData<T>,
}

// SAFETY: the segment is reached through its lock alone, which keeps threads apart as well as
// processes; the mapping itself belongs to no thread.
unsafe impl<T: Pod + Send> Send for Value<T> {}
// SAFETY: as above; a shared `Value` hands out copies.
unsafe impl<T: Pod + Send> Sync for Value<T> {}

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
        Ok(Self::over(segment))
    }

    /// Opens the value of another process, which has told its name.
    ///
    /// # Errors
    /// `InvalidData` when its value has another size than `T`; those of the system, such as when
    /// there is no such segment any more.
    pub fn open(name: &str) -> io::Result<Value<T>> {
        let conf = ShmemConf::new().os_id(name);
        let value = Self::over(conf.open().map_err(io::Error::other)?);
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

    fn locked<R>(&self, act: impl FnOnce(Guard<'_, T>) -> R) -> LockResult<R> {
        match self.lock() {
            Ok(guard) => Ok(act(guard)),
            Err(OwnerDied(guard)) => Err(OwnerDied(act(guard))),
        }
    }

    fn over(segment: Shmem) -> Self {
        let plain = PhantomData;
        Value { segment, plain }
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
