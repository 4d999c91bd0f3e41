//! A kernel that does as the claims of `model.rs` say: who sleeps, whose time is up, and who is dead.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;

use heddle::process::{Owner, Word};
use heddle::sync::atomic::{AtomicU64, Ordering};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::time::Duration;

/// When a sleeper's time is up.
#[derive(Clone, Copy, PartialEq)]
pub enum Patience {
    /// Never: what is not woken sleeps for ever.
    Endless,
    /// When the claim says so, and then not for all: whoever else sleeps has to be woken.
    UntilTold,
    /// After its limit, which may be over at any time.
    Limited,
    /// The same, and who should wake somebody is killed just before.
    Unwoken,
}

/// The part of the kernel: who sleeps and who is dead.
pub struct Kernel {
    patience: Patience,
    /// For how many sleepers the time is up.
    time_up: Mutex<u32>,
    woken: Condvar,
    dead: AtomicU64,
    /// How often the kernel was asked for sleep or a wake-up; `std`'s, because it is no part of the
    /// model, as the next two are.
    pub calls: AtomicUsize,
    /// How often it was asked to wake somebody.
    pub wake_ups: AtomicUsize,
    /// How often it was asked whether somebody lives.
    pub questions: AtomicUsize,
    /// For how long the first sleeper wanted to sleep.
    pub limit: OnceLock<Duration>,
}

impl Kernel {
    /// Nobody sleeps and nobody is dead.
    pub fn new(patience: Patience) -> Arc<Kernel> {
        Arc::new(Kernel {
            patience,
            time_up: Mutex::new(0),
            woken: Condvar::new(),
            dead: AtomicU64::new(0),
            calls: AtomicUsize::new(0),
            wake_ups: AtomicUsize::new(0),
            questions: AtomicUsize::new(0),
            limit: OnceLock::new(),
        })
    }

    /// Ends a thread; then the time is up for so many sleepers.
    pub fn bury(&self, owner: Owner, time_up: u32) {
        self.dead.fetch_or(bit(owner), Ordering::Release);
        self.time_is_up(time_up);
    }

    /// Lets the time be up for so many sleepers.
    pub fn time_is_up(&self, sleepers: u32) {
        if sleepers > 0 {
            *self.time_up.lock().unwrap() = sleepers;
        }
        for _ in 0..sleepers {
            self.woken.notify_one();
        }
    }
}

fn bit(owner: Owner) -> u64 {
    1 << (owner.thread % 8 * 8 + owner.started % 8)
}

/// A word of the model.
pub struct Modelled {
    word: AtomicU64,
    kernel: Arc<Kernel>,
}

impl Modelled {
    /// A word that is zero.
    pub fn new(kernel: &Arc<Kernel>) -> Modelled {
        Modelled {
            word: AtomicU64::new(0),
            kernel: Arc::clone(kernel),
        }
    }
}

// The places that a report shows are the callers', in the lock.
impl Word for Modelled {
    #[track_caller]
    fn load(&self, order: Ordering) -> u64 {
        look();
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
        look();
        self.word
            .compare_exchange(current, new, order, Ordering::Relaxed)
    }

    fn wait(&self, value: u64, limit: Duration) -> bool {
        let kernel = &self.kernel;
        LOOKS.with(|looks| looks.set(0));
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
            Patience::UntilTold => {
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
        kernel.wake_ups.fetch_add(1, Ordering::Relaxed);
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
        self.kernel.questions.fetch_add(1, Ordering::Relaxed);
        // ORDERING: Acquire: whoever learns of a death sees what was done before it.
        self.kernel.dead.load(Ordering::Acquire) & bit(owner) == 0
    }
}

heddle::thread_local! {
    static ME: Cell<Owner> = const { Cell::new(MAIN) };
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

/// How often a thread may look at words before it goes to sleep: many look a hundred times.
const MOST_LOOKS: u32 = 250;

#[track_caller]
fn look() {
    let looks = LOOKS.with(|looks| looks.replace(looks.get() + 1));
    assert!(
        looks < MOST_LOOKS,
        "looks again and again, and never sleeps"
    );
}

/// Who the claim itself is.
pub const MAIN: Owner = owner(1, 1);

/// Somebody; two of them may differ in their start alone.
pub const fn owner(thread: u32, started: u32) -> Owner {
    Owner { thread, started }
}

/// Makes the calling thread somebody else from now on.
pub fn become_another(owner: Owner) {
    ME.with(|me| me.set(owner));
}
