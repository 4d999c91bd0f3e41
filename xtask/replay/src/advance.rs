//! How one step changes the state.

use heddle_terms::record::{Blocked, Counterexample, Holder, Inside, Op, Step};

use crate::state::{ObjectState, State, Status, Touch};

/// The state after that step, the one of that number.
pub(crate) fn advance(state: &mut State, step: &Step, number: usize) {
    let thread = step.thread;
    let touch = Touch {
        thread,
        step: number,
    };
    // Whatever a thread was doing, it goes on now.
    leave_queues(state, thread);
    let own = &mut state.threads[thread];
    own.status = Status::Running;
    if step.at.is_some() {
        own.at = step.at;
    }
    for object in &mut state.objects {
        object.stale = None;
    }
    match &step.op {
        Op::Spawn { .. }
        | Op::Join { .. }
        | Op::End {}
        | Op::Park { .. }
        | Op::Unparked { .. }
        | Op::Unpark { .. }
        | Op::Panic { .. } => threads(state, thread, &step.op, number),
        Op::Lock { .. }
        | Op::Blocks { .. }
        | Op::Unlock { .. }
        | Op::Wait { .. }
        | Op::Leave { .. }
        | Op::Wake { .. }
        | Op::Notify { .. } => locks(state, touch, &step.op),
        op => memory(state, touch, op),
    }
    if let Op::Unlock { object } | Op::Wait { lock: object, .. } = step.op {
        let known = &mut state.objects[object].value;
        match (&step.value_left, step.only_looked) {
            (Some(value), _) => *known = Some(value.clone()),
            (None, true) => {}
            (None, false) => *known = None,
        }
    }
}

/// The state at the end: what the record says of each thread that had not ended.
pub(crate) fn conclude(state: &mut State, record: &Counterexample) {
    for blocked in &record.blocked {
        let own = &mut state.threads[blocked.thread];
        own.at = blocked.at.or(own.at);
        own.status = last(blocked, &own.status);
        let queue = matches!(blocked.inside, Inside::Lock | Inside::Wait);
        if let (true, Some(object)) = (queue, blocked.object) {
            let waiters = &mut state.objects[object].waiters;
            if !waiters.contains(&blocked.thread) {
                waiters.push(blocked.thread);
            }
        }
    }
    if let Some(thread) = record.failure.thread {
        let own = &mut state.threads[thread];
        own.at = record.failure.at.or(own.at);
        if own.status != Status::Panicked && !own.status.is_stuck() {
            own.status = Status::Failed;
        }
    }
}

/// What a thread that has not ended is doing at the end.
fn last(blocked: &Blocked, before: &Status) -> Status {
    match (blocked.inside, blocked.object, blocked.target) {
        (Inside::Lock, Some(object), _) => match blocked.holder {
            Some(holder) => Status::Blocked { object, holder },
            None => Status::Free { object },
        },
        (Inside::Wait, Some(object), _) => match before {
            Status::Waiting { .. } => before.clone(),
            // The step that began this wait was not kept, and with it the lock.
            _ => Status::Waiting {
                object,
                lock: object,
                timed: blocked.timed,
            },
        },
        (Inside::Park, _, _) => Status::Parked {
            timed: blocked.timed,
        },
        (Inside::Join | Inside::EndScope, _, Some(child)) => Status::Joining { child },
        (Inside::Next, _, _) => Status::Next {
            doing: blocked.doing.clone(),
        },
        (inside, _, _) => Status::Last(inside),
    }
}

fn leave_queues(state: &mut State, thread: usize) {
    for object in &mut state.objects {
        object.waiters.retain(|waiter| *waiter != thread);
    }
}

fn threads(state: &mut State, thread: usize, op: &Op, number: usize) {
    match op {
        Op::Spawn { child } => state.threads[*child].status = Status::Running,
        Op::Join { child } if state.threads[*child].status != Status::Ended => {
            state.threads[thread].status = Status::Joining { child: *child };
        }
        Op::End {} => {
            state.threads[thread].status = Status::Ended;
            let joining = Status::Joining { child: thread };
            for other in &mut state.threads {
                if other.status == joining {
                    other.status = Status::Running;
                }
            }
        }
        Op::Park { timed } => state.threads[thread].status = Status::Parked { timed: *timed },
        Op::Unparked { why, .. } => {
            let own = &mut state.threads[thread];
            own.token = false;
            own.status = Status::Up(*why);
        }
        Op::Unpark { target } => {
            let other = &mut state.threads[*target];
            if matches!(other.status, Status::Parked { .. }) {
                other.status = Status::Unparked { by: number };
            } else if other.status != Status::Ended {
                other.token = true;
            }
        }
        Op::Panic { .. } => state.threads[thread].status = Status::Panicked,
        _ => {}
    }
}

fn locks(state: &mut State, touch: Touch, op: &Op) {
    let thread = touch.thread;
    match op {
        Op::Lock { object } => taken(state, *object, touch),
        Op::Blocks { object, holder } => {
            state.objects[*object].waiters.push(thread);
            state.threads[thread].status = Status::Blocked {
                object: *object,
                holder: *holder,
            };
        }
        Op::Unlock { object } => given_back(state, *object),
        Op::Wait {
            object,
            lock,
            timed,
        } => {
            given_back(state, *lock);
            state.objects[*object].waiters.push(thread);
            state.threads[thread].status = Status::Waiting {
                object: *object,
                lock: *lock,
                timed: *timed,
            };
        }
        Op::Leave { object, .. } => {
            let waiters = &mut state.objects[*object].waiters;
            waiters.retain(|waiter| *waiter != thread);
            if let Status::Waiting { lock, .. } = state.threads[thread].status {
                state.objects[lock].waiters.push(thread);
                state.threads[thread].status = Status::Woken {
                    lock,
                    by: touch.step,
                };
            }
        }
        Op::Wake { lock, why, .. } => {
            taken(state, *lock, touch);
            state.threads[thread].status = Status::Awake(*why);
        }
        Op::Notify { object, woken, .. } => {
            for other in woken {
                let waiters = &mut state.objects[*object].waiters;
                waiters.retain(|waiter| waiter != other);
                let Status::Waiting { lock, .. } = state.threads[*other].status else {
                    continue;
                };
                state.objects[lock].waiters.push(*other);
                state.threads[*other].status = Status::Woken {
                    lock,
                    by: touch.step,
                };
            }
        }
        _ => {}
    }
}

/// A thread has taken a lock, and whoever came for it meanwhile waits for that thread.
fn taken(state: &mut State, lock: usize, touch: Touch) {
    state.objects[lock].owner = Some(touch);
    let holder = Holder {
        thread: touch.thread,
        step: Some(touch.step),
        at: None,
    };
    for waiter in state.objects[lock].waiters.clone() {
        if state.threads[waiter].status == (Status::Free { object: lock }) {
            state.threads[waiter].status = Status::Blocked {
                object: lock,
                holder,
            };
        }
    }
}

/// A lock is free, and whoever waits for it could take it.
fn given_back(state: &mut State, lock: usize) {
    state.objects[lock].owner = None;
    for waiter in state.objects[lock].waiters.clone() {
        let status = &mut state.threads[waiter].status;
        if matches!(status, Status::Blocked { .. }) {
            *status = Status::Free { object: lock };
        }
    }
}

fn memory(state: &mut State, touch: Touch, op: &Op) {
    match op {
        Op::Load {
            object,
            value,
            stale,
            newest,
            ..
        } => {
            let known = &mut state.objects[*object];
            match (stale, newest) {
                (true, newest) => {
                    known.stale = Some((value.clone(), touch));
                    known.value = newest.clone().or(known.value.take());
                }
                (false, _) => known.value = Some(value.clone()),
            }
        }
        Op::Store { object, value, .. } => state.objects[*object].value = Some(value.clone()),
        Op::Update { object, after, .. } | Op::Exchange { object, after, .. } => {
            state.objects[*object].value = Some(after.clone());
        }
        Op::Read { object } => state.objects[*object].read = Some(touch),
        Op::Write { object } => state.objects[*object].written = Some(touch),
        Op::Allocate { object, .. } => {
            state.objects[*object] = ObjectState {
                made: Some(touch),
                ..ObjectState::default()
            };
        }
        Op::Free { object } => state.objects[*object].freed = Some(touch),
        // An exchange that fails may have seen an old value too: the record does not say which.
        _ => {}
    }
}
