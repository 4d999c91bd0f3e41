//! A guard: a value whose drop does what a `with` block does at its end.

use std::cell::Cell;

// ANCHOR: guard
pub struct Room {
    inside: Cell<u32>,
}

/// Somebody is in the room for as long as this exists.
#[must_use = "the visit is over as soon as this is dropped"]
pub struct Visit<'a> {
    room: &'a Room,
}

impl Room {
    pub fn enter(&self) -> Visit<'_> {
        self.inside.set(self.inside.get() + 1);
        Visit { room: self }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.room.inside.set(self.room.inside.get() - 1);
    }
}
// ANCHOR_END: guard

fn main() {
    let room = Room {
        inside: Cell::new(0),
    };
    // ANCHOR: scopes
    {
        let _visit = room.enter();
        assert_eq!(room.inside.get(), 1);
    } // `_visit` is dropped here
    assert_eq!(room.inside.get(), 0);

    let visit = room.enter();
    drop(visit); // or here, by hand
    assert_eq!(room.inside.get(), 0);

    let _ = room.enter(); // or at once: a lone `_` keeps nothing
    assert_eq!(room.inside.get(), 0);
    // ANCHOR_END: scopes

    // ANCHOR: panics
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _visit = room.enter();
        std::panic::resume_unwind(Box::new("out of here"));
    }));
    assert!(outcome.is_err());
    assert_eq!(room.inside.get(), 0); // a panic drops what it passes by
    // ANCHOR_END: panics
}
