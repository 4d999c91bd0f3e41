//! A guard that is thrown away where it is made is refused: its level would be given back at once.
//@ error: unused_must_use

#![deny(unused_must_use)]

use kata_05_rlock::RLock;

fn main() {
    let lock = RLock::new(1);
    let _guard = lock.lock();
    #[cfg(refused)]
    lock.lock();
}
