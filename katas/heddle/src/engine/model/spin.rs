//! Loops that wait by looking: they are not run again until something has changed.

use super::abandon;
use super::event::{Intent, ObjectId, ThreadIndex};
use super::failure;
use super::threads::ThreadRef;
use super::world::{self, World};
use crate::claim::record::Kind;
use crate::engine::Place;

/// How often in a row a thread may go on from a spin though nothing has changed and nobody else
/// can run. Who spins for a while before it sleeps must be let go, and a hundred spins are usual; a
/// loop that waits comes back for ever.
const IDLE_SPINS: u32 = 200;

/// How many of them are explored. With no change to see, further looks of threads that spin come to the
/// same in whatever order they are made: no more than a count in each of them tells them apart.
const EXPLORED_SPINS: u32 = 12;

/// How many times a spin is let go first, and nobody does anything, before it goes on. Each of the
/// others may spin too, and have its turn before this thread has.
const SPIN_ROUNDS: u32 = 8;

/// The same for one that waits until another is blocked: a spin of that one is over before.
const AWAIT_ROUNDS: u32 = 4 * SPIN_ROUNDS;

/// How many looks in a row at the same value of the same word count as spinning.
const SAME_LOOKS: u32 = 12;

const SPINS_INSTEAD: &str =
    "the thread that should block spins instead, and nothing can change any more";

pub(crate) fn yield_now(place: Place) {
    spin(place);
}

pub(crate) fn spin_loop(place: Place) {
    spin(place);
}

/// Takes a look that found what the last ones found for a loop that spins without saying so.
pub(super) fn after_look(me: ThreadIndex, word: ObjectId, value: u64, place: Place) {
    let spins = world::with(|world| {
        let look = &mut world.thread(me).same_look;
        if (look.0, look.1) == (word, value) {
            look.2 += 1;
        } else {
            *look = (word, value, 0);
        }
        look.2 >= SAME_LOOKS
    });
    if spins {
        spin(place);
    }
}

/// Whether a thread that looks at a word is one of those that spin while nobody else can run.
pub(super) fn looks_in_vain(me: ThreadIndex) -> bool {
    world::with(|world| world.is_known_idle() && world.times_idle(me) > EXPLORED_SPINS)
}

fn spin(place: Place) {
    if abandon::leaving() {
        return;
    }
    let me = world::current();
    world::with(|world| world.thread(me).intent = Some((Intent::Spin, Some(place))));
    let mut rounds = Rounds::default();
    loop {
        world::yield_unexplored(me);
        if world::with(|world| world.has_news(me)) {
            break;
        }
        let is_idle =
            world::with(|world| world.is_known_idle()) || rounds.nobody_else_ran(SPIN_ROUNDS);
        if is_idle {
            if world::with(|world| world.go_on_idle(me)) > IDLE_SPINS {
                let message = if world::with(|world| world.thread(me).awaited > 0) {
                    SPINS_INSTEAD
                } else {
                    "every thread that is left only spins, and nothing can change any more"
                };
                failure::fail(Kind::Livelock, message);
            }
            break;
        }
    }
    world::with(|world| world.thread(me).intent = None);
}

/// Lets others run until a thread is blocked or has ended.
pub(crate) fn until_blocked(thread: &ThreadRef, place: Place) {
    if abandon::leaving() {
        return;
    }
    let (me, target) = (world::current(), thread.index());
    world::with(|world| {
        world.thread(me).intent = Some((Intent::UntilBlocked(target), Some(place)));
        world.thread(target).awaited += 1;
    });
    let mut rounds = Rounds::default();
    while !world::with(|world| world.is_blocked(target) || world.thread(target).done) {
        world::yield_unexplored(me);
        if rounds.nobody_else_ran(AWAIT_ROUNDS) {
            failure::fail(Kind::Livelock, SPINS_INSTEAD);
        }
    }
    world::with(|world| {
        world.thread(target).awaited -= 1;
        world.thread(me).intent = None;
    });
}

/// Counts the times that a thread was let go first and did nothing.
#[derive(Default)]
struct Rounds {
    operations: u64,
    idle: u32,
}

impl Rounds {
    fn nobody_else_ran(&mut self, most: u32) -> bool {
        let (operations, is_steered) = world::with(|world| (world.operations, world.is_steered()));
        // Who is held back for a schedule that is run again will run, sooner or later.
        if operations == self.operations && !is_steered {
            self.idle += 1;
        } else {
            self.operations = operations;
            self.idle = 0;
        }
        self.idle > most
    }
}

impl World {
    /// Notes that a thread has changed something that another could be waiting to see.
    pub(super) fn changed(&mut self, by: ThreadIndex) {
        self.changes += 1;
        self.log_at_change = self.log.len();
        self.thread(by).own_changes += 1;
    }

    /// Whether it has been found that only spinning threads are left, and nothing has changed since.
    ///
    /// One turn for the others is enough then: whoever is not spinning runs before those who yield.
    fn is_known_idle(&self) -> bool {
        self.idle_since == Some(self.changes) && !self.is_steered()
    }

    /// How often in a row a thread has gone on from a spin since it changed something itself.
    fn times_idle(&mut self, me: ThreadIndex) -> u32 {
        let thread = self.thread(me);
        let (own_changes, times) = thread.idle_spins;
        match own_changes == thread.own_changes {
            true => times,
            false => 0,
        }
    }

    /// Lets a thread go on from a spin, and returns how often in a row that was so.
    fn go_on_idle(&mut self, me: ThreadIndex) -> u32 {
        self.idle_since = Some(self.changes);
        let times = self.times_idle(me) + 1;
        let thread = self.thread(me);
        thread.idle_spins = (thread.own_changes, times);
        times
    }

    /// Whether a spinning thread could see something new: another thread has changed something,
    /// or its own last look was at an overwritten value.
    fn has_news(&mut self, me: ThreadIndex) -> bool {
        let changes = self.changes;
        let thread = self.thread(me);
        let by_others = changes - thread.own_changes;
        let news = by_others != thread.seen_changes || std::mem::take(&mut thread.saw_stale);
        if news {
            thread.seen_changes = by_others;
            thread.idle_spins.1 = 0;
            thread.same_look.2 = 0;
        }
        news
    }
}
