//! How long a claim has been at it, by a clock that suits what it does.

use std::time::{Duration, Instant};

/// How many times longer than its share of a processor a search may take: a machine that is busier
/// than that is no place to grade, and a thread that sleeps for real is never done otherwise.
const STARVED: u32 = 4;

/// A clock that starts when it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    since: Instant,
    /// Where the process stood on the processors' clock; `None` for time as it passes.
    worked_before: Option<Duration>,
}

impl Clock {
    /// Time as it passes: for a claim whose threads wait.
    pub(crate) fn passing() -> Clock {
        Clock {
            since: Instant::now(),
            worked_before: None,
        }
    }

    /// Time on a processor: for a search, which has nothing to wait for. What else a machine does
    /// must not decide whether a search ends.
    ///
    /// A quarter of the time that passes counts in any case.
    pub(crate) fn working() -> Clock {
        Clock {
            worked_before: processor_time(),
            ..Clock::passing()
        }
    }

    /// How far it has come.
    pub(crate) fn elapsed(&self) -> Duration {
        let passed = self.since.elapsed();
        match (self.worked_before, processor_time()) {
            (Some(before), Some(now)) => now.saturating_sub(before).max(passed / STARVED),
            _ => passed,
        }
    }
}

/// How long the threads of this process have been on a processor, where the system tells.
#[cfg(target_os = "linux")]
fn processor_time() -> Option<Duration> {
    /// The clock's number in `<time.h>`.
    const CLOCK_PROCESS_CPUTIME_ID: i32 = 2;

    #[repr(C)]
    struct Timespec {
        seconds: std::ffi::c_long,
        nanoseconds: std::ffi::c_long,
    }

    // SAFETY: that is how `<time.h>` declares it, and `std` links the C library.
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }

    let mut time = Timespec {
        seconds: 0,
        nanoseconds: 0,
    };
    // SAFETY: the clock writes to nothing but `time`, which is as it wants it.
    if unsafe { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &raw mut time) } != 0 {
        return None;
    }
    let seconds = u64::try_from(time.seconds).ok()?;
    let nanoseconds = u32::try_from(time.nanoseconds).ok()?;
    Some(Duration::new(seconds, nanoseconds))
}

/// Elsewhere the time that passes has to do.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Option<Duration> {
    None
}
