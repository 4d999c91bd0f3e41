//! What the lock promises under every schedule, over a word whose sleepers the claims command.

use heddle::cell::UnsafeCell;
use heddle::process::Owner;
use heddle::sync::Arc;
use heddle::sync::atomic::Ordering;
use heddle::thread;
use heddle::time::{Duration, Instant};

use kata_20_shared_value::{Lock, Taken};
use kernel::{Kernel, MAIN, Modelled, Patience, become_another, owner};

#[path = "support/kernel.rs"]
mod kernel;

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(1);
const HOLDER: Owner = owner(2, 1);

/// A number behind the lock: the model refuses two accesses that nothing orders.
struct Shared {
    lock: Lock<Modelled>,
    number: UnsafeCell<u32>,
}

// SAFETY: not safe in general; the claim is that the lock under test makes it so.
unsafe impl Sync for Shared {}

impl Shared {
    fn new(kernel: &Arc<Kernel>) -> Arc<Shared> {
        Arc::new(Shared {
            lock: Lock::new(Modelled::new(kernel)),
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
        become_another(owner);
        assert_eq!(self.lock.try_acquire(), Taken::Yes);
        self.add_one();
        become_another(MAIN);
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
        become_another(owner(thread, 1));
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

/// An attempt of the holder is one level more, and leaves those that sleep to the last release; that
/// wakes one, and an inner one nobody.
#[test]
fn a_nested_attempt_leaves_the_sleepers_alone() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::Endless);
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let waiter = spawn(3, &shared, |shared| shared.lock.acquire());
        assert_eq!(shared.lock.try_acquire(), Taken::Yes);
        thread::until_blocked(waiter.thread());
        shared.lock.release();
        assert_eq!(kernel.wake_ups.load(Ordering::Relaxed), 0, "too early");
        shared.lock.release();
        waiter.join().unwrap();
        let wake_ups = kernel.wake_ups.load(Ordering::Relaxed);
        assert!(wake_ups <= 1, "{wake_ups} for one sleeper");
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

/// Taking and releasing a lock that nobody else wants asks the kernel for nothing, not even who lives.
#[test]
fn a_lock_without_waiters_costs_no_system_call() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::Endless);
        let shared = Shared::new(&kernel);
        shared.attempt_to_add();
        shared.lock.acquire();
        shared.add_locked();
        shared.lock.release();
        assert_eq!(kernel.calls.load(Ordering::Relaxed), 0);
        assert_eq!(kernel.questions.load(Ordering::Relaxed), 0, "who lives");
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

/// A sleeper whose time is up takes no wake-up along from those that still sleep.
#[test]
fn impatience_strands_nobody() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilTold);
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let in_and_out = |shared: &Shared| {
            let taken = shared.lock.acquire();
            shared.lock.release();
            taken
        };
        let waiters = [3, 4].map(|thread| {
            let waiter = spawn(thread, &shared, in_and_out);
            thread::until_blocked(waiter.thread());
            waiter
        });
        kernel.time_is_up(1);
        shared.lock.release();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Taken::Yes);
        }
    });
}

/// A waiter that sleeps when the owner dies gets the lock, and is told.
#[test]
fn a_sleeper_learns_of_its_owners_death() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilTold);
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

/// A sleeper whose owner still lived when its time was up asks again the next time.
#[test]
fn a_sleeper_asks_each_time() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilTold);
        let shared = Shared::new(&kernel);
        shared.hold_as(HOLDER);
        let waiter = spawn(3, &shared, Shared::add_locked);
        thread::until_blocked(waiter.thread());
        kernel.time_is_up(1);
        thread::until_blocked(waiter.thread());
        kernel.bury(HOLDER, 1);
        assert_eq!(waiter.join().unwrap(), Taken::FromTheDead);
    });
}

/// A sleeper asks for the owner that there is, which may be another than the one it found first.
#[test]
fn a_sleeper_asks_for_the_present_owner() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilTold);
        let shared = Shared::new(&kernel);
        shared.lock.acquire();
        let waiter = spawn(3, &shared, |shared| shared.lock.acquire());
        thread::until_blocked(waiter.thread());
        shared.lock.release();
        become_another(HOLDER);
        let second = shared.lock.try_acquire();
        become_another(MAIN);
        kernel.bury(HOLDER, 1);
        let expected = match second {
            // The waiter was faster.
            Taken::No => Taken::Yes,
            _ => Taken::FromTheDead,
        };
        assert_eq!(waiter.join().unwrap(), expected);
    });
}

/// Two threads that find the owner dead at once do not both succeed it.
#[test]
fn a_dead_owner_has_one_successor() {
    heddle::model(|| {
        let kernel = Kernel::new(Patience::UntilTold);
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
        let kernel = Kernel::new(Patience::UntilTold);
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
        let kernel = Kernel::new(Patience::UntilTold);
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
        let kernel = Kernel::new(Patience::UntilTold);
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
        let kernel = Kernel::new(Patience::UntilTold);
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
