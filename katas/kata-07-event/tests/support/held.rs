//! Holding a thread in its sleep: it is woken as usual, and does not come to look yet.
//!
//! A signal runs its handler in the thread that sleeps, and the handler does not return until the
//! thread is let go. Where there are no such signals nothing is held: a claim then shows less.

#[cfg(target_os = "linux")]
pub use linux::Sleeper;
#[cfg(not(target_os = "linux"))]
pub use nowhere::Sleeper;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    unsafe extern "C" {
        fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
        fn pthread_self() -> usize;
        fn pthread_kill(thread: usize, number: i32) -> i32;
    }

    const SIGUSR1: i32 = 10;
    static IS_HELD: AtomicBool = AtomicBool::new(false);
    static LET_GO: AtomicBool = AtomicBool::new(false);

    extern "C" fn stay(_: i32) {
        IS_HELD.store(true, Ordering::SeqCst);
        while !LET_GO.load(Ordering::SeqCst) {
            // A call that a handler may make; the thread that holds this one wants the processor.
            thread::yield_now();
        }
    }

    /// A thread that is going to sleep.
    pub struct Sleeper {
        thread: usize,
        folder: PathBuf,
    }

    impl Sleeper {
        /// The calling thread.
        pub fn here() -> Sleeper {
            let folder = fs::read_link("/proc/thread-self").expect("/proc is mounted");
            Sleeper {
                // SAFETY: it has no conditions.
                thread: unsafe { pthread_self() },
                folder: Path::new("/proc").join(folder),
            }
        }

        /// Keeps it where it sleeps while that is done. It has to be asleep soon, holding no lock.
        pub fn held_while(self, work: impl FnOnce()) {
            // It may nod for a moment where it begins.
            let mut asleep = 0;
            while asleep < 20 {
                asleep = if self.sleeps() { asleep + 1 } else { 0 };
                thread::yield_now();
            }
            // SAFETY: the handler touches nothing but atomics, and the thread sleeps, so it lives.
            let sent = unsafe {
                signal(SIGUSR1, stay);
                pthread_kill(self.thread, SIGUSR1)
            };
            assert_eq!(sent, 0, "the thread lives");
            while !IS_HELD.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            work();
            LET_GO.store(true, Ordering::SeqCst);
        }

        fn sleeps(&self) -> bool {
            let stat = fs::read_to_string(self.folder.join("stat")).expect("the thread lives");
            let (_, state) = stat.rsplit_once(") ").expect("the state follows the name");
            state.starts_with('S')
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod nowhere {
    /// A thread that is going to sleep.
    pub struct Sleeper;

    impl Sleeper {
        /// The calling thread.
        pub fn here() -> Sleeper {
            Sleeper
        }

        /// Does that, and holds nobody.
        pub fn held_while(self, work: impl FnOnce()) {
            work();
        }
    }
}
