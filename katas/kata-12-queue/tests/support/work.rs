//! Work that others may look at when a queue says so, and no sooner.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;

/// Something that is done once; under the model, who looks too early has a data race.
#[derive(Clone)]
pub struct Work(Arc<Cell>);

struct Cell(UnsafeCell<bool>);

// SAFETY: not safe in general; the claim is that the queue orders doing before looking.
unsafe impl Send for Cell {}
// SAFETY: as above.
unsafe impl Sync for Cell {}

impl Work {
    pub fn new() -> Self {
        Self(Arc::new(Cell(UnsafeCell::new(false))))
    }

    pub fn is_done(&self) {
        // SAFETY: called once, before the queue lets anybody look; else the model says so.
        self.0.0.with_mut(|done| unsafe { *done = true });
    }

    #[track_caller]
    pub fn assert_done(&self) {
        // SAFETY: as above.
        assert!(self.0.0.with(|done| unsafe { *done }), "not done yet");
    }
}

/// An item whose drop is the work.
pub struct Probe(pub Work);

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.is_done();
    }
}
