//! A schedule that is run again: whose turn it is at each operation is known beforehand.
//!
//! A thread whose turn it is not lets the others go first, in front of its operation. Where the
//! program has changed since the turns were written down, the thread whose turn it is may have
//! ended, or wait for something that does not come: then everybody runs free from there on.

use std::cell::Cell;

use super::event::{Action, Intent, ThreadIndex};
use super::log::Log;
use super::world::{self, World};

/// How often in a row a thread lets others go first, though nobody does anything.
const PATIENCE: u32 = 48;

/// One thread's turn: so many steps in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) thread: ThreadIndex,
    pub(super) steps: u32,
}

/// Whose turn it is, from the beginning of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turns(pub(super) Vec<Turn>);

/// How far a schedule that is run again has come.
#[derive(Debug, Default)]
pub(super) struct Guide {
    all: Turns,
    /// What is left of each turn; a step may come before its thread's turn does.
    left: Vec<Turn>,
    next: usize,
    /// Whether the turns are used up, or do not fit the program.
    is_free: bool,
    has_diverged: bool,
    /// The thread of the last step.
    last: Option<ThreadIndex>,
    /// The thread that was seen to go on after it.
    next_seen: Option<ThreadIndex>,
    /// How often a thread went on though the one before it could have.
    preemptions: usize,
}

thread_local! {
    /// Whether the world has a guide: each operation asks.
    static IS_GUIDED: Cell<bool> = const { Cell::new(false) };
}

impl Turns {
    /// The turns that a schedule has had.
    ///
    /// That a thread found a lock held is no step of a turn: in another order it may not.
    pub(super) fn of(log: &Log) -> Self {
        let steps = log.iter().map(|(_, event)| event);
        let done = steps.filter(|event| !matches!(event.action, Action::Blocks { .. }));
        Turns::tidy(done.map(|event| Turn {
            thread: event.thread,
            steps: 1,
        }))
    }

    /// Other orders of these turns that might do the same with fewer of them, the boldest first.
    pub(super) fn shorter(&self) -> Vec<Turns> {
        let turns = &self.0;
        let mut shorter = Vec::new();
        for (index, turn) in turns.iter().enumerate() {
            // Without this turn: perhaps it makes no difference.
            let others = turns
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            shorter.push(Turns::tidy(others.map(|(_, turn)| *turn)));
            let Some(next) =
                (index + 1..turns.len()).find(|next| turns[*next].thread == turn.thread)
            else {
                continue;
            };
            let (before, between) = (&turns[..index], &turns[index + 1..next]);
            let (both, after) = (&[*turn, turns[next]], &turns[next + 1..]);
            shorter.push(Turns::tidy([before, both, between, after].concat()));
            shorter.push(Turns::tidy([before, between, both, after].concat()));
        }
        shorter.sort_by_key(|turns| turns.0.len());
        shorter
    }

    /// The turns without empty ones, and with neighbours of one thread made one.
    fn tidy(turns: impl IntoIterator<Item = Turn>) -> Self {
        let mut tidy: Vec<Turn> = Vec::new();
        for turn in turns.into_iter().filter(|turn| turn.steps > 0) {
            match tidy.last_mut() {
                Some(last) if last.thread == turn.thread => last.steps += turn.steps,
                _ => tidy.push(turn),
            }
        }
        Turns(tidy)
    }
}

impl Guide {
    pub(super) fn new(turns: Turns) -> Self {
        let left = turns.0.clone();
        Guide {
            all: turns,
            left,
            ..Guide::default()
        }
    }

    /// Begins the schedule again.
    pub(super) fn restart(&mut self) {
        *self = Guide::new(std::mem::take(&mut self.all));
        self.skip_empty();
    }

    /// Whether threads are held back.
    pub(super) fn is_steering(&self) -> bool {
        !self.is_free
    }

    /// How many preemptions there were; rather one too many than one too few.
    pub(super) fn preemptions(&self) -> usize {
        self.preemptions
    }

    /// Notes a step.
    fn step(&mut self, thread: ThreadIndex) {
        self.last = Some(thread);
        self.next_seen = None;
        if self.is_free {
            return;
        }
        let later = self.left[self.next..].iter_mut();
        let mut of_thread = later.filter(|turn| turn.thread == thread && turn.steps > 0);
        if let Some(turn) = of_thread.next() {
            turn.steps -= 1;
        }
        self.skip_empty();
    }

    fn skip_empty(&mut self) {
        while self.left.get(self.next).is_some_and(|turn| turn.steps == 0) {
            self.next += 1;
        }
        self.is_free |= self.next == self.left.len();
    }

    /// The thread whose turn it is.
    fn turn(&self) -> Option<ThreadIndex> {
        let turn = self.left.get(self.next).filter(|_| !self.is_free)?;
        Some(turn.thread)
    }

    /// Lets everybody run: the turns do not fit the program.
    pub(super) fn diverge(&mut self) {
        self.is_free = true;
        self.has_diverged = true;
    }

    /// Whether the program is another one than the turns were written down for.
    pub(super) fn has_diverged(&self) -> bool {
        // Turns that are left over belong to threads that have done less than they did then.
        self.has_diverged || !self.is_free
    }
}

/// Waits in front of an operation until it is the running thread's turn.
pub(super) fn gate(me: ThreadIndex) {
    if IS_GUIDED.get() {
        wait_for_turn(me);
    }
}

/// Says whether the schedules to come are run again from their turns.
pub(super) fn set(guide: Option<Guide>) -> Option<Guide> {
    IS_GUIDED.set(guide.is_some());
    world::with(|world| std::mem::replace(&mut world.guide, guide))
}

fn wait_for_turn(me: ThreadIndex) {
    let mut idle = 0;
    let mut steps = usize::MAX;
    while !world::with(|world| world.may_go(me)) {
        let now = world::with(|world| {
            // A thread that spins must not think that nobody else does anything.
            world.operations += 1;
            world.log.len()
        });
        idle = if now == steps { idle + 1 } else { 0 };
        steps = now;
        if idle > PATIENCE {
            world::with(|world| world.guide.iter_mut().for_each(Guide::diverge));
        } else {
            world::yield_unexplored(me);
        }
    }
    world::with(|world| world.goes_on(me));
}

impl World {
    /// Whether nobody else has to go first.
    fn may_go(&mut self, me: ThreadIndex) -> bool {
        let Some(guide) = &mut self.guide else {
            return true;
        };
        match guide.turn() {
            None => true,
            Some(thread) if thread == me => true,
            Some(thread) => {
                let has_ended = self
                    .threads
                    .get(usize::from(thread))
                    .is_some_and(|it| it.done);
                if has_ended {
                    guide.diverge();
                }
                has_ended
            }
        }
    }

    /// Notes that a thread goes on, and whether the one before it could have.
    fn goes_on(&mut self, me: ThreadIndex) {
        let Some(guide) = &self.guide else { return };
        let Some(last) = guide
            .last
            .filter(|last| *last != me && guide.next_seen != Some(me))
        else {
            return;
        };
        let could = !self.threads[usize::from(last)].done
            && !self.is_blocked(last)
            && !matches!(
                self.intent(last),
                Some(Intent::Spin | Intent::UntilBlocked(_))
            );
        if let Some(guide) = &mut self.guide {
            guide.next_seen = Some(me);
            guide.preemptions += usize::from(could);
        }
    }

    /// Notes a step of a schedule that is run again.
    pub(super) fn note_step(&mut self, thread: ThreadIndex) {
        if self.guide.is_some() {
            self.goes_on(thread);
            self.guide.iter_mut().for_each(|guide| guide.step(thread));
        }
    }

    /// Whether a schedule is run again, and threads are held back for it.
    pub(super) fn is_steered(&self) -> bool {
        self.guide.as_ref().is_some_and(Guide::is_steering)
    }
}
