//! Strangers that keep the cores busy while something is tried.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};

/// Does `work` while one thread for each core takes what is left of it, and `crowd` more for each
/// core take as much as anybody else.
///
/// The two are different loads. Beside threads that only take what is left, whoever can run does
/// so at once; in a crowd, everybody who gives way gets the core back only after all the others.
pub fn busy<R>(cores: usize, crowd: usize, work: impl FnOnce() -> R) -> R {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _end = End(&over);
        for _ in 0..cores {
            scope.spawn(|| {
                // Where it cannot be done the load is only heavier. On Linux it is for this
                // thread alone.
                let _ = rustix::process::setpriority_process(None, 19);
                compute(&over);
            });
        }
        for _ in 0..crowd * cores {
            scope.spawn(|| compute(&over));
        }
        work()
    })
}

/// Ends the load when it is dropped, also when the work panics.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        // Relaxed: it publishes nothing, and the scope joins the threads.
        self.0.store(true, Ordering::Relaxed);
    }
}

fn compute(over: &AtomicBool) {
    let mut number = 1_u64;
    while !over.load(Ordering::Relaxed) {
        for _ in 0..10_000 {
            number = black_box(
                number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_ends_with_the_work() {
        assert_eq!(busy(2, 1, || 7), 7);
    }

    #[test]
    fn the_load_ends_when_the_work_panics() {
        let work = || -> () { panic!("as it happens") };
        assert!(std::panic::catch_unwind(|| busy(1, 1, work)).is_err());
    }
}
