//! The shortest schedule, run once more: for what costs too much to note in each one.
//!
//! That is through which functions a thread has come to each step, and what the values under locks
//! look like when a lock is given back, and where the thread that had it used them.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::event::{ObjectId, StepNumber};
use crate::claim::counterexample::{Aside, known_at};
use crate::engine::{Place, Value};

/// The most functions that are told of a step.
const MOST: usize = 12;
/// The most places at which a value was used while its lock was held.
const MOST_PLACES: usize = 4;

/// Crates in whose functions nobody looks for a mistake.
const FOREIGN: &[&str] = &[
    "alloc",
    "backtrace",
    "core",
    "generator",
    "heddle",
    "loom",
    "scoped_tls",
    "std",
    "test",
];

thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static DETAILS: RefCell<BTreeMap<StepNumber, Detail>> = RefCell::default();
    static BORROWED: RefCell<BTreeMap<ObjectId, Borrowed>> = RefCell::default();
}

/// For what a thread has the value under a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Borrow {
    ToLook,
    ToChange,
}

/// Where a thread had the value under a lock since it took the lock.
type Borrowed = Vec<(Borrow, Place)>;

/// What there is to tell of one step.
struct Detail {
    calls: Backtrace,
    value: Option<Value>,
    changed: bool,
    borrowed: Borrowed,
}

/// Whether the schedule that runs is told in full.
pub(crate) fn is_on() -> bool {
    IS_ON.get()
}

/// Says whether the schedules to come are told in full.
pub(super) fn turn(on: bool) {
    IS_ON.set(on);
    forget();
}

/// Forgets the steps of the last schedule.
pub(super) fn forget() {
    DETAILS.with_borrow_mut(BTreeMap::clear);
    BORROWED.with_borrow_mut(BTreeMap::clear);
}

/// Notes through which functions the running thread has come to a step.
pub(super) fn note(step: StepNumber) {
    if IS_ON.get() {
        let detail = Detail {
            calls: Backtrace::force_capture(),
            value: None,
            changed: false,
            borrowed: Vec::new(),
        };
        DETAILS.with_borrow_mut(|details| details.insert(step, detail));
    }
}

/// Notes where the running thread has the value under a lock that it holds.
pub(super) fn borrowed(lock: ObjectId, borrow: Borrow, place: Place) {
    if IS_ON.get() {
        BORROWED.with_borrow_mut(|borrowed| {
            let of_lock = borrowed.entry(lock).or_default();
            let is_known = of_lock.contains(&(borrow, place));
            if !is_known && of_lock.len() < MOST_PLACES {
                of_lock.push((borrow, place));
            }
        });
    }
}

/// Notes the value under the lock that a step gives back, and where the thread had it.
pub(super) fn value(step: StepNumber, lock: ObjectId, value: &Value, changed: bool) {
    let borrowed = BORROWED.with_borrow_mut(|borrowed| borrowed.remove(&lock));
    DETAILS.with_borrow_mut(|details| {
        if let Some(detail) = details.get_mut(&step) {
            detail.value = Some(value.clone());
            detail.changed = changed;
            detail.borrowed = borrowed.unwrap_or_default();
        }
    });
}

/// Takes what was noted, to be told by another OS thread.
pub(super) fn take() -> Noted {
    Noted(DETAILS.take())
}

/// What was noted of a schedule; nothing of one that is not told in full.
#[derive(Default)]
pub(super) struct Noted(BTreeMap<StepNumber, Detail>);

impl Noted {
    /// Adds what was noted of a step to what its record tells.
    pub(super) fn add_to(&self, aside: &mut Aside, step: StepNumber) {
        let Some(detail) = self.0.get(&step) else {
            return;
        };
        let value = detail.value.as_ref();
        aside.within = functions(&detail.calls.to_string());
        aside.value = value.and_then(|it| it.text.clone());
        aside.only_looked = value.is_some_and(|it| !it.is_nothing) && !detail.changed;
    }

    /// Adds where a value was used, as far as the record has the file: a record that is told in full
    /// names no other files than the one that it is to replace.
    pub(super) fn add_places_to(&self, aside: &mut Aside, step: StepNumber, files: &[String]) {
        let Some(detail) = self.0.get(&step) else {
            return;
        };
        let of = |kind: Borrow| {
            let places = detail.borrowed.iter().filter(|(borrow, _)| *borrow == kind);
            let places = places.filter_map(|(_, place)| known_at(files, &(*place).into()));
            places.collect()
        };
        aside.looked_at = of(Borrow::ToLook);
        aside.changed_at = of(Borrow::ToChange);
    }
}

/// The functions in a list of calls that belong to claim or subject, as `crate::function`.
fn functions(calls: &str) -> Vec<String> {
    let numbered = calls.lines().filter_map(|line| {
        let (number, name) = line.trim_start().split_once(": ")?;
        number.parse::<u32>().ok().map(|_| name)
    });
    let mut functions: Vec<String> = Vec::new();
    for function in numbered.filter_map(function) {
        if functions.last() != Some(&function) {
            functions.push(function);
        }
    }
    functions.truncate(MOST);
    functions
}

/// `crate::function` for the name of a call, unless it is of a crate that does not matter.
fn function(name: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let path = name.trim_start_matches(|c| !is_part(c));
    let (krate, rest) = path.split_once("::")?;
    // The marks of a v0 name's crate are not part of what it is called.
    let krate = krate.split('[').next().unwrap_or(krate);
    let is_name = !krate.is_empty() && krate.chars().all(is_part);
    if !is_name || FOREIGN.contains(&krate) || krate.starts_with("rust") {
        return None;
    }
    let plain = without_generics(rest);
    let segments = plain.split("::").filter(|segment| {
        let is_closure = segment.starts_with('{');
        !is_closure && segment.starts_with(is_part)
    });
    let last = segments.last()?;
    let last = last.split(|c| !is_part(c)).next().unwrap_or(last);
    Some(format!("{krate}::{last}"))
}

/// A path without what stands in angle brackets, and without the end of a bracket that began before.
fn without_generics(path: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for character in path.chars() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::functions;

    /// Of all calls those of the subject and the claim remain, by name, in either way of mangling.
    #[test]
    fn calls_of_subject_and_claim_are_told_by_name() {
        let calls = "   0: heddle::engine::model::retell::note
             at ./src/retell.rs:3:4
   1: kata_06_semaphore::Semaphore::wait_in_line
   2: <kata_06_semaphore::Semaphore>::enter
   3: kata_06_semaphore::Queue<T>::try_acquire::{{closure}}
   4: <kata_06_semaphore::Queue<T> as core::ops::drop::Drop>::drop
   5: core::ptr::drop_in_place<kata_06_semaphore::Permit>
   6: model::an_attempt::{{closure}}
   7: model::an_attempt::{closure#0}
   8: <std::thread::Builder>::spawn::<model::x>
   9: __rust_try
";
        assert_eq!(
            functions(calls),
            [
                "kata_06_semaphore::wait_in_line",
                "kata_06_semaphore::enter",
                "kata_06_semaphore::try_acquire",
                "kata_06_semaphore::drop",
                "model::an_attempt",
            ]
        );
    }
}
