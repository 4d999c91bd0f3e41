//! A thread that has not locked the mutex cannot wait.
//@ error: E0308

use heddle::sync::Mutex;
use kata_08_condition::{Condition, lock};

fn main() {
    let mutex = Mutex::new(0);
    let condition = Condition::new();
    drop(condition.wait(lock(&mutex)));
    #[cfg(refused)]
    condition.wait(&mutex);
}
