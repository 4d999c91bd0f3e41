//! Everything that is known of the schedule that runs.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::time::Duration;

use super::abandon;
use super::event::{Action, Event, Intent, MAX_THREADS, ObjectId, Owner, StepNumber, ThreadIndex};
use super::faults::{Fault, Sites};
use super::guide::{self, Guide};
use super::heap::Heap;
use super::life::Locals;
use super::log::Log;
use super::retell;
use super::threads::ThreadRef;
use crate::engine::{Place, WordFormat};

/// How the operations of a schedule are issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pass {
    /// All threads see one memory: only the interleaving counts.
    #[default]
    Sequential,
    /// Every operation has the ordering that the subject gave it.
    Orderings,
}

/// What a claim may depend on that costs too much to model where nobody looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dependence {
    /// How many owners an `Arc` has.
    pub(super) counts: bool,
    /// Whether a thread that nobody joins has ended yet.
    pub(super) ends: bool,
    /// The order of `fence(SeqCst)` and `SeqCst` operations.
    pub(super) seq_cst_fences: bool,
}

/// The schedule that runs, and what has been learnt from those before it.
#[derive(Default)]
pub(super) struct World {
    /// Whether a schedule runs on this OS thread.
    pub(super) running: bool,
    pub(super) grader: Option<crate::claim::grader::Grader>,
    pub(super) rung: String,
    pub(super) pass: Pass,
    pub(super) fault: Option<Fault>,
    pub(super) sites: Sites,
    /// How a schedule that is run again goes.
    pub(super) guide: Option<Guide>,
    pub(super) preemptions: Option<usize>,
    /// The schedules of the present search, and those of the searches before it.
    pub(super) schedules: u64,
    pub(super) schedules_before: u64,
    /// Whether all threads of the schedule have ended, and what they left was looked at.
    pub(super) has_ended: bool,
    pub(super) most_threads: usize,
    /// What the claim was seen to depend on so far.
    pub(super) observed: Dependence,
    /// What the present search takes into account; it must not change within a search.
    pub(super) respected: Dependence,
    pub(super) log: Log,
    pub(super) objects: Vec<Object>,
    pub(super) threads: Vec<ThreadData>,
    pub(super) heap: Heap,
    pub(super) clock: Duration,
    pub(super) clock_point: Option<std::rc::Rc<loom::sync::Condvar>>,
    /// Changes that another thread could see.
    pub(super) changes: u64,
    /// At which of them it was found that only spinning threads were left.
    pub(super) idle_since: Option<u64>,
    /// The length of the log at the last change.
    pub(super) log_at_change: usize,
    /// Operations begun by any thread.
    pub(super) operations: u64,
}

/// A lock, a condition variable, an atomic, a cell, a node or an `Arc`.
pub(super) struct Object {
    pub(super) kind: &'static str,
    pub(super) place: Place,
    pub(super) by: ThreadIndex,
    pub(super) state: ObjectState,
}

/// What there is to know of an object besides where it was made.
pub(super) enum ObjectState {
    Lock {
        owner: Option<Owner>,
    },
    Queue {
        waiting: VecDeque<ThreadIndex>,
    },
    Word {
        format: WordFormat,
        initial: u64,
        newest: u64,
        /// The values since the last sequentially consistent store, that one included.
        since_seq_cst: Option<Vec<u64>>,
    },
    Cell(Accesses),
    Counted {
        live: usize,
    },
}

/// The last accesses to a cell or node.
#[derive(Default)]
pub(super) struct Accesses {
    /// The last write of each thread.
    pub(super) writes: [Option<Access>; MAX_THREADS],
    /// The last read of each thread.
    pub(super) reads: [Option<Access>; MAX_THREADS],
}

/// One access to a cell or node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) place: Option<Place>,
    pub(super) step: StepNumber,
}

/// One thread of the schedule.
pub(super) struct ThreadData {
    pub(super) reference: ThreadRef,
    pub(super) coroutine: Option<loom::thread::Thread>,
    /// Who made it, and where; nobody made the claim's own thread.
    pub(super) spawned: Option<(ThreadIndex, Place)>,
    pub(super) intent: Option<(Intent, Option<Place>)>,
    pub(super) done: bool,
    /// Whether it is blocked in loom's `park`, for a condition variable or for `park`.
    pub(super) asleep: bool,
    /// Whether what it sleeps for has come.
    pub(super) woken: bool,
    /// The step that notified it last.
    pub(super) notified_by: Option<StepNumber>,
    /// The step that put down the token that is there.
    pub(super) token_by: Option<StepNumber>,
    pub(super) timed_operations: u32,
    pub(super) did_seq_cst: bool,
    /// Changes made by this thread itself.
    pub(super) own_changes: u64,
    /// Changes by others that a spin of this thread has seen.
    pub(super) seen_changes: u64,
    pub(super) saw_stale: bool,
    /// The thread's own changes at its last idle spin, and how many came in a row.
    pub(super) idle_spins: (u64, u32),
    /// The word and value of the last look, and how often in a row it was the same.
    pub(super) same_look: (ObjectId, u64, u32),
    /// How many threads wait until this one is blocked.
    pub(super) awaited: u32,
    pub(super) drop_depth: u32,
    pub(super) locals: Locals,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::default());
    static CURRENT: Cell<ThreadIndex> = const { Cell::new(0) };
    /// Whether a thread that spins has stopped the exploration; whoever runs next resumes it.
    static UNEXPLORED: Cell<bool> = const { Cell::new(false) };
}

/// Calls `f` with the world. `f` must not call into loom.
pub(super) fn with<R>(f: impl FnOnce(&mut World) -> R) -> R {
    f(&mut borrowed())
}

/// Apart from [`with`], so that it is not compiled once more for every closure.
#[inline(never)]
fn borrowed() -> RefMut<'static, World> {
    let world = WORLD.with(std::ptr::from_ref);
    // SAFETY: the world lives as long as its OS thread, on which the caller is; `with`, the one caller,
    // lets go of it before it returns.
    unsafe { &*world }.borrow_mut()
}

/// The world, for a report on the schedule that runs; `None` when none does.
///
/// Whoever has borrowed the world is a frame below a panic; it stands still meanwhile.
pub(super) fn for_report() -> Option<&'static World> {
    WORLD.with(|world| {
        // SAFETY: the world lives as long as its OS thread, on which the caller is; a report reads
        // it while all frames that could change it wait for the report's end.
        let world = unsafe { &*world.as_ptr() };
        world.running.then_some(world)
    })
}

/// The thread that runs.
pub(super) fn current() -> ThreadIndex {
    CURRENT.get()
}

/// Says which thread goes on, after a call into loom that may have switched.
///
/// Does not return if the schedule has been left meanwhile.
pub(super) fn settle(me: ThreadIndex) {
    resume(me);
    if abandon::is_abandoned() && !std::thread::panicking() {
        abandon::unwind();
    }
}

/// Says which thread goes on, whatever has become of the schedule.
pub(super) fn resume(me: ThreadIndex) {
    CURRENT.set(me);
    if UNEXPLORED.replace(false) {
        loom::explore();
    }
}

/// Makes the next call into loom no choice to explore.
pub(super) fn stop_exploring() {
    UNEXPLORED.set(true);
    loom::stop_exploring();
}

/// Lets other threads go first, without that being a choice to explore.
pub(super) fn yield_unexplored(me: ThreadIndex) {
    stop_exploring();
    loom::thread::yield_now();
    settle(me);
}

/// Notes what the running thread is about to do, and returns the thread.
pub(super) fn begin(intent: Intent, place: impl Into<Option<Place>>) -> ThreadIndex {
    let (me, place) = (current(), place.into());
    guide::gate(me);
    super::activity::note(me, place);
    with(|world| {
        world.operations += 1;
        world.thread(me).intent = Some((intent, place));
    });
    me
}

/// Makes an object of the schedule.
pub(super) fn new_object(kind: &'static str, place: Place, state: ObjectState) -> ObjectId {
    with(|world| {
        let id = ObjectId::try_from(world.objects.len()).expect("heddle: too many objects");
        let by = current();
        world.objects.push(Object {
            kind,
            place,
            by,
            state,
        });
        id
    })
}

impl World {
    /// Forgets the last schedule and begins another.
    pub(super) fn clear(&mut self) {
        self.running = true;
        self.has_ended = false;
        self.schedules += 1;
        self.log.clear();
        retell::forget();
        self.objects.clear();
        self.threads.clear();
        self.heap.clear();
        self.clock = Duration::ZERO;
        self.clock_point = None;
        self.changes = 0;
        self.idle_since = None;
        self.log_at_change = 0;
        self.operations = 0;
        self.sites.begin_schedule();
        self.guide.iter_mut().for_each(Guide::restart);
        abandon::clear();
        CURRENT.set(0);
        UNEXPLORED.set(false);
    }

    pub(super) fn thread(&mut self, thread: ThreadIndex) -> &mut ThreadData {
        &mut self.threads[usize::from(thread)]
    }

    pub(super) fn object(&mut self, object: ObjectId) -> &mut Object {
        self.objects
            .get_mut(object as usize)
            .expect("an object of an earlier schedule is used: make objects inside the claim")
    }

    /// Notes an effect, and returns which step it is.
    pub(super) fn push(
        &mut self,
        thread: ThreadIndex,
        place: Option<Place>,
        action: Action,
    ) -> StepNumber {
        self.threads[usize::from(thread)].intent = None;
        self.note_step(thread);
        let step = self.log.push(Event {
            thread,
            place,
            action,
            time: None,
        });
        retell::note(step);
        step
    }

    /// Notes an effect that is about a time: the limit of a wait, or how long it has lasted.
    pub(super) fn push_timed(
        &mut self,
        thread: ThreadIndex,
        place: Place,
        action: Action,
        time: Option<Duration>,
    ) -> StepNumber {
        let step = self.push(thread, Some(place), action);
        if let Some(time) = time {
            self.log.time_last(time);
        }
        step
    }

    /// Notes that a thread finds the lock held that it wants, and has to wait; that is no step of
    /// a turn. Returns whether it is so.
    pub(super) fn push_if_blocked(
        &mut self,
        thread: ThreadIndex,
        lock: ObjectId,
        place: Place,
    ) -> bool {
        let Some(holder) = self.owner(lock) else {
            return false;
        };
        let step = self.log.push(Event {
            thread,
            place: Some(place),
            action: Action::Blocks { lock, holder },
            time: None,
        });
        retell::note(step);
        true
    }

    /// What a thread is about to do.
    pub(super) fn intent(&self, thread: ThreadIndex) -> Option<Intent> {
        let data = self.threads.get(usize::from(thread))?;
        data.intent.map(|(intent, _)| intent)
    }

    pub(super) fn owner(&self, lock: ObjectId) -> Option<Owner> {
        match self.objects.get(lock as usize)?.state {
            ObjectState::Lock { owner } => owner,
            _ => None,
        }
    }

    /// The threads that wait in a queue.
    pub(super) fn waiting(&mut self, queue: ObjectId) -> &mut VecDeque<ThreadIndex> {
        match &mut self.object(queue).state {
            ObjectState::Queue { waiting } => waiting,
            _ => unreachable!("heddle: a queue has the state of another object"),
        }
    }

    /// Whether a thread is blocked in something that it cannot leave by itself.
    pub(super) fn is_blocked(&self, thread: ThreadIndex) -> bool {
        let data = &self.threads[usize::from(thread)];
        match data.intent {
            Some((Intent::Lock(lock), _)) => self.owner(lock).is_some(),
            Some((Intent::Wait { .. } | Intent::Park { .. }, _)) => data.asleep && !data.woken,
            Some((Intent::Join(other) | Intent::EndScope(other), _)) => {
                !self.threads[usize::from(other)].done
            }
            _ => false,
        }
    }

    /// Whether every thread that has not ended waits for something that cannot come any more.
    ///
    /// A thread in a timed wait goes on by itself.
    pub(super) fn is_deadlocked(&self) -> bool {
        let mut live = (0..)
            .zip(&self.threads)
            .filter(|(_, thread)| !thread.done)
            .peekable();
        live.peek().is_some()
            && live.all(|(index, thread)| {
                let is_timed = match thread.intent {
                    Some((Intent::Wait { timed, .. } | Intent::Park { timed }, _)) => timed,
                    _ => false,
                };
                !is_timed && self.is_blocked(index)
            })
    }

    /// The live counts by object, for the search for leaks.
    pub(super) fn leaked(&self) -> Option<ObjectId> {
        (0..)
            .zip(&self.objects)
            .find(|(_, object)| matches!(object.state, ObjectState::Counted { live } if live > 0))
            .map(|(id, _)| id)
    }
}
