//! Histories under the model: every order in which calls begin and end is tried.

#![cfg(feature = "model")]

mod child;

use child::{Child, Claim};
use heddle::history::History;
use heddle::sync::atomic::{AtomicU32, Ordering};
use heddle::sync::{Arc, Mutex};
use heddle::thread;

const RIGHT: &[Claim] = &[
    ("one step", || {
        counts(|number| number.fetch_add(1, Ordering::Relaxed))
    }),
    ("a call that began later", || latest(Latest::tell_after)),
];

const WRONG: &[Claim] = &[
    ("a load and a store", || {
        counts(|number| {
            let before = number.load(Ordering::Relaxed);
            number.store(before + 1, Ordering::Relaxed);
            before
        });
    }),
    ("told before it is there", || latest(Latest::tell_before)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(&[RIGHT, WRONG].concat());
}

/// Two threads that count, each in its own way of adding one.
fn counts(add: fn(&AtomicU32) -> u32) {
    heddle::model(move || {
        let shared = Arc::new((History::new(), AtomicU32::new(0)));
        let count = move |shared: &(History<(), u32>, AtomicU32)| {
            shared.0.record((), || add(&shared.1));
        };
        let other = Arc::clone(&shared);
        let other = thread::spawn(move || count(&other));
        count(&shared);
        other.join().unwrap();
        shared.0.assert_linearizable(0, |number, (), before| {
            *number += 1;
            *before + 1 == *number
        });
    });
}

/// A number in two copies, each with a lock of its own: what is read must not go backwards.
struct Latest {
    copies: [Mutex<u32>; 2],
    history: History<Option<u32>, u32>,
}

impl Latest {
    /// A write that ends when both copies have the number.
    fn tell_after(&self) {
        self.history.record(Some(1), || {
            self.copies
                .iter()
                .for_each(|copy| *copy.lock().unwrap() = 1);
            0
        });
    }

    /// A write that ends too early: the second copy is still the old one.
    fn tell_before(&self) {
        self.history.record(Some(1), || {
            *self.copies[0].lock().unwrap() = 1;
            0
        });
        *self.copies[1].lock().unwrap() = 1;
    }

    /// Reads the second copy, and nothing that the writer has touched before.
    fn read(&self) {
        self.history
            .record(None, || *self.copies[1].lock().unwrap());
    }
}

fn latest(write: fn(&Latest)) {
    heddle::model(move || {
        let latest = Arc::new(Latest {
            copies: [0, 0].map(Mutex::new),
            history: History::new(),
        });
        let writer = Arc::clone(&latest);
        let writer = thread::spawn(move || write(&writer));
        latest.read();
        writer.join().unwrap();
        let step = |number: &mut u32, call: &Option<u32>, got: &u32| {
            *number = call.unwrap_or(*number);
            call.is_some() || got == number
        };
        latest.history.assert_linearizable(0, step);
    });
}

/// What can be explained in every schedule passes.
#[test]
fn right_objects_are_accepted() {
    for (name, _) in RIGHT {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "passed"],
            "{name}: {}",
            ended.stderr
        );
    }
}

/// What cannot be explained in one schedule is refused, with the calls and when they were.
#[test]
fn wrong_objects_are_refused() {
    for (name, _) in WRONG {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "failed"],
            "{name}: {}",
            ended.stderr
        );
        let message = ended.text("message");
        assert!(message.starts_with("no order of these calls"), "{message}");
        assert!(message.contains("0 to "), "{message}");
    }
}
