//! The memory that the model shows.
//!
//! # What is issued
//!
//! Every store is a swap with the store's own ordering. loom keeps no order between two plain
//! stores of one atomic, and then produces executions that no machine has; it does order swaps.
//! The price: a store that would end a release sequence continues it, so some outcomes that are
//! legal under weak memory only are not shown.
//!
//! In the sequential pass every ordering is `AcqRel` and every load is a comparison with a word
//! that no value has. loom remembers one last access per atomic, and loses the race between
//! a load and a later store that it should try in the other order; comparisons are not lost, and
//! always find the newest value.
//!
//! # Sequential consistency
//!
//! loom treats `SeqCst` as `AcqRel`. In the pass with orderings a `SeqCst` load may return
//! nothing older than the newest `SeqCst` store; when loom offers an older value, the load is
//! repeated as a comparison. So a store buffer shows up exactly where one of its four operations
//! is not `SeqCst`, and no happens-before edge is made up.

use std::sync::atomic::Ordering::{self, SeqCst};

use super::abandon;
use super::event::{Action, ObjectId, ThreadIndex};
use super::guide;
use super::word::pass;
use super::world::{self, ObjectState, Pass};
use crate::engine::Place;

/// How many values are remembered since the last sequentially consistent store: as many as loom
/// can still return.
pub(super) const HISTORY: usize = 8;

impl world::World {
    pub(super) fn newest(&mut self, word: ObjectId) -> u64 {
        match self.object(word).state {
            ObjectState::Word { newest, .. } => newest,
            _ => unreachable!("heddle: an atomic has the state of another object"),
        }
    }

    /// Whether a sequentially consistent load may return a value: not one older than the newest
    /// sequentially consistent store.
    pub(super) fn may_be_seen(&mut self, word: ObjectId, value: u64) -> bool {
        match &self.object(word).state {
            ObjectState::Word {
                since_seq_cst: Some(values),
                ..
            } => values.len() >= HISTORY || values.contains(&value),
            _ => true,
        }
    }

    /// Whether a `SeqCst` operation has to be ordered with fences that the claim uses.
    ///
    /// Between two operations of a thread that are sequentially consistent, one of loom's fences
    /// orders them with the fences of others. It is over-strong, so it is used only where the
    /// claim has such fences itself.
    pub(super) fn needs_fence(&mut self, me: ThreadIndex) -> bool {
        let first = !std::mem::replace(&mut self.thread(me).did_seq_cst, true);
        self.respected.seq_cst_fences && self.pass == Pass::Orderings && !first
    }
}

/// A fence between atomic operations.
///
/// In the sequential pass every operation is as strong as can be, and a fence adds nothing.
pub(crate) fn fence(order: Ordering, place: Place) {
    if abandon::leaving() {
        return;
    }
    let me = world::current();
    guide::gate(me);
    if pass() == Pass::Orderings {
        loom::sync::atomic::fence(order);
    }
    world::with(|world| {
        if order == SeqCst {
            world.observed.seq_cst_fences = true;
            world.thread(me).did_seq_cst = true;
        }
        world.push(me, Some(place), Action::Fence { order });
    });
}
