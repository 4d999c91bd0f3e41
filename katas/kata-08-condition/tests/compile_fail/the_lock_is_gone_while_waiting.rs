//! A wait takes the lock away: nobody reads through it while others may write.
//@ error: E0382

use heddle::sync::Mutex;
use kata_08_condition::{Condition, lock};

fn main() {
    let mutex = Mutex::new(0);
    let condition = Condition::new();
    let locked = lock(&mutex);
    let again = condition.wait(locked);
    assert_eq!(*again, 0);
    #[cfg(refused)]
    assert_eq!(*locked, 0);
}
