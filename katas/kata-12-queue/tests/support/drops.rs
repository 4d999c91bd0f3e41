//! Items that do something when they are dropped.

use std::panic::resume_unwind;

use heddle::sync::{Arc, Mutex};
use heddle::thread::JoinHandle;
use kata_12_queue::{Queue, TooManyDone};

/// Uses its queue when it goes, and puts down what it found.
pub struct Watcher(pub Option<Arc<Watched>>);

pub type Watched = (Queue<Watcher>, Mutex<Vec<(usize, Result<(), TooManyDone>)>>);

impl Drop for Watcher {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            let found = (shared.0.len(), shared.0.task_done());
            shared.1.lock().unwrap().push(found);
        }
    }
}

/// Panics when it is dropped, if it is a live one.
pub struct Bomb(pub bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 {
            resume_unwind(Box::new("a drop fails"));
        }
    }
}

/// Waits for these threads when it is dropped.
pub struct Awaits(pub Vec<JoinHandle<()>>);

impl Awaits {
    /// Has it wait for nobody.
    pub fn nobody(mut self) {
        self.0.clear();
    }
}

impl Drop for Awaits {
    fn drop(&mut self) {
        for thread in self.0.drain(..) {
            thread.join().unwrap();
        }
    }
}
