//! A locked mutex cannot be handed to another thread, which would unlock what it never locked.
//@ error: E0277

use heddle::sync::Mutex;
use kata_08_condition::{Locked, lock};

fn may_change_threads<T: Send>(_: T) {}

fn main() {
    let mutex = Mutex::new(0);
    let locked: Locked<'_, i32> = lock(&mutex);
    may_change_threads(*locked);
    #[cfg(refused)]
    may_change_threads(locked);
}
