//! One atomic, changed in one step.

use std::sync::atomic::{
    AtomicU8,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

// ANCHOR: seat
const EMPTY: u8 = 0;
const TAKEN: u8 = 1;

/// A seat that one person at a time can sit on.
pub struct Seat {
    state: AtomicU8,
}

impl Seat {
    pub fn new() -> Self {
        Self {
            state: AtomicU8::new(EMPTY),
        }
    }

    /// Sits down if the seat is empty.
    pub fn try_sit(&self) -> bool {
        // If it is EMPTY make it TAKEN, in one step.
        // What the one before has written is visible from here on.
        let outcome = self.state.compare_exchange(EMPTY, TAKEN, Acquire, Relaxed);
        outcome.is_ok()
    }

    /// Stands up, and says whether anybody sat there.
    pub fn stand_up(&self) -> bool {
        // Make it EMPTY and say what it was, in one step.
        // What was written before becomes visible.
        let before = self.state.swap(EMPTY, Release);
        before == TAKEN
    }
}
// ANCHOR_END: seat

impl Default for Seat {
    fn default() -> Self {
        Self::new()
    }
}

fn main() {
    let seat = Seat::new();
    assert!(!seat.stand_up());
    let sitting: usize = thread::scope(|scope| {
        let people: Vec<_> = (0..4).map(|_| scope.spawn(|| seat.try_sit())).collect();
        people
            .into_iter()
            .map(|person| usize::from(person.join().unwrap()))
            .sum()
    });
    assert_eq!(sitting, 1);
    assert!(seat.stand_up());
}
