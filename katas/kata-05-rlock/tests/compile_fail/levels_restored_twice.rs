//! Levels that were given up can be restored once: restoring takes them away.
//@ error: E0382

use kata_05_rlock::{RawRLock, Wait};

fn main() {
    let raw = RawRLock::new();
    if raw.acquire(Wait::No) {
        let levels = raw.give_up_all().unwrap();
        raw.restore(levels);
        #[cfg(refused)]
        raw.restore(levels);
    }
}
