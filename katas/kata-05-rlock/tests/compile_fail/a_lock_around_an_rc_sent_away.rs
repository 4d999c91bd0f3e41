//! A lock cannot be sent when its value cannot be: an `Rc` would leave its clones behind.
//@ error: E0277

use kata_05_rlock::RLock;
use std::rc::Rc;

fn main() {
    let value = Rc::new(1);
    let lock = RLock::new(Rc::clone(&value));
    #[cfg(refused)]
    heddle::thread::spawn(move || drop(lock));
    drop(value);
}
