//! Faults: an operation that does what it may do, though it hardly ever does.
//!
//! The first schedules only count the calls that could misbehave. Then each of them gets a search
//! of its own in which just that call misbehaves. So the culprit has a name, no extra thread is
//! needed, and the cost adds up instead of multiplying.

use super::event::{MAX_THREADS, ThreadIndex};
use super::world;

/// What can go wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A wait on a condition variable returns without a notification.
    Wait,
    /// `park` returns without a token.
    Park,
    /// `compare_exchange_weak` fails though the value is the expected one.
    Exchange,
    /// `notify_one` wakes the thread that came last instead of first.
    Notify,
    /// An allocation gets the address of a node that was freed before.
    Reuse,
}

/// Every kind, in the order of the rungs.
const KINDS: [FaultKind; 5] = [
    FaultKind::Wait,
    FaultKind::Park,
    FaultKind::Exchange,
    FaultKind::Notify,
    FaultKind::Reuse,
];

/// One call that misbehaves: the `nth` of its kind in its thread, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    kind: FaultKind,
    thread: ThreadIndex,
    nth: u32,
}

/// The calls that could misbehave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sites {
    /// In this schedule, by kind and thread.
    calls: [[u32; MAX_THREADS]; KINDS.len()],
    /// The most in any schedule.
    most: [[u32; MAX_THREADS]; KINDS.len()],
}

impl FaultKind {
    fn as_str(self) -> &'static str {
        match self {
            FaultKind::Wait => "wait",
            FaultKind::Park => "park",
            FaultKind::Exchange => "compare-exchange-weak",
            FaultKind::Notify => "notify-one",
            FaultKind::Reuse => "reuse",
        }
    }
}

impl Fault {
    /// The rung's name, given what the thread is called.
    pub(crate) fn rung(self) -> String {
        format!("fault:{}", self.site())
    }

    /// The kind, the thread and the number of the call.
    pub(super) fn parts(self) -> (&'static str, ThreadIndex, u32) {
        (self.kind.as_str(), self.thread, self.nth)
    }

    /// The call, as `kind:thread:nth`.
    pub(super) fn site(self) -> String {
        format!("{}:{}:{}", self.kind.as_str(), self.thread, self.nth)
    }

    /// Reads what [`site`](Self::site) has written.
    pub(crate) fn at_site(site: &str) -> Option<Self> {
        let mut parts = site.split(':');
        let name = parts.next()?;
        let kind = KINDS.into_iter().find(|kind| kind.as_str() == name)?;
        let thread: ThreadIndex = parts.next()?.parse().ok()?;
        let nth = parts.next()?.parse().ok()?;
        let is_real = usize::from(thread) < MAX_THREADS && nth > 0 && parts.next().is_none();
        is_real.then_some(Fault { kind, thread, nth })
    }
}

impl Sites {
    pub(super) fn begin_schedule(&mut self) {
        self.calls = Default::default();
    }

    /// Every call seen so far.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (kind, most) in KINDS.into_iter().zip(&self.most) {
            for (thread, &most) in (0..).zip(most) {
                faults.extend((1..=most).map(|nth| Fault { kind, thread, nth }));
            }
        }
        faults
    }

    fn count(&mut self, kind: FaultKind, thread: ThreadIndex) -> u32 {
        let (row, column) = (kind as usize, usize::from(thread));
        let calls = &mut self.calls[row][column];
        *calls += 1;
        self.most[row][column] = self.most[row][column].max(*calls);
        *calls
    }
}

/// Counts a call that could misbehave and returns whether it does.
pub(super) fn happens(kind: FaultKind, thread: ThreadIndex) -> bool {
    world::with(|world| {
        let nth = world.sites.count(kind, thread);
        world.fault == Some(Fault { kind, thread, nth })
    })
}
