//! A guard that is thrown away where it is made is refused: the lock would be free at once.
//@ error: unused_must_use

#![deny(unused_must_use)]

use kata_04_lock::Lock;

fn main() {
    let lock = Lock::new(1);
    let _guard = lock.lock();
    #[cfg(refused)]
    lock.lock();
}
