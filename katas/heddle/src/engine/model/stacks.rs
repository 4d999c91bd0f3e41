//! The stacks of modelled threads, kept from one schedule to the next.
//!
//! loom makes the threads of every schedule anew. A stack that is mapped, guarded, touched and
//! unmapped for each of them costs a search as much time in the system as the search itself takes.
//! So the three calls by which the coroutines' crate gets a stack and gives it back end here: what
//! it gives back is given out again, with its guard page as it was. Whatever else is mapped, by
//! whomever, goes on to the system, and so does everything on a platform that is not named below.

use std::sync::{Mutex, PoisonError};

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod calls;

/// How many stacks are known at a time; those beyond come and go as they did before.
const ROOM: usize = 64;

static STACKS: Mutex<Stacks> = Mutex::new(Stacks {
    known: [None; ROOM],
});

/// The stacks of this process.
struct Stacks {
    known: [Option<Stack>; ROOM],
}

#[derive(Clone, Copy)]
struct Stack {
    start: usize,
    length: usize,
    /// How many bytes at its start nobody may touch.
    guard: usize,
    is_lent: bool,
}

impl Stacks {
    /// A stack of that length that was given back.
    fn lend(&mut self, length: usize) -> Option<usize> {
        let mut known = self.known.iter_mut().flatten();
        let stack = known.find(|stack| !stack.is_lent && stack.length == length)?;
        stack.is_lent = true;
        Some(stack.start)
    }

    /// Takes note of a new stack, which is lent.
    fn learn(&mut self, start: usize, length: usize) {
        if let Some(place) = self.known.iter_mut().find(|place| place.is_none()) {
            *place = Some(Stack {
                start,
                length,
                guard: 0,
                is_lent: true,
            });
        }
    }

    /// Takes a stack back; whether it is one that was lent, all of it.
    fn take_back(&mut self, start: usize, length: usize) -> bool {
        let lent = self.lent(start, length);
        lent.map(|stack| stack.is_lent = false).is_some()
    }

    /// Whether the first bytes of a lent stack are guarded already.
    fn is_guarded(&self, start: usize, guard: usize) -> bool {
        let mut known = self.known.iter().flatten();
        known.any(|stack| stack.is_lent && stack.start == start && stack.guard == guard)
    }

    /// Takes note of how many bytes of a lent stack are guarded.
    fn guard(&mut self, start: usize, guard: usize) {
        let mut known = self.known.iter_mut().flatten();
        if let Some(stack) = known.find(|stack| stack.is_lent && stack.start == start) {
            stack.guard = guard;
        }
    }

    /// Forgets every stack of which the system is asked to change a part.
    fn forget(&mut self, start: usize, length: usize) {
        let end = start.saturating_add(length);
        for place in &mut self.known {
            let touched = place.is_some_and(|stack| {
                stack.start < end && start < stack.start.saturating_add(stack.length)
            });
            if touched {
                *place = None;
            }
        }
    }

    fn lent(&mut self, start: usize, length: usize) -> Option<&mut Stack> {
        let mut known = self.known.iter_mut().flatten();
        known.find(|stack| stack.is_lent && stack.start == start && stack.length == length)
    }
}

/// Looks at the stacks; what panics in here would have left them in order.
fn with<R>(work: impl FnOnce(&mut Stacks) -> R) -> R {
    work(&mut STACKS.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Stacks {
        Stacks {
            known: [None; ROOM],
        }
    }

    /// A stack is lent to one at a time, and again once it was given back whole.
    #[test]
    fn a_stack_has_one_user_at_a_time() {
        let mut stacks = none();
        stacks.learn(0x1000, 0x2000);
        assert_eq!(stacks.lend(0x2000), None);
        assert!(!stacks.take_back(0x1000, 0x1000));
        assert!(!stacks.take_back(0x2000, 0x2000));
        assert!(stacks.take_back(0x1000, 0x2000));
        assert!(!stacks.take_back(0x1000, 0x2000));
        assert_eq!(stacks.lend(0x4000), None);
        assert_eq!(stacks.lend(0x2000), Some(0x1000));
        assert_eq!(stacks.lend(0x2000), None);
    }

    /// The guard page of a stack is remembered, and counts only as it was set.
    #[test]
    fn a_guard_stays_where_it_is() {
        let mut stacks = none();
        stacks.learn(0x1000, 0x3000);
        assert!(!stacks.is_guarded(0x1000, 0x1000));
        stacks.guard(0x1000, 0x1000);
        assert!(stacks.take_back(0x1000, 0x3000));
        assert_eq!(stacks.lend(0x3000), Some(0x1000));
        assert!(stacks.is_guarded(0x1000, 0x1000));
        assert!(!stacks.is_guarded(0x1000, 0x2000));
        assert!(!stacks.is_guarded(0x2000, 0x1000));
    }

    /// Of a stack that somebody else changes nothing is known any more.
    #[test]
    fn a_stack_that_changes_is_forgotten() {
        let mut stacks = none();
        stacks.learn(0x1000, 0x2000);
        assert!(stacks.take_back(0x1000, 0x2000));
        stacks.forget(0x3000, 0x1000);
        stacks.forget(0, 0x1000);
        assert_eq!(stacks.lend(0x2000), Some(0x1000));
        assert!(stacks.take_back(0x1000, 0x2000));
        stacks.forget(0x2fff, 1);
        assert_eq!(stacks.lend(0x2000), None);
    }

    /// Those for which there is no room are not known.
    #[test]
    fn there_is_room_for_so_many() {
        let mut stacks = none();
        for number in 1..=ROOM + 1 {
            stacks.learn(number << 16, 0x1000);
        }
        assert!(stacks.take_back(ROOM << 16, 0x1000));
        assert!(!stacks.take_back((ROOM + 1) << 16, 0x1000));
    }
}
