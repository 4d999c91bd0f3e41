//! Atomic words.
//!
//!
//! What is issued in place of what the subject asked for, and why, is told in [`super::memory`].

use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, SeqCst};

use loom::sync::atomic::AtomicU64;

use super::abandon;
use super::event::{Action, Exchange, Intent, ObjectId, ThreadIndex};
use super::faults::{self, FaultKind};
use super::memory::HISTORY;
use super::spin;
use super::world::{self, ObjectState, Pass};
use crate::engine::{Change, Place, WordFormat};

/// A word that no value of fewer than 64 bits has. A value of 64 bits that equals it is replaced
/// by itself, which nobody can see.
const NO_VALUE: u64 = 0x9e37_79b9_7f4a_7c15;

/// An atomic word.
pub(crate) struct Word {
    word: AtomicU64,
    id: ObjectId,
    format: WordFormat,
}

impl Word {
    pub(crate) fn new(value: u64, format: WordFormat, kind: &'static str, place: Place) -> Self {
        let state = ObjectState::Word {
            format,
            initial: value,
            newest: value,
            since_seq_cst: None,
        };
        Word {
            word: AtomicU64::new(value),
            id: world::new_object(kind, place, state),
            format,
        }
    }

    pub(crate) fn load(&self, order: Ordering, place: Place) -> u64 {
        if abandon::leaving() {
            return self.left_alone(|value| value);
        }
        let me = self.begin(order, place);
        let value = self.look(me, order);
        self.note_look(
            me,
            value,
            |newer| Action::Load {
                word: self.id,
                value,
                newer,
                order,
            },
            place,
        );
        spin::after_look(me, self.id, value, place);
        value
    }

    pub(crate) fn store(&self, value: u64, order: Ordering, place: Place) {
        if abandon::leaving() {
            self.left_alone(|_| value);
            return;
        }
        let me = self.begin(order, place);
        let before = self.word.swap(value, strengthened(order));
        world::settle(me);
        self.note_write(me, value, order);
        let action = Action::Store {
            word: self.id,
            before,
            value,
            order,
        };
        world::with(|world| world.push(me, Some(place), action));
    }

    pub(crate) fn swap(&self, value: u64, order: Ordering, place: Place) -> u64 {
        if abandon::leaving() {
            return self.left_alone(|_| value);
        }
        let me = self.begin(order, place);
        let before = self.word.swap(value, strengthened(order));
        world::settle(me);
        self.note_write(me, value, order);
        let action = Action::Exchange {
            word: self.id,
            call: Exchange::Swap,
            before,
            after: value,
            order,
        };
        world::with(|world| world.push(me, Some(place), action));
        if before == value {
            spin::after_look(me, self.id, value, place);
        }
        before
    }

    pub(crate) fn change(
        &self,
        change: Change,
        operand: u64,
        order: Ordering,
        place: Place,
    ) -> u64 {
        if abandon::leaving() {
            return self.left_alone(|before| change.apply(self.format, before, operand));
        }
        let me = self.begin(order, place);
        let issued = strengthened(order);
        let before = match change {
            Change::Add => self.word.fetch_add(operand, issued),
            Change::Sub => self.word.fetch_sub(operand, issued),
            Change::And => self.word.fetch_and(operand, issued),
            Change::Or => self.word.fetch_or(operand, issued),
            Change::Xor => self.word.fetch_xor(operand, issued),
            Change::Nand | Change::Max | Change::Min => self.emulate(me, change, operand, issued),
        };
        world::settle(me);
        let after = change.apply(self.format, before, operand);
        self.note_update(me, change.name(), before, after, order, place);
        before
    }

    pub(crate) fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        (success, failure): (Ordering, Ordering),
        weak: bool,
        place: Place,
    ) -> Result<u64, u64> {
        if abandon::leaving() {
            let swapped = |value| if value == current { new } else { value };
            let before = self.left_alone(swapped);
            return if before == current {
                Ok(before)
            } else {
                Err(before)
            };
        }
        let me = self.begin(success, place);
        let call = if weak {
            Exchange::Weak
        } else {
            Exchange::Strong
        };
        let spurious = weak && faults::happens(FaultKind::Exchange, me);
        let result = if spurious {
            Err(self.look(me, failure))
        } else {
            let (success, failure) = match pass() {
                Pass::Sequential => (AcqRel, Acquire),
                Pass::Orderings => (success, failure),
            };
            self.word.compare_exchange(current, new, success, failure)
        };
        world::settle(me);
        match result {
            Ok(before) => {
                self.note_write(me, new, success);
                let action = Action::Exchange {
                    word: self.id,
                    call,
                    before,
                    after: new,
                    order: success,
                };
                world::with(|world| world.push(me, Some(place), action));
            }
            Err(found) => {
                self.note_look(
                    me,
                    found,
                    |_| Action::ExchangeFailed {
                        word: self.id,
                        call,
                        found,
                        wanted: current,
                        spurious,
                        order: failure,
                    },
                    place,
                );
                spin::after_look(me, self.id, found, place);
            }
        }
        result
    }

    /// The value, for the only owner.
    pub(crate) fn get(&mut self, place: Place) -> u64 {
        if abandon::leaving() {
            return self.left_alone(|value| value);
        }
        let me = world::begin(Intent::Write(self.id), place);
        let (in_drop, newest) = world::with(|world| {
            let in_drop = world.thread(me).drop_depth > 0;
            (in_drop, world.newest(self.id))
        });
        // An `Arc`'s last owner comes after every other one, which loom does not know of.
        let value = if in_drop {
            newest
        } else {
            self.word.with_mut(|value| *value)
        };
        world::with(|world| world.thread(me).intent = None);
        value
    }

    /// Sets the value, for the only owner.
    pub(crate) fn set(&mut self, value: u64, place: Place) {
        if abandon::leaving() {
            self.left_alone(|_| value);
            return;
        }
        let me = world::begin(Intent::Write(self.id), place);
        let before = world::with(|world| world.newest(self.id));
        if before != value {
            self.word.with_mut(|word| *word = value);
            self.note_write(me, value, Relaxed);
            let action = Action::Set {
                word: self.id,
                before,
                after: value,
            };
            world::with(|world| world.push(me, Some(place), action));
        }
        world::with(|world| world.thread(me).intent = None);
    }

    /// Changes the newest value, and no more, in a schedule that is left; returns the one before.
    fn left_alone(&self, change: impl FnOnce(u64) -> u64) -> u64 {
        world::with(|world| {
            let ObjectState::Word { newest, .. } = &mut world.object(self.id).state else {
                unreachable!("heddle: an atomic has the state of another object")
            };
            let before = *newest;
            *newest = change(before);
            before
        })
    }

    fn begin(&self, order: Ordering, place: Place) -> ThreadIndex {
        let me = world::begin(Intent::Access(self.id), place);
        if order == SeqCst && world::with(|world| world.needs_fence(me)) {
            loom::sync::atomic::fence(SeqCst);
        }
        me
    }

    /// Reads the word as the pass wants it.
    fn look(&self, me: ThreadIndex, order: Ordering) -> u64 {
        let in_drop = world::with(|world| world.thread(me).drop_depth > 0);
        if in_drop || pass() == Pass::Sequential {
            if spin::looks_in_vain(me) {
                world::stop_exploring();
            }
            return self.newest(me);
        }
        let value = self.word.load(order);
        world::settle(me);
        let allowed = order != SeqCst || world::with(|world| world.may_be_seen(self.id, value));
        if allowed { value } else { self.newest(me) }
    }

    /// Reads the newest value, by a comparison that cannot succeed.
    fn newest(&self, me: ThreadIndex) -> u64 {
        let result = self
            .word
            .compare_exchange(NO_VALUE, NO_VALUE, AcqRel, Acquire);
        world::settle(me);
        result.unwrap_or_else(|value| value)
    }

    /// A change that loom cannot make on a word in the upper bits: tried until nobody was faster.
    fn emulate(&self, me: ThreadIndex, change: Change, operand: u64, issued: Ordering) -> u64 {
        loop {
            let before = world::with(|world| world.newest(self.id));
            let after = change.apply(self.format, before, operand);
            let result = self.word.compare_exchange(before, after, issued, Relaxed);
            world::settle(me);
            if let Ok(before) = result {
                return before;
            }
        }
    }

    fn note_look(
        &self,
        me: ThreadIndex,
        value: u64,
        action: impl FnOnce(Option<u64>) -> Action,
        place: Place,
    ) {
        world::with(|world| {
            let newest = world.newest(self.id);
            let newer = (newest != value).then_some(newest);
            world.thread(me).saw_stale = newer.is_some();
            world.push(me, Some(place), action(newer));
        });
    }

    fn note_update(
        &self,
        me: ThreadIndex,
        name: &'static str,
        before: u64,
        after: u64,
        order: Ordering,
        place: Place,
    ) {
        self.note_write(me, after, order);
        let action = Action::Update {
            word: self.id,
            name,
            before,
            after,
            order,
        };
        world::with(|world| world.push(me, Some(place), action));
        if before == after {
            spin::after_look(me, self.id, after, place);
        }
    }

    fn note_write(&self, me: ThreadIndex, value: u64, order: Ordering) {
        world::with(|world| {
            let ObjectState::Word {
                newest,
                since_seq_cst,
                ..
            } = &mut world.object(self.id).state
            else {
                unreachable!("heddle: an atomic has the state of another object")
            };
            let changed = *newest != value;
            *newest = value;
            if order == SeqCst {
                *since_seq_cst = Some(vec![value]);
            } else if let Some(values) = since_seq_cst
                && values.len() < HISTORY
            {
                values.push(value);
            }
            if changed {
                world.changed(me);
            }
        });
    }
}

pub(super) fn pass() -> Pass {
    world::with(|world| world.pass)
}

/// The ordering of a write in this pass.
fn strengthened(order: Ordering) -> Ordering {
    match pass() {
        Pass::Sequential => AcqRel,
        Pass::Orderings => order,
    }
}
