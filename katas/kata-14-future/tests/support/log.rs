//! Where callbacks note what they have seen.

use heddle::sync::{Arc, Mutex};
use kata_14_future::Future;

#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn note(&self, entry: &str) {
        self.0.lock().unwrap().push(entry.to_owned());
    }

    /// A callback that notes its name.
    pub fn callback(&self, name: &'static str) -> impl FnOnce(&Future<u32>) + Send + 'static {
        let log = self.clone();
        move |_| log.note(name)
    }

    /// What was noted since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}
