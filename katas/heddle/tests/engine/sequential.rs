//! Brute force over interleavings: every sequentially consistent outcome of a program, and whether
//! it can deadlock.

use super::program::{Op, Outcome, Program, VARIABLES};
use std::collections::{BTreeSet, HashSet};

/// What a program can do when its operations interleave and memory has no surprises.
#[derive(Default, Debug)]
pub struct Sequential {
    /// The outcomes of the runs that end.
    pub outcomes: BTreeSet<Outcome>,
    /// Whether some run gets stuck.
    pub deadlocks: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    next: Vec<usize>,
    memory: [usize; VARIABLES],
    plain: usize,
    owner: Option<usize>,
    /// Threads in `Wait`, in order of arrival.
    waiting: Vec<usize>,
    /// Threads that were notified and have not locked the mutex again.
    notified: Vec<usize>,
    token: Vec<bool>,
    reads: Vec<Vec<usize>>,
}

/// Runs `program` in every order.
pub fn explore(program: &Program) -> Sequential {
    let threads = program.len();
    let start = State {
        next: vec![0; threads],
        memory: [0; VARIABLES],
        plain: 0,
        owner: None,
        waiting: Vec::new(),
        notified: Vec::new(),
        token: vec![false; threads],
        reads: vec![Vec::new(); threads],
    };
    let mut found = Sequential::default();
    let mut seen = HashSet::new();
    let mut todo = vec![start];
    while let Some(state) = todo.pop() {
        if !seen.insert(state.clone()) {
            continue;
        }
        let steps: Vec<State> = (0..threads)
            .filter_map(|t| step(program, &state, t))
            .collect();
        if steps.is_empty() {
            let ended = (0..threads).all(|t| state.next[t] == program[t].len());
            if ended {
                let mut outcome = state.reads.concat();
                outcome.extend(state.memory);
                outcome.push(state.plain);
                found.outcomes.insert(outcome);
            } else {
                found.deadlocks = true;
            }
        }
        todo.extend(steps);
    }
    found
}

/// The state after thread `t` took its next step, or `None` if it is blocked or at its end.
fn step(program: &Program, state: &State, t: usize) -> Option<State> {
    let mut after = state.clone();
    let op = *program[t].get(state.next[t])?;
    if state.waiting.contains(&t) {
        return None;
    }
    after.next[t] += 1;
    if let Some(index) = state.notified.iter().position(|&n| n == t) {
        if state.owner.is_some() {
            return None;
        }
        after.notified.remove(index);
        after.owner = Some(t);
        return Some(after);
    }
    match op {
        Op::Lock if state.owner.is_some() => return None,
        Op::Lock => after.owner = Some(t),
        Op::Unlock => after.owner = None,
        Op::Bump => {
            after.reads[t].push(after.plain);
            after.plain += 1;
        }
        Op::Wait => {
            // The step that ends the wait is the relock above.
            after.next[t] -= 1;
            after.owner = None;
            after.waiting.push(t);
        }
        Op::NotifyOne if state.waiting.is_empty() => {}
        Op::NotifyOne => {
            let woken = after.waiting.remove(0);
            after.notified.push(woken);
        }
        Op::NotifyAll => after.notified.append(&mut after.waiting),
        Op::Park if !state.token[t] => return None,
        Op::Park => after.token[t] = false,
        Op::Unpark(other) => after.token[other] = true,
        Op::Fence(_) => {}
        Op::Load(..) | Op::Store(..) | Op::Add(..) | Op::CompareExchange(..) => {
            access(&mut after, t, op)
        }
    }
    Some(after)
}

fn access(state: &mut State, t: usize, op: Op) {
    match op {
        Op::Load(x, _) => state.reads[t].push(state.memory[x]),
        Op::Store(x, value, _) => state.memory[x] = value,
        Op::Add(x, value, _) => {
            state.reads[t].push(state.memory[x]);
            state.memory[x] += value;
        }
        Op::CompareExchange(x, expected, new, _) => {
            state.reads[t].push(state.memory[x]);
            if state.memory[x] == expected {
                state.memory[x] = new;
            }
        }
        _ => unreachable!("not an access: {op:?}"),
    }
}
