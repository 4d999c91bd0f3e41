//! The one monitor: what every thread is doing, and what it waits for.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::notes::{Action, Owner};
use super::threads::ThreadRef;
use crate::engine::Place;

/// A lock or a condition variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Object {
    pub(super) number: u64,
    pub(super) kind: &'static str,
    pub(super) made: Place,
    /// The thread that made it.
    pub(super) by: u64,
    /// How many of its kind were made at its place before.
    pub(super) nth: usize,
}

/// What a thread is doing, as far as heddle knows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Doing {
    Running,
    Lock {
        lock: Object,
    },
    Wait {
        queue: Object,
        arrival: u64,
        notified: bool,
        limit: Limit,
    },
    Park {
        limit: Limit,
    },
    Join {
        thread: u64,
    },
    EndScope {
        thread: u64,
    },
    Sleep,
    UntilBlocked {
        thread: u64,
    },
}

/// How long a thread may be asleep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// Until it is woken.
    None,
    /// Until a moment at most; nothing is a moment too far away to be told.
    Until(Option<Instant>),
}

impl Limit {
    /// The limit of a call that takes a time.
    pub(super) fn after(time: Duration) -> Self {
        Limit::Until(Instant::now().checked_add(time))
    }

    /// Whether it was called with a time.
    pub(super) fn is_timed(self) -> bool {
        self != Limit::None
    }

    /// The moment, if there is one that can come.
    pub(super) fn moment(self) -> Option<Instant> {
        match self {
            Limit::None => None,
            Limit::Until(moment) => moment,
        }
    }

    /// Whether it is over by now.
    pub(super) fn is_over(self) -> bool {
        self.moment().is_some_and(|moment| Instant::now() >= moment)
    }
}

/// A thread that has not ended.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) thread: ThreadRef,
    pub(super) doing: Doing,
    pub(super) place: Option<Place>,
    pub(super) has_token: bool,
    /// The operation that notified it last, and the one that put down the token that is there.
    pub(super) notified_by: Option<u64>,
    pub(super) token_by: Option<u64>,
}

/// Everything that blocks.
#[derive(Debug, Default)]
pub(super) struct Monitor {
    /// The threads that have not ended, by number.
    pub(super) live: BTreeMap<u64, Record>,
    /// Who holds which lock, by the lock's number, and since where.
    pub(super) owners: HashMap<u64, Owner>,
    /// The threads that have ended last.
    pub(super) ended: VecDeque<ThreadRef>,
    /// When the claim has to be over, if it has to.
    watched_until: Option<Instant>,
    arrivals: u64,
}

static MONITOR: Mutex<Option<Monitor>> = Mutex::new(None);

/// Told whenever a thread begins to wait or ends.
static SETTLED: Condvar = Condvar::new();

/// Operations of all threads so far.
static PROGRESS: AtomicU64 = AtomicU64::new(0);

static OBJECTS: AtomicU64 = AtomicU64::new(1);

/// How many objects of each kind were made at each place.
type MadeSoFar = BTreeMap<(Place, &'static str), usize>;

static MADE: Mutex<MadeSoFar> = Mutex::new(BTreeMap::new());

/// How many threads that have ended are remembered.
const ENDED: usize = 8;

/// The monitor, entered.
pub(super) struct Entered {
    guard: MutexGuard<'static, Option<Monitor>>,
}

/// Enters the monitor.
pub(super) fn enter() -> Entered {
    // No code of a subject runs inside, so nothing but heddle itself could have panicked there.
    let mut guard = MONITOR.lock().unwrap_or_else(PoisonError::into_inner);
    guard.get_or_insert_default();
    Entered { guard }
}

/// Says when the claim has to be over.
pub(crate) fn watch_until(deadline: Option<Instant>) {
    enter().watched_until = deadline;
}

/// How many operations there have been.
pub(crate) fn progress() -> u64 {
    // ORDERING: a number that is compared with an earlier one; it publishes nothing.
    PROGRESS.load(Ordering::Relaxed)
}

/// Counts an operation, and returns its number.
pub(super) fn count() -> u64 {
    // ORDERING: as in `progress`.
    PROGRESS.fetch_add(1, Ordering::Relaxed)
}

/// Begins another case: objects are counted anew.
#[cfg(feature = "property")]
pub(super) fn forget_objects() {
    made().clear();
}

fn made() -> MutexGuard<'static, MadeSoFar> {
    MADE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Object {
    pub(super) fn new(kind: &'static str, made: Place) -> Self {
        // ORDERING: only the numbers' difference counts.
        let number = OBJECTS.fetch_add(1, Ordering::Relaxed);
        let by = super::threads::current().number();
        let mut so_far = self::made();
        let count = so_far.entry((made, kind)).or_default();
        let nth = *count;
        *count += 1;
        Object {
            number,
            kind,
            made,
            by,
            nth,
        }
    }
}

impl std::ops::Deref for Entered {
    type Target = Monitor;

    fn deref(&self) -> &Monitor {
        self.guard.as_ref().expect("heddle: the monitor is there")
    }
}

impl std::ops::DerefMut for Entered {
    fn deref_mut(&mut self) -> &mut Monitor {
        self.guard.as_mut().expect("heddle: the monitor is there")
    }
}

impl Entered {
    /// Says that a thread begins something that may block.
    pub(super) fn begin(&mut self, me: &ThreadRef, doing: Doing, place: Place) {
        count();
        if let Some(record) = self.live.get_mut(&me.number()) {
            record.doing = doing;
            record.place = Some(place);
        }
        SETTLED.notify_all();
    }

    /// Says that a thread goes on.
    pub(super) fn end(&mut self, me: &ThreadRef) {
        count();
        if let Some(record) = self.live.get_mut(&me.number()) {
            record.doing = Doing::Running;
        }
    }

    /// Leaves the monitor until somebody wakes the thread, or until the limit is over.
    pub(super) fn sleep(self, me: &ThreadRef, limit: Limit) -> Self {
        let guard = match limit.moment() {
            None => me.wake().wait(self.guard),
            Some(moment) => {
                let left = moment.saturating_duration_since(Instant::now());
                me.wake()
                    .wait_timeout(self.guard, left)
                    .map(|(guard, _)| guard)
                    .map_err(|error| PoisonError::new(error.into_inner().0))
            }
        };
        Entered {
            guard: guard.unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Leaves the monitor until some thread begins to wait or ends.
    pub(super) fn until_settled(self) -> Self {
        let guard = SETTLED.wait(self.guard);
        Entered {
            guard: guard.unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Takes a lock, waiting for it if it is held.
    ///
    /// `back` is the condition variable that the thread comes back from, if it does.
    pub(super) fn acquire(
        mut self,
        me: &ThreadRef,
        lock: Object,
        place: Place,
        back: Option<Object>,
    ) {
        while let Some(&holder) = self.owners.get(&lock.number) {
            if !matches!(self.doing(me.number()), Some(Doing::Lock { .. })) {
                self.begin(me, Doing::Lock { lock }, place);
                me.note(Some(place), Action::Blocks { lock, holder });
            }
            self = self.sleep(me, Limit::None);
        }
        let action = match back {
            None => Action::Lock { lock },
            Some(queue) => {
                let record = self.live.get_mut(&me.number());
                let by = record.and_then(|record| record.notified_by.take());
                Action::Wake { queue, lock, by }
            }
        };
        let owner = Owner {
            thread: me.number(),
            place,
            number: me.note(Some(place), action),
        };
        self.owners.insert(lock.number, owner);
        self.end(me);
    }

    /// Gives a lock back and wakes those who wait for it.
    pub(super) fn release(&mut self, lock: Object) {
        count();
        self.owners.remove(&lock.number);
        self.wake_those(
            |record| matches!(record.doing, Doing::Lock { lock: wanted } if wanted.number == lock.number),
        );
    }

    /// Adds a thread.
    pub(super) fn add(&mut self, thread: ThreadRef) {
        let record = Record {
            thread: thread.clone(),
            doing: Doing::Running,
            place: None,
            has_token: false,
            notified_by: None,
            token_by: None,
        };
        self.live.insert(thread.number(), record);
    }

    /// Removes a thread that has ended.
    pub(super) fn remove(&mut self, thread: &ThreadRef) {
        thread.note(None, Action::End);
        if self.ended.len() == ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(thread.clone());
        self.live.remove(&thread.number());
        SETTLED.notify_all();
    }
}

impl Monitor {
    pub(super) fn doing(&self, thread: u64) -> Option<Doing> {
        self.live.get(&thread).map(|record| record.doing)
    }

    pub(super) fn next_arrival(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    pub(super) fn wake_those(&self, these: impl Fn(&Record) -> bool) {
        for record in self.live.values().filter(|record| these(record)) {
            record.thread.wake().notify_all();
        }
    }

    /// Whether a thread waits for something that it cannot bring about itself. Time can: a timed
    /// wait counts only for those who want to know whether the thread is blocked at all, or when
    /// it is longer than the claim may take.
    pub(super) fn is_blocked(&self, record: &Record, timed_counts: bool) -> bool {
        let counts = |limit| timed_counts || !self.is_over_in_time(limit);
        match record.doing {
            Doing::Lock { lock } => self.owners.contains_key(&lock.number),
            Doing::Wait {
                notified, limit, ..
            } => !notified && counts(limit),
            Doing::Park { limit } => !record.has_token && counts(limit),
            Doing::Join { thread } | Doing::EndScope { thread } => self.live.contains_key(&thread),
            Doing::Running | Doing::Sleep | Doing::UntilBlocked { .. } => false,
        }
    }

    /// Whether time ends such a wait before it ends the claim.
    fn is_over_in_time(&self, limit: Limit) -> bool {
        match (limit, self.watched_until) {
            (Limit::None, _) => false,
            (Limit::Until(_), None) => true,
            (Limit::Until(moment), Some(end)) => moment.is_some_and(|moment| moment < end),
        }
    }
}
