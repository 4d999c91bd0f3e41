//! What a task or a callback may panic with that makes trouble later.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Panics when it is dropped, with what panics when it is dropped.
struct Bomb {
    holds_another: bool,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        match self.holds_another {
            true => resume_unwind(Box::new(Self {
                holds_another: false,
            })),
            false => resume_unwind(Box::new("a drop fails")),
        }
    }
}

/// Panics with a payload that nobody can drop in peace.
pub fn explode() -> ! {
    resume_unwind(Box::new(Bomb {
        holds_another: true,
    }))
}

/// Whether no panic came out of `body`.
pub fn returns(body: impl FnOnce()) -> bool {
    let end = catch_unwind(AssertUnwindSafe(body));
    let returned = end.is_ok();
    // What came out may be a bomb.
    mem::forget(end);
    returned
}
