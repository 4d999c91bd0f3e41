//! What the lock promises under every schedule, over a word whose sleepers the claims command.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicU64, Ordering};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use heddle::time::{Duration, Instant};

use kata_20_shared_value::{Lock, Owner, Taken, Word};

/// When a sleeper's time is up.
#[derive(Clone, Copy, PartialEq)]
enum Patience {
    /// Never: what is not woken sleeps for ever.
    Endless,
    /// When somebody is dead, and then not for all: whoever else sleeps has to be woken.
    UntilDeath,
    /// After its limit, which may be over at any time.
    Limited,
    /// The same, and who should wake somebody is killed just before.
    Unwoken,
}

/// The part of the kernel: who sleeps and who is dead.
struct Kernel {
    patience: Patience,
    /// For how many sleepers the time is up.
    time_up: Mutex<u32>,
    woken: Condvar,
    dead: AtomicU64,
    /// How often the kernel was asked for anything; `std`'s, because it is no part of the model.
    calls: AtomicUsize,
    /// For how long the first sleeper wanted to sleep.
    limit: OnceLock<Duration>,
}

impl Kernel {
    fn new(patience: Patience) -> Arc<Kernel> {
        Arc::new(Kernel {
            patience,
            time_up: Mutex::new(0),
            woken: Condvar::new(),
            dead: AtomicU64::new(0),
            calls: AtomicUsize::new(0),
            limit: OnceLock::new(),
        })
    }

    /// Ends a thread; then the time is up for so many sleepers.
    fn bury(&self, owner: Owner, time_up: u32) {
        self.dead.fetch_or(bit(owner), Ordering::Release);
        if time_up > 0 {
            *self.time_up.lock().unwrap() = time_up;
        }
        for _ in 0..time_up {
            self.woken.notify_one();
        }
    }
}

fn bit(owner: Owner) -> u64 {
    1 << (owner.thread % 8 * 8 + owner.started % 8)
}

/// A word of the model.
struct Modelled {
    word: AtomicU64,
    kernel: Arc<Kernel>,
}

// The places that a report shows are the callers', in the lock.
impl Word for Modelled {
    #[track_caller]
    fn load(&self, order: Ordering) -> u64 {
        self.word.load(order)
    }

    #[track_caller]
    fn swap(&self, new: u64, order: Ordering) -> u64 {
        self.word.swap(new, order)
    }

    #[track_caller]
    fn fetch_add(&self, operand: u64, order: Ordering) -> u64 {
        self.word.fetch_add(operand, order)
    }

    #[track_caller]
    fn compare_exchange(&self, current: u64, new: u64, order: Ordering) -> Result<u64, u64> {
        self.word
            .compare_exchange(current, new, order, Ordering::Relaxed)
    }

    fn wait(&self, value: u64, limit: Duration) -> bool {
        let kernel = &self.kernel;
        kernel.calls.fetch_add(1, Ordering::Relaxed);
        kernel.limit.get_or_init(|| limit);
        let mut time_up = kernel.time_up.lock().unwrap();
        if self.word.load(Ordering::Relaxed) as u32 != value as u32 {
            return false;
        }
        match kernel.patience {
            Patience::Endless => {
                drop(kernel.woken.wait(time_up).unwrap());
                false
            }
            Patience::UntilDeath => {
                if *time_up == 0 {
                    time_up = kernel.woken.wait(time_up).unwrap();
                }
                let mine = *time_up > 0;
                *time_up = time_up.saturating_sub(1);
                mine
            }
            Patience::Limited | Patience::Unwoken => {
                let (_time_up, result) = kernel.woken.wait_timeout(time_up, limit).unwrap();
                result.timed_out()
            }
        }
    }

    fn wake_one(&self) -> bool {
        let kernel = &self.kernel;
        kernel.calls.fetch_add(1, Ordering::Relaxed);
        if kernel.patience != Patience::Unwoken {
            let _kernel = kernel.time_up.lock().unwrap();
            kernel.woken.notify_one();
        }
        true
    }

    fn caller(&self) -> Owner {
        ME.with(Cell::get)
    }

    fn is_alive(&self, owner: Owner) -> bool {
        // ORDERING: Acquire: whoever learns of a death sees what was done before it.
        self.kernel.dead.load(Ordering::Acquire) & bit(owner) == 0
    }
}

heddle::thread_local! {
    static ME: Cell<Owner> = const { Cell::new(MAIN) };
}

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(1);
const MAIN: Owner = owner(1, 1);
const HOLDER: Owner = owner(2, 1);

const fn owner(thread: u32, started: u32) -> Owner {
    Owner { thread, started }
}

/// A number behind the lock: the model refuses two accesses that nothing orders.
struct Shared {
    lock: Lock<Modelled>,
    number: UnsafeCell<u32>,
}

// SAFETY: not safe in general; the claim is that the lock under test makes it so.
unsafe impl Sync for Shared {}

impl Shared {
    fn new(kernel: &Arc<Kernel>) -> Arc<Shared> {
        let kernel = Arc::clone(kernel);
        let word = AtomicU64::new(0);
        Arc::new(Shared {
            lock: Lock::new(Modelled { word, kernel }),
            number: UnsafeCell::new(0),
        })
    }

    fn add_one(&self) {
        // SAFETY: the caller holds the lock under test; if that fails, the model says so first.
        self.number.with_mut(|number| unsafe { *number += 1 });
    }

    fn get(&self) -> u32 {
        // SAFETY: as in `add_one`.
        self.number.with(|number| unsafe { *number })
    }

    /// Adds one under the lock and tells how it was taken.
    fn add_locked(&self) -> Taken {
        let taken = self.lock.acquire();
        self.add_one();
        self.lock.release();
        taken
    }

    /// Adds one if the lock can be had, and tells how it was taken.
    fn attempt_to_add(&self) -> Taken {
        let taken = self.lock.try_acquire();
        if taken != Taken::No {
            self.add_one();
            self.lock.release();
        }
        taken
    }

    /// Takes the lock as somebody else, who never gives it back.
    fn hold_as(&self, owner: Owner) {
        ME.with(|me| me.set(owner));
        assert_eq!(self.lock.try_acquire(), Taken::Yes);
        self.add_one();
        ME.with(|me| me.set(MAIN));
    }
}

/// Starts a thread that is somebody of its own.
fn spawn<R: Send + 'static>(
    thread: u32,
    shared: &Arc<Shared>,
    work: impl FnOnce(&Shared) -> R + Send + 'static,
) -> thread::JoinHandle<R> {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        ME.with(|me| me.set(owner(thread, 1)));
        work(&shared)
    })
}

/// Two threads that add one under the lock lose no addition, and nobody sleeps for ever.
#[test]
fn both_increments_survive() {
    heddle::model(|| {
        let shared = Shared::new(&Kernel::new(Patience::Endless));
        let other = spawn(3, &shared, Shared::add_locked);
        assert_eq!(shared.add_locked(), Taken::Yes);
        assert_eq!(other.join().unwrap(), Taken::Yes);
        assert_eq!(shared.get(), 2);
    });
}

/// Two threads that wait for the same lock both get it, one after the other.
#[test]
fn every_waiter_gets_its_turn() {
    heddle::model(|| {
        let shared = Shared::new(&Kernel::new(Patience::Endless));
        shared.lock.acquire();
        let waiters = [3, 4].map(|thread| spawn(thread, &shared, Shared::add_locked));
        shared.lock.release();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Taken::Yes);
        }
        assert_eq!(shared.get(), 2);
    });
}

/// A thread keeps others out, asleep or not, until it has given back each of its levels.
#[test]
fn a_nested_holder_keeps_others_out() {
    heddle::model(|| {
        let shared = Shared::new(&Kernel::new(Patience::Endless));
        shared.lock.acquire();
        // It keeps the lock: its release is like any other.
        let other = spawn(3, &shared, |shared| {
            shared.lock.acquire();
            shared.add_one();
        });
        shared.add_locked();
        shared.add_one();
        shared.lock.release();
        other.join().unwrap();
        assert_eq!(shared.get(), 3);
    });
}

/// An attempt that succeeds sees all that the last owner wrote.
#[test]
fn a_successful_attempt_sees_the_last_owners_writes() {
    heddle::model(|| {
        let shared = Shared::new(&Kernel::new(Patience::Endless));
        let writer = spawn(3, &shared, Shared::add_locked);
        assert_ne!(shared.attempt_to_add(), Taken::FromTheDead);
        writer.join().unwrap();
    });
}

/// Who waits sleeps in the kernel, neither too short nor too long, and looks at no clock.
#[test]
fn a_waiter_sleeps_in_the_kernel() {
    heddle::model(|| {
        let (kernel, begin) = (Kernel::new(Patience::Endless), Instant::now());
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let waiter = spawn(3, &shared, Shared::add_locked);
        thread::until_blocked(waiter.thread());
        let limit = kernel.limit.get().expect("it sleeps elsewhere");
        assert!(
            SHORTEST <= *limit && *limit <= LONGEST,
            "sleeps for {limit:?}"
        );
        shared.lock.release();
        waiter.join().unwrap();
        // In a model time passes only while somebody waits for it.
        assert!(begin.elapsed().is_zero(), "it looks again after some time");
    });
}

/// An attempt at a lock that is held gives up without asking the kernel for sleep.
#[test]
fn an_attempt_does_not_sleep() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::Limited);
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let other = spawn(3, &shared, |shared| shared.lock.try_acquire());
        assert_eq!(other.join().unwrap(), Taken::No);
        shared.lock.release();
        assert_eq!(kernel.calls.load(Ordering::Relaxed), 0);
    });
}

/// Taking and releasing a lock that nobody else wants asks the kernel for nothing.
#[test]
fn a_lock_without_waiters_costs_no_system_call() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::Endless);
        let shared = Shared::new(&kernel);
        shared.add_locked();
        shared.lock.acquire();
        shared.add_locked();
        shared.lock.release();
        assert_eq!(kernel.calls.load(Ordering::Relaxed), 0);
    });
}

/// A sleeper whose time is up takes nothing from an owner that lives.
#[test]
fn impatience_takes_nothing_from_the_living() {
    heddle::model(|| {
        let shared = Shared::new(&Kernel::new(Patience::Limited));
        let other = spawn(3, &shared, Shared::add_locked);
        assert_eq!(shared.add_locked(), Taken::Yes);
        assert_eq!(other.join().unwrap(), Taken::Yes);
        assert_eq!(shared.get(), 2);
    });
}

/// A waiter that sleeps when the owner dies gets the lock, and is told.
#[test]
fn a_sleeper_learns_of_its_owners_death() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        let waiter = spawn(3, &shared, Shared::add_locked);
        // Not before it sleeps: who only looks again and again never does.
        thread::until_blocked(waiter.thread());
        kernel.bury(HOLDER, 1);
        assert_eq!(waiter.join().unwrap(), Taken::FromTheDead);
        assert_eq!(shared.lock.acquire(), Taken::Yes, "this has been told");
        assert_eq!(shared.get(), 2);
    });
}

/// Two threads that find the owner dead at once do not both succeed it.
#[test]
fn a_dead_owner_has_one_successor() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        kernel.bury(HOLDER, 1);
        let other = spawn(3, &shared, Shared::attempt_to_add);
        let taken = [shared.attempt_to_add(), other.join().unwrap()];
        assert_eq!(told(&taken), 1, "how many are told");
    });
}

/// Two sleepers whose time is up at once get the dead owner's lock one after the other.
#[test]
fn one_of_two_sleepers_is_told() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        let waiters = [3, 4].map(|thread| spawn(thread, &shared, Shared::add_locked));
        kernel.bury(HOLDER, 2);
        let taken = waiters.map(|waiter| waiter.join().unwrap());
        assert_eq!(told(&taken), 1, "how many are told");
        assert_eq!(shared.get(), 3);
    });
}

/// The successor of a dead owner wakes who still sleeps, as any other owner does.
#[test]
fn a_successor_wakes_the_others() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        let waiters = [3, 4].map(|thread| spawn(thread, &shared, Shared::add_locked));
        kernel.bury(HOLDER, 1);
        let taken = waiters.map(|waiter| waiter.join().unwrap());
        assert_eq!(told(&taken), 1, "how many are told");
    });
}

/// Who succeeds a dead owner without having slept wakes who still sleeps.
#[test]
fn a_hasty_successor_wakes_the_others() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        let waiter = spawn(3, &shared, Shared::add_locked);
        // For the sleeper the time is never up.
        kernel.bury(HOLDER, 0);
        let taken = [shared.attempt_to_add(), waiter.join().unwrap()];
        assert_eq!(told(&taken), 1, "how many are told");
    });
}

/// Who dies between its release and the wake-up strands nobody: a sleeper looks again by itself.
#[test]
fn a_wake_up_that_never_comes_strands_nobody() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::Unwoken);
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let waiter = spawn(3, &shared, Shared::add_locked);
        shared.lock.release();
        assert_eq!(waiter.join().unwrap(), Taken::Yes);
    });
}

/// A thread that got the number of a dead owner is not that owner.
#[test]
fn a_namesake_is_not_the_owner() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilDeath);
        let shared = Shared::new(&kernel);
        let namesake = owner(MAIN.thread, MAIN.started + 1);
        shared.hold_as(namesake);
        kernel.bury(namesake, 1);
        assert_eq!(shared.lock.try_acquire(), Taken::FromTheDead);
        assert_eq!(shared.lock.try_acquire(), Taken::Yes, "the owner now");
    });
}

fn told(taken: &[Taken]) -> usize {
    taken.iter().filter(|it| **it == Taken::FromTheDead).count()
}
