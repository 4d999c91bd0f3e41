//! Histories: what several threads called on one object, and whether their answers fit together.
//!
//! An object is *linearizable* when every history of it could have come from an object that does
//! one call after the other, each at some moment between its begin and its end. That one order
//! explains all the answers is the strongest thing a claim can say of an object without naming
//! its inside: nothing is lost, doubled, reordered, or seen half done.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::sync::atomic::{AtomicU64, Ordering};

/// The most operations that one history may have.
const MOST: usize = u64::BITS as usize;

/// What threads have called on one object so far, with when each call began and ended.
///
/// # Ordering
///
/// An operation that ended before another one began has happened before it: who looks at a clock
/// and then calls may rely on what was done by that time. So a history hides a missing edge
/// between two calls that do not overlap; a claim about such an edge uses none.
///
/// # Examples
///
/// ```no_run
/// use heddle::history::History;
/// use heddle::sync::atomic::{AtomicU32, Ordering};
///
/// let (history, counter) = (History::new(), AtomicU32::new(0));
/// heddle::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| history.record((), || counter.fetch_add(1, Ordering::Relaxed)));
///     }
/// });
/// history.assert_linearizable(0, |next, (), got| {
///     *next += 1;
///     *got + 1 == *next
/// });
/// ```
#[derive(Debug)]
pub struct History<C, R> {
    /// The model has to see this clock: it tries every order in which calls begin and end.
    clock: AtomicU64,
    /// Nothing of heddle, as the keeping of the list is no part of any schedule.
    operations: Mutex<Vec<Operation<C, R>>>,
}

/// One call that has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation<C, R> {
    /// What was called.
    pub call: C,
    /// What came of it.
    pub result: R,
    /// When it began; no two moments of a history are the same.
    pub began: u64,
    /// When it had ended.
    pub ended: u64,
}

impl<C, R> History<C, R> {
    /// A history in which nothing has happened yet.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self {
            #[cfg(any(feature = "trace", feature = "model"))]
            clock: AtomicU64::of_history(),
            #[cfg(not(any(feature = "trace", feature = "model")))]
            clock: AtomicU64::new(0),
            operations: Mutex::new(Vec::new()),
        }
    }

    /// Does a call, and writes down what it was, what came of it and when.
    #[track_caller]
    pub fn record(&self, call: C, operation: impl FnOnce() -> R) -> R
    where
        R: Clone,
    {
        // ORDERING: AcqRel: the end of one operation publishes it to each that begins later.
        let began = self.clock.fetch_add(1, Ordering::AcqRel);
        let result = operation();
        // ORDERING: as above.
        let ended = self.clock.fetch_add(1, Ordering::AcqRel);
        let operation = Operation {
            call,
            result: result.clone(),
            began,
            ended,
        };
        self.list().push(operation);
        result
    }

    /// Asserts that the operations so far can be explained one after the other.
    ///
    /// `step` is the sequential object: whether it, in this state, would answer the call with this
    /// result; if so, it changes the state accordingly. A call that would wait in this state is one
    /// that it would not answer. What it does to the state when it says no is forgotten.
    ///
    /// Every call has to be answered by now: one that is still under way is not in the history,
    /// and what others see of it cannot be explained.
    ///
    /// # Panics
    ///
    /// When no order explains the operations: the message lists them.
    #[track_caller]
    pub fn assert_linearizable<S>(&self, initial: S, step: impl Fn(&mut S, &C, &R) -> bool)
    where
        S: Clone + Eq + Hash,
        C: Debug,
        R: Debug,
    {
        let operations = self.list();
        if linearize(&operations, initial, step).is_none() {
            let listed = listed(&operations);
            // A poisoned list would hide what the other threads do until the claim ends.
            drop(operations);
            panic!("no order of these calls explains their results:{listed}");
        }
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Operation<C, R>>> {
        self.operations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C, R> Default for History<C, R> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

/// An order that explains the operations, as indices into them; none when there is no such order.
///
/// The order keeps what did not overlap as it was, and `step` says yes to each operation in turn
/// (see [`History::assert_linearizable`]). The search is that of Wing and Gong, with Lowe's memory:
/// it never continues twice from the same operations and the same state.
///
/// # Panics
///
/// With more than 64 operations.
///
/// # Examples
///
/// ```
/// use heddle::history::{Operation, linearize};
///
/// // Two threads added one and read the number before; one was over before the other began.
/// let first = Operation { call: "add", result: 0, began: 0, ended: 1 };
/// let second = Operation { call: "add", result: 1, began: 2, ended: 3 };
/// let step = |number: &mut i32, _: &&str, before: &i32| {
///     *number += 1;
///     *before == *number - 1
/// };
/// assert_eq!(linearize(&[first.clone(), second.clone()], 0, step), Some(vec![0, 1]));
///
/// let lost = Operation { result: 0, ..second };
/// assert_eq!(linearize(&[first, lost], 0, step), None);
/// ```
pub fn linearize<S, C, R>(
    operations: &[Operation<C, R>],
    initial: S,
    step: impl Fn(&mut S, &C, &R) -> bool,
) -> Option<Vec<usize>>
where
    S: Clone + Eq + Hash,
{
    assert!(
        operations.len() <= MOST,
        "a history of more than {MOST} operations"
    );
    let mut seen = HashSet::new();
    // Not by recursion: a thread of a model has a small stack.
    let mut begun = vec![(Vec::new(), 0, initial)];
    while let Some((order, done, state)) = begun.pop() {
        if order.len() == operations.len() {
            return Some(order);
        }
        for next in may_be_next(operations, done) {
            let (mut after, operation) = (state.clone(), &operations[next]);
            if !step(&mut after, &operation.call, &operation.result) {
                continue;
            }
            let done = done | 1 << next;
            if seen.insert((done, after.clone())) {
                let order = order.iter().copied().chain([next]).collect();
                begun.push((order, done, after));
            }
        }
    }
    None
}

/// Which operation may come next: one that is not done, and began before any such one had ended.
fn may_be_next<C, R>(operations: &[Operation<C, R>], done: u64) -> impl Iterator<Item = usize> {
    let left = move |&(at, _): &(usize, _)| done & 1 << at == 0;
    let first_end = operations.iter().enumerate().filter(left);
    let first_end = first_end.map(|(_, left)| left.ended).min();
    operations
        .iter()
        .enumerate()
        .filter(left)
        .filter(move |(_, next)| Some(next.began) <= first_end)
        .map(|(at, _)| at)
}

/// The operations in the order in which they began, one on each line.
fn listed<C: Debug, R: Debug>(operations: &[Operation<C, R>]) -> String {
    let mut sorted: Vec<_> = operations.iter().collect();
    sorted.sort_by_key(|operation| operation.began);
    sorted
        .iter()
        .map(|it| {
            format!(
                "\n  {:>2} to {:>2}  {:?} -> {:?}",
                it.began, it.ended, it.call, it.result
            )
        })
        .collect()
}
