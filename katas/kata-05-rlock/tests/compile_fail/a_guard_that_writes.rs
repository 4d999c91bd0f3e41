//! A guard gives no mutable access: a second guard of the same thread would alias it.
//@ error: E0594

use kata_05_rlock::RLock;

fn main() {
    let lock = RLock::new(1);
    let mut guard = lock.lock();
    assert_eq!(*guard, 1);
    let other = lock.lock();
    #[cfg(refused)]
    {
        *guard = *other + 1;
    }
    guard = other;
    assert_eq!(*guard, 1);
}
