//! A reference to the value cannot outlive the guard it came from.
//@ error: E0597

use kata_04_lock::Lock;

fn main() {
    let lock = Lock::new(vec![1]);
    let kept: &Vec<i32>;
    #[cfg(refused)]
    {
        let guard = lock.lock();
        kept = &guard;
    }
    #[cfg(not(refused))]
    let guard = lock.lock();
    #[cfg(not(refused))]
    {
        kept = &guard;
    }
    drop(kept.clone());
}
