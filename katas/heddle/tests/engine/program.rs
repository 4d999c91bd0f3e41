//! Small random straight-line programs, the input of the engine check.

use heddle::sync::atomic::Ordering::{self, *};

/// One operation of a straight-line program; `x` is the number of an atomic variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Reads `x`.
    Load(usize, Ordering),
    /// Writes a value that no other operation of the program writes.
    Store(usize, usize, Ordering),
    /// Adds to `x` and reads what was there.
    Add(usize, usize, Ordering),
    /// Replaces one value by another if it is there, and reads what was there.
    CompareExchange(usize, usize, usize, Ordering),
    /// A memory fence.
    Fence(Ordering),
    /// Locks the program's mutex.
    Lock,
    /// Unlocks it.
    Unlock,
    /// Reads and then increments the plain variable behind the mutex; only between `Lock` and `Unlock`.
    Bump,
    /// Waits on the program's condition variable; only between `Lock` and `Unlock`.
    Wait,
    /// Wakes one waiter.
    NotifyOne,
    /// Wakes every waiter.
    NotifyAll,
    /// Blocks until the thread's park token is there, and takes it.
    Park,
    /// Makes the park token of a thread available.
    Unpark(usize),
}

/// What each thread does; thread 0 is the one that started the others.
pub type Program = Vec<Vec<Op>>;

/// Every value read, thread after thread, then the last value of each variable.
pub type Outcome = Vec<usize>;

/// How many atomic variables a program has.
pub const VARIABLES: usize = 2;

/// The share of an increment: far from every stored value.
const INCREMENT: usize = 1000;

/// A small deterministic generator (xorshift64), so that a seed names a program for ever.
pub struct Random(u64);

impl Random {
    /// Starts the sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Which memory orderings the atomic operations of a program use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orderings {
    /// Relaxed everywhere.
    Relaxed,
    /// Each operation its own, fences among them.
    Any,
}

/// A program of atomic operations alone.
pub fn atomics(random: &mut Random, threads: usize, length: usize, with: Orderings) -> Program {
    let mut value = 0;
    let mut program: Program = (0..threads)
        .map(|_| {
            (0..length)
                .map(|_| atomic(random, &mut value, with))
                .collect()
        })
        .collect();
    if with == Orderings::Any {
        for thread in &mut program {
            if random.below(3) == 0 {
                let fence = Op::Fence(random.pick(&[Acquire, Release, AcqRel, SeqCst]));
                thread.insert(random.below(thread.len()), fence);
            }
        }
    }
    program
}

fn atomic(random: &mut Random, value: &mut usize, with: Orderings) -> Op {
    *value += 1;
    let x = random.below(VARIABLES);
    let any = with == Orderings::Any;
    let load = if any {
        random.pick(&[Relaxed, Acquire, SeqCst])
    } else {
        Relaxed
    };
    let store = if any {
        random.pick(&[Relaxed, Release, SeqCst])
    } else {
        Relaxed
    };
    let both = if any {
        random.pick(&[Relaxed, Acquire, Release, AcqRel, SeqCst])
    } else {
        Relaxed
    };
    match random.below(6) {
        0 | 1 => Op::Load(x, load),
        2 | 3 => Op::Store(x, *value, store),
        4 => Op::Add(x, INCREMENT, both),
        _ => Op::CompareExchange(
            x,
            random.below(2) * random.below(*value),
            100 + *value,
            both,
        ),
    }
}

/// A program that mixes a mutex, a condition variable, parking and atomics that cannot be seen out
/// of order: either all `SeqCst`, or all relaxed with a `SeqCst` fence on both sides of each. Only
/// sequentially consistent outcomes are possible for such a program.
pub fn mixed(random: &mut Random, threads: usize) -> Program {
    let fenced = random.below(2) == 0;
    let mut value = 0;
    (0..threads)
        .map(|me| {
            let mut ops = Vec::new();
            for _ in 0..1 + random.below(3) {
                piece(random, me, fenced, &mut value, &mut ops);
            }
            ops
        })
        .collect()
}

fn piece(random: &mut Random, me: usize, fenced: bool, value: &mut usize, ops: &mut Vec<Op>) {
    match random.below(8) {
        0 => ops.extend([Op::Lock, Op::Bump, Op::Unlock]),
        1 => ops.extend([Op::Lock, Op::Wait, Op::Bump, Op::Unlock]),
        2 => ops.push(random.pick(&[Op::NotifyOne, Op::NotifyAll])),
        3 => ops.extend([Op::Lock, Op::Bump, Op::NotifyOne, Op::Unlock]),
        4 => ops.push(Op::Park),
        // Thread 0 knows the handles of the others, and they know the one of thread 0.
        5 => ops.push(Op::Unpark(if me == 0 { 1 } else { 0 })),
        _ => {
            let ordering = if fenced { Relaxed } else { SeqCst };
            *value += 1;
            let x = random.below(VARIABLES);
            let op = match random.below(3) {
                0 => Op::Load(x, ordering),
                1 => Op::Store(x, *value, ordering),
                _ => Op::Add(x, INCREMENT, ordering),
            };
            if fenced {
                ops.extend([Op::Fence(SeqCst), op, Op::Fence(SeqCst)]);
            } else {
                ops.push(op);
            }
        }
    }
}
