//! As many claims at a time as there are cores, over all gradings of this program.

use std::sync::{Condvar, Mutex, PoisonError};

static TAKEN: Mutex<usize> = Mutex::new(0);
static RETURNED: Condvar = Condvar::new();

/// Leave to use a core; dropping it gives it back.
#[derive(Debug)]
pub struct Slot(());

impl Slot {
    /// Waits for a core.
    pub fn take() -> Slot {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = RETURNED
            .wait_while(taken, |taken| *taken >= cores())
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Slot(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        RETURNED.notify_one();
    }
}

/// How many cores this program may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
