//! A reference to the data does not last across a wait, in which others change it.
//@ error: E0505

use heddle::sync::Mutex;
use kata_08_condition::{Condition, lock};

fn main() {
    let mutex = Mutex::new(vec![1]);
    let condition = Condition::new();
    let locked = lock(&mutex);
    let first = &locked[0];
    assert_eq!(*first, 1);
    let again = condition.wait(locked);
    assert_eq!(again.len(), 1);
    #[cfg(refused)]
    assert_eq!(*first, 1);
}
