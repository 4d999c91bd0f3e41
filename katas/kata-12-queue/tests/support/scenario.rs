//! Several threads that call one queue, and the question whether one order explains their answers.

use std::collections::HashSet;

use heddle::history::History;
use heddle::sync::Arc;
use heddle::thread;
use heddle::time::Duration;
use kata_12_queue::{Queue, Shutdown};

use super::sequential::{Answer, Call, Sequential, Wait};

/// Calls that never wait.
pub const ATTEMPTS: [Call; 2] = [Call::Put(Wait::No, 0), Call::Get(Wait::No)];

/// Calls that wait until somebody comes.
pub const WAITS: [Call; 2] = [Call::Put(Wait::Forever, 0), Call::Get(Wait::Forever)];

/// Calls that wait for some time.
pub const LIMITED_WAITS: [Call; 2] = [Call::Put(SOME_TIME, 0), Call::Get(SOME_TIME)];

/// Calls of who gives work, who does it and who waits for its end.
pub const WORK: [Call; 4] = [ATTEMPTS[0], ATTEMPTS[1], Call::TaskDone, Call::Join];

/// Shutdowns amid calls that wait.
pub const ENDS: [Call; 4] = [
    Call::Shutdown(Shutdown::Drain),
    Call::Shutdown(Shutdown::Immediate),
    WAITS[0],
    WAITS[1],
];

/// On real threads it is spent by waiting; the time of a model is virtual.
pub const SOME_TIME: Wait = Wait::For(Duration::from_millis(1));

/// What each thread calls, one after the other, on a queue that has some items already.
#[derive(Clone, Debug)]
pub struct Scenario {
    capacity: usize,
    filled: u32,
    threads: Vec<Vec<Call>>,
}

impl Scenario {
    /// A scenario whose items are given numbers, so that each is put once; none if some order of
    /// its calls leaves a thread waiting for ever, which would be no fault of the queue.
    pub fn new(capacity: usize, filled: u32, mut threads: Vec<Vec<Call>>) -> Option<Self> {
        for (thread, calls) in (1..).zip(&mut threads) {
            for (at, call) in (0..).zip(calls) {
                if let Call::Put(_, item) = call {
                    *item = 10 * thread + at;
                }
            }
        }
        let scenario = Self {
            capacity,
            filled,
            threads,
        };
        (!scenario.may_hang()).then_some(scenario)
    }

    /// Has one order explain a generated scenario of three threads, with so many calls each, in
    /// every schedule.
    pub fn explained(seed: u64, capacity: usize, shape: [usize; 3], calls: &[Call]) {
        let scenario = Self::generated(seed, capacity, &shape, calls);
        heddle::model(move || scenario.play());
    }

    /// A scenario that the seed chooses: one thread for each number, with so many calls.
    pub fn generated(seed: u64, capacity: usize, shape: &[usize], calls: &[Call]) -> Self {
        let mut dice = Dice(seed);
        (0..10_000)
            .find_map(|_| {
                let filled = dice.roll(capacity + 1) as u32;
                let mut calls = |count| (0..count).map(|_| calls[dice.roll(calls.len())]).collect();
                let threads = shape.iter().map(|&count| calls(count)).collect();
                Self::new(capacity, filled, threads)
            })
            .expect("some scenario ends whatever happens")
    }

    /// The sequential queue at the beginning.
    fn beginning(&self) -> Sequential {
        let mut queue = Sequential::new(self.capacity);
        for item in 0..self.filled {
            queue.answer(Call::Put(Wait::No, item));
        }
        queue
    }

    /// Whether the calls can come in an order in which at last everybody waits.
    fn may_hang(&self) -> bool {
        let mut seen = HashSet::new();
        let mut reached = vec![(vec![0; self.threads.len()], self.beginning())];
        while let Some((at, queue)) = reached.pop() {
            let mut stuck = true;
            for (thread, calls) in self.threads.iter().enumerate() {
                let (mut at, mut queue) = (at.clone(), queue.clone());
                let goes_on = match calls.get(at[thread]) {
                    None => continue,
                    Some(&call) => queue.answer(call).is_some(),
                };
                stuck &= !goes_on;
                at[thread] += 1;
                if goes_on && seen.insert((at.clone(), queue.clone())) {
                    reached.push((at, queue));
                }
            }
            let left = (at.iter())
                .zip(&self.threads)
                .any(|(at, calls)| *at < calls.len());
            if stuck && left {
                return true;
            }
        }
        false
    }

    /// Plays the scenario on a real queue and asserts that one order of the calls explains it all,
    /// with all that is left in the queue afterwards.
    pub fn play(&self) {
        let shared = Arc::new((Queue::new(self.capacity), History::new()));
        for item in 0..self.filled {
            shared.0.try_put(item).expect("there is room");
        }
        let calls = |calls: Vec<Call>| {
            let shared = Arc::clone(&shared);
            move || {
                for call in calls {
                    shared.1.record(call, || call.of(&shared.0));
                }
            }
        };
        let (mine, others) = self.threads.split_first().expect("a scenario has threads");
        let others: Vec<_> = others
            .iter()
            .map(|other| thread::spawn(calls(other.clone())))
            .collect();
        calls(mine.clone())();
        for other in others {
            other.join().unwrap();
        }
        // Not for ever: a wrong queue may never say that this was the last.
        let until = |call: Call, last: &[Answer]| {
            (0..32).any(|_| last.contains(&shared.1.record(call, || call.of(&shared.0))))
        };
        until(Call::Get(Wait::No), &[Answer::Empty, Answer::ShutDown]);
        until(Call::TaskDone, &[Answer::TooManyDone]);
        let step = |queue: &mut Sequential, call: &Call, answer: &Answer| {
            queue.answer(*call) == Some(*answer)
        };
        shared.1.assert_linearizable(self.beginning(), step);
    }
}

/// Numbers that look random and are the same every time: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}
