//! Structs, methods, enums and `match`, with a coat check for an example.

use std::collections::VecDeque;

// ANCHOR: kinds
/// What became of a visit.
#[derive(Debug, PartialEq, Eq)]
pub enum Visit {
    /// The coat hangs on this hook.
    Hung { hook: usize },
    /// No hook was free.
    Full,
}

pub struct CoatCheck {
    hooks: usize,
    free: VecDeque<usize>,
}

impl CoatCheck {
    /// Like `__init__`, but it returns the new value.
    pub fn new(hooks: usize) -> Self {
        Self {
            hooks,
            free: (0..hooks).collect(),
        }
    }

    /// `&mut self` is a `self` that may be changed.
    pub fn hang(&mut self) -> Visit {
        match self.free.pop_front() {
            Some(hook) => Visit::Hung { hook }, // the value of the `match`
            None => Visit::Full,
        }
    }

    /// `&self` is a `self` that may only be looked at.
    pub fn is_full(&self) -> bool {
        self.free.is_empty()
    }
}
// ANCHOR_END: kinds

// ANCHOR: results
/// The error of returning a hook that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchHook;

impl CoatCheck {
    pub fn give_back(&mut self, hook: usize) -> Result<(), NoSuchHook> {
        if hook >= self.hooks {
            return Err(NoSuchHook);
        }
        self.free.push_back(hook);
        Ok(())
    }
}
// ANCHOR_END: results

fn main() {
    let mut coats = CoatCheck::new(1);
    assert_eq!(coats.hang(), Visit::Hung { hook: 0 });
    assert_eq!(coats.hang(), Visit::Full);
    assert!(coats.is_full());
    // ANCHOR: use
    assert_eq!(coats.give_back(7), Err(NoSuchHook));
    coats.give_back(0).expect("there is a hook 0"); // on `Err`: panics with these words
    assert!(!coats.is_full());
    // ANCHOR_END: use
}
