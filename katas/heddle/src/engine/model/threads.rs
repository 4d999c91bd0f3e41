//! The threads of a schedule.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};

use super::event::{Action, Intent, MAX_THREADS, ThreadIndex};
use super::life::{Locals, locals};
use super::world::{self, ThreadData, World};
use super::{abandon, failure, guide, parking};
use crate::claim::record::Limit;
use crate::engine::Place;

/// The size of a spawned thread's stack, in machine words; loom's default overflows early.
const STACK_WORDS: usize = 0x4000;

/// A handle to a thread.
#[derive(Clone)]
pub(crate) struct ThreadRef {
    shared: Arc<Shared>,
}

struct Shared {
    index: ThreadIndex,
    name: Option<String>,
    token: loom::sync::atomic::AtomicBool,
    /// Whether the thread has ended, where the claim was seen to ask.
    ended: Option<loom::sync::atomic::AtomicBool>,
}

/// The right to wait for a thread's end.
pub(crate) struct Joiner {
    handle: loom::thread::JoinHandle<()>,
    thread: ThreadRef,
}

impl ThreadRef {
    /// The thread's number, from 1, the same in every schedule.
    pub(crate) fn number(&self) -> u64 {
        u64::from(self.shared.index) + 1
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.shared.name.as_deref()
    }

    pub(crate) fn unpark(&self, place: Place) {
        parking::unpark(self, place);
    }

    pub(crate) fn is_finished(&self, _place: Place) -> bool {
        let me = world::current();
        world::with(|world| world.observed.ends = true);
        if let Some(ended) = &self.shared.ended {
            ended.fetch_or(false, Acquire);
            world::settle(me);
        }
        world::with(|world| world.thread(self.shared.index).done)
    }

    pub(super) fn index(&self) -> ThreadIndex {
        self.shared.index
    }

    pub(super) fn token(&self) -> &loom::sync::atomic::AtomicBool {
        &self.shared.token
    }
}

/// The thread that runs.
pub(crate) fn current() -> ThreadRef {
    let me = world::current();
    world::with(|world| world.thread(me).reference.clone())
}

/// Enters the claim's own thread at the beginning of a schedule.
pub(super) fn enter_main() {
    add(Some("main".to_owned()), None);
    let coroutine = loom::thread::current();
    world::with(|world| world.thread(0).coroutine = Some(coroutine));
}

/// Ends the running thread, but for loom's part.
pub(super) fn end() {
    locals::destroy();
    let me = world::current();
    if abandon::is_abandoned() {
        abandon::unwind();
    }
    if let Some(ended) = &current().shared.ended {
        guide::gate(me);
        ended.swap(true, Release);
        world::settle(me);
    }
    world::with(|world| {
        world.changed(me);
        world.operations += 1;
        world.thread(me).done = true;
        world.push(me, None, Action::End);
    });
    failure::look_for_deadlock();
}

pub(crate) fn spawn(
    name: Option<String>,
    _stack_size: Option<usize>,
    body: Box<dyn FnOnce() + Send>,
    place: Place,
) -> io::Result<Joiner> {
    if abandon::leaving() {
        return Err(io::Error::other("the schedule is being left"));
    }
    let me = world::current();
    guide::gate(me);
    if world::with(|world| world.threads.len()) == MAX_THREADS {
        failure::fail_limit(
            Limit::Threads,
            &format!("a schedule has at most {MAX_THREADS} threads, the claim's own included"),
            Some(place),
        );
    }
    let thread = add(name, Some((me, place)));
    let child = thread.index();
    world::with(|world| world.push(me, Some(place), Action::Spawn { child }));
    let run = move || {
        abandon::run_thread(child, move || {
            world::settle(child);
            let coroutine = loom::thread::current();
            world::with(|world| world.thread(child).coroutine = Some(coroutine));
            body();
            end();
        });
    };
    let handle = loom::thread::Builder::new()
        .stack_size(STACK_WORDS)
        .spawn(run)?;
    Ok(Joiner { handle, thread })
}

impl Joiner {
    pub(crate) fn thread(&self) -> ThreadRef {
        self.thread.clone()
    }

    pub(crate) fn join(self, place: Place) {
        let child = self.thread.index();
        self.wait(Intent::Join(child), place);
    }

    pub(crate) fn join_at_scope_end(self, place: Place) {
        let child = self.thread.index();
        self.wait(Intent::EndScope(child), place);
    }

    fn wait(self, intent: Intent, place: Place) {
        if abandon::leaving() {
            return;
        }
        let child = self.thread.index();
        let me = world::begin(intent, place);
        failure::look_for_deadlock();
        let ended = self.handle.join();
        world::settle(me);
        world::with(|world| world.push(me, Some(place), Action::Join { child }));
        assert!(ended.is_ok(), "heddle: a thread of the model has panicked");
    }
}

/// Adds a thread to the schedule, with a token that is made before the thread is.
fn add(name: Option<String>, spawned: Option<(ThreadIndex, Place)>) -> ThreadRef {
    let token = loom::sync::atomic::AtomicBool::new(false);
    let asked = world::with(|world| world.respected.ends);
    let ended = asked.then(|| loom::sync::atomic::AtomicBool::new(false));
    world::with(|world| {
        let index = ThreadIndex::try_from(world.threads.len()).expect("heddle: too many threads");
        super::activity::enter(index, name.as_deref());
        let shared = Shared {
            index,
            name,
            token,
            ended,
        };
        let reference = ThreadRef {
            shared: Arc::new(shared),
        };
        world
            .threads
            .push(ThreadData::new(reference.clone(), spawned));
        world.most_threads = world.most_threads.max(world.threads.len());
        reference
    })
}

impl ThreadData {
    fn new(reference: ThreadRef, spawned: Option<(ThreadIndex, Place)>) -> Self {
        ThreadData {
            reference,
            coroutine: None,
            spawned,
            intent: None,
            done: false,
            asleep: false,
            woken: false,
            notified_by: None,
            token_by: None,
            timed_operations: 0,
            did_seq_cst: false,
            own_changes: 0,
            seen_changes: 0,
            saw_stale: false,
            idle_spins: (0, 0),
            same_look: (0, 0, 0),
            awaited: 0,
            drop_depth: 0,
            locals: Locals::default(),
        }
    }
}

impl World {
    /// What a report calls a thread.
    pub(super) fn thread_name(&self, thread: ThreadIndex) -> String {
        let data = self.threads.get(usize::from(thread));
        data.and_then(|data| data.reference.name())
            .map_or_else(|| format!("thread-{thread}"), str::to_owned)
    }
}
