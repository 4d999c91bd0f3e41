//! Where each thread of the schedule was last, for a watchdog on another OS thread.
//!
//! A schedule in which a thread never comes back to heddle cannot report itself. So every
//! operation leaves its place where the watchdog finds it. One claim has a process for itself
//! when there is a watchdog; where several models run side by side the places mix, and nobody
//! looks.

use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::event::{MAX_THREADS, ThreadIndex};
use crate::claim::record::{Place as RecordPlace, ThreadState};
use crate::engine::Place;

static PLACES: [AtomicPtr<Location<'static>>; MAX_THREADS] =
    [const { AtomicPtr::new(ptr::null_mut()) }; MAX_THREADS];

/// The thread that made the last operation.
static LAST: AtomicUsize = AtomicUsize::new(0);

static NAMES: Mutex<[Option<String>; MAX_THREADS]> = Mutex::new([const { None }; MAX_THREADS]);

/// Notes where a thread is.
pub(super) fn note(thread: ThreadIndex, place: Option<Place>) {
    let thread = usize::from(thread);
    // ORDERING: the watchdog wants a place for a person, not a moment; each store is whole.
    LAST.store(thread, Relaxed);
    if let Some(place) = place {
        PLACES[thread].store(ptr::from_ref(place).cast_mut(), Relaxed);
    }
}

/// Notes what a new thread is called.
pub(super) fn enter(thread: ThreadIndex, name: Option<&str>) {
    let thread = usize::from(thread);
    // ORDERING: as in `note`.
    PLACES[thread].store(ptr::null_mut(), Relaxed);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    // Most schedules make the same threads as the one before.
    if names[thread].as_deref() != name {
        names[thread] = name.map(str::to_owned);
    }
}

/// Where the threads are, the one that ran last first.
pub(crate) fn threads() -> Vec<ThreadState> {
    let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    // ORDERING: as in `note`.
    let last = LAST.load(Relaxed);
    let mut states = Vec::new();
    for (thread, place) in PLACES.iter().enumerate() {
        let place = place.load(Relaxed);
        // SAFETY: the pointer is null or was made of a reference that lives for ever.
        let Some(place) = (unsafe { place.as_ref() }) else {
            continue;
        };
        let state = ThreadState {
            name: match &names[thread] {
                Some(name) => name.clone(),
                None => format!("thread-{thread}"),
            },
            doing: if thread == last {
                "runs on, and its last operation was here".to_owned()
            } else {
                "has its turn to come".to_owned()
            },
            place: Some(RecordPlace::from(place)),
        };
        if thread == last {
            states.insert(0, state);
        } else {
            states.push(state);
        }
    }
    states
}
