//! Nobody sleeps before asking whether the owner lives; a change of the word is one function from
//! the old one to the new one; and the segment is bytes, with the value in front of its lock.

use std::fmt;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::mem::size_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use bytemuck::Pod;
use heddle::process::{Owner, Word, new_segment_name};
use heddle::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
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

/// The parts of a word; nobody's is all zero.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    owner: Owner,
    levels: u32,
    awaited: bool,
}

const NOBODY: State = State {
    owner: Owner {
        thread: 0,
        started: 0,
    },
    levels: 0,
    awaited: false,
};

impl State {
    fn of(word: u64) -> State {
        let low = word as u32;
        State {
            owner: Owner {
                thread: low >> 10,
                started: (word >> 32) as u32,
            },
            levels: low >> 1 & 511,
            awaited: low & 1 != 0,
        }
    }

    fn word(self) -> u64 {
        let low = self.owner.thread << 10 | self.levels << 1 | u32::from(self.awaited);
        u64::from(self.owner.started) << 32 | u64::from(low)
    }
}

/// A re-entrant lock between processes.
#[derive(Debug)]
#[repr(transparent)]
pub struct Lock<W> {
    word: W,
}

impl<W: Word> Lock<W> {
    /// Makes a free lock of a word that is zero.
    pub fn new(word: W) -> Self {
        Lock { word }
    }

    /// Waits for the lock, or goes one level deeper if the caller holds it.
    pub fn acquire(&self) -> Taken {
        let mut awaited = false;
        loop {
            let (before, after) = self.change(Acquire, |state| match self.entered(state) {
                Some(entered) => State {
                    awaited: state.awaited || awaited,
                    ..entered
                },
                None => State {
                    awaited: true,
                    ..state
                },
            });
            if after.owner == self.word.caller() {
                return how(before, after);
            }
            self.word.wait(after.word(), PATIENCE);
            awaited = true;
        }
    }

    /// Takes the lock if it is free, the caller's, or a dead thread's.
    pub fn try_acquire(&self) -> Taken {
        let (before, after) = self.change(Acquire, |state| self.entered(state).unwrap_or(state));
        if after.owner == self.word.caller() {
            return how(before, after);
        }
        Taken::No
    }

    /// Gives one level back.
    pub fn release(&self) {
        let me = self.word.caller();
        let (before, after) = self.change(Release, |state| match state.levels {
            _ if state.owner != me => state,
            1 => NOBODY,
            _ => State {
                levels: state.levels - 1,
                ..state
            },
        });
        assert!(before.owner == me, "only the owner releases");
        if after == NOBODY && before.awaited {
            self.word.wake_one();
        }
    }

    /// The state with one more level of the caller's; `None` if another holds the lock and lives.
    fn entered(&self, state: State) -> Option<State> {
        let me = self.word.caller();
        if state.owner == me {
            assert!(state.levels < 511, "nobody nests this deep");
            let levels = state.levels + 1;
            return Some(State { levels, ..state });
        }
        let is_free = state == NOBODY || !self.word.is_alive(state.owner);
        is_free.then_some(State {
            owner: me,
            levels: 1,
            awaited: state.awaited,
        })
    }

    /// Replaces the word by what `next` makes of it; returns both.
    ///
    /// ORDERING: where it takes a free lock, Acquire pairs with the Release that freed it.
    fn change(&self, order: Ordering, next: impl Fn(State) -> State) -> (State, State) {
        let mut word = self.word.load(Relaxed);
        loop {
            let (before, after) = (State::of(word), next(State::of(word)));
            if before == after {
                return (before, after);
            }
            match self.word.compare_exchange(word, after.word(), order) {
                Ok(_) => return (before, after),
                Err(now) => word = now,
            }
        }
    }
}

/// How the lock was taken that went from one state to the other.
fn how(before: State, after: State) -> Taken {
    if before.owner == after.owner || before == NOBODY {
        Taken::Yes
    } else {
        Taken::FromTheDead
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

impl<T: Pod> Value<T> {
    /// Makes a segment for a value, under the name `heddle-value-PID-STARTED-…` of its creator.
    ///
    /// # Errors
    /// Those of the system.
    pub fn create(value: T) -> io::Result<Value<T>> {
        let conf = ShmemConf::new().size(Self::END);
        let named = conf.os_id(new_segment_name());
        let this = Self::over(named.create().map_err(io::Error::other)?);
        // SAFETY: both are inside the segment and aligned, and nobody else knows it before this
        // returns. The word of a fresh segment is zero.
        unsafe {
            this.place().write(value);
            this.tail().add(1).write(Self::MARK);
        }
        Ok(this)
    }

    /// Opens the value of another process, which has told its name.
    ///
    /// # Errors
    /// `InvalidData` when its value has another size than `T`; those of the system, such as when
    /// there is no such segment any more.
    pub fn open(name: &str) -> io::Result<Value<T>> {
        let conf = ShmemConf::new().os_id(name);
        let value = Self::over(conf.open().map_err(io::Error::other)?);
        // SAFETY: the second test is made only where the segment is long enough.
        let fits =
            value.segment.len() == Self::END && unsafe { value.tail().add(1).read() } == Self::MARK;
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
        let taken = self.raw().acquire();
        self.guard(taken).expect("waiting ends with the lock")
    }

    /// Takes the lock if it can be had without waiting.
    ///
    /// # Errors
    /// As for [`Value::lock`].
    pub fn try_lock(&self) -> Option<LockResult<Guard<'_, T>>> {
        self.guard(self.raw().try_acquire())
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

    /// Where the lock's word begins: behind the value, and the size is behind the word.
    const TAIL: usize = size_of::<T>().next_multiple_of(8);
    const END: usize = Self::TAIL + 16;
    /// A word that no other size has.
    const MARK: u64 = 0x76_61_6c_75_65 << 24 ^ size_of::<T>() as u64;

    fn place(&self) -> *mut T {
        self.segment.as_ptr().cast()
    }

    fn tail(&self) -> *mut u64 {
        // SAFETY: inside the mapping, as `create` and `open` have seen to.
        unsafe { self.segment.as_ptr().add(Self::TAIL).cast() }
    }

    fn raw(&self) -> &Lock<SharedWord> {
        // SAFETY: eight aligned bytes that are changed by this lock alone, mapped as long as `self`.
        unsafe { &*self.tail().cast() }
    }

    fn guard(&self, taken: Taken) -> Option<LockResult<Guard<'_, T>>> {
        let guard = || Guard {
            lock: self.raw(),
            value: self.place(),
            lifetime: PhantomData,
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
    lock: &'a Lock<SharedWord>,
    value: *mut T,
    lifetime: PhantomData<&'a T>,
    not_send: PhantomData<*const ()>,
}

impl<T: Pod> Guard<'_, T> {
    /// Reads the value.
    pub fn get(&self) -> T {
        // SAFETY: nobody else reads or writes while the lock is held, and nobody has a reference.
        unsafe { self.value.read() }
    }

    /// Replaces the value.
    pub fn set(&self, value: T) {
        // SAFETY: as in `get`.
        unsafe { self.value.write(value) }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.release();
    }
}
