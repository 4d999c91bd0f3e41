//! Which steps of a schedule can have to do with its failure.
//!
//! The slice begins at what failed: the objects of a race, what the stuck threads wait for, whatever
//! a panicking thread shared with others. From there it grows: who used such an object matters, and
//! with it every object by which those threads may have told each other something. What is left out
//! is what one thread did alone, threads without any part in it, and the coming and going of threads.

use std::collections::BTreeSet;

use heddle_terms::record::{Counterexample, Inside, Op};
use heddle_terms::report::Kind;

/// With fewer steps than these there is hardly a story.
const FEW: usize = 4;
/// The most steps of a thread that are all told, whether others took part or not.
const MANY: usize = 24;

/// What a failure has to do with.
#[derive(Debug, Default)]
pub struct Slice {
    /// The objects.
    pub objects: BTreeSet<usize>,
    /// The threads.
    pub threads: BTreeSet<usize>,
}

impl Slice {
    /// The slice of a record.
    pub fn of(record: &Counterexample) -> Slice {
        let mut slice = seeds(record);
        let users = users(record);
        let plain = plain_memory(record);
        let is_clock = |object: usize| record.objects[object].is_bookkeeping();
        // Data does not decide who waits, so it is no way to reach others from a deadlock.
        let cells_count = !matches!(
            record.failure.kind,
            Kind::Deadlock | Kind::Livelock | Kind::DataRace
        );
        loop {
            let before = (slice.objects.len(), slice.threads.len());
            for object in &slice.objects {
                slice.threads.extend(&users[*object]);
            }
            for step in &record.steps {
                if let Op::Unpark { target } = step.op
                    && slice.threads.contains(&target)
                {
                    slice.threads.insert(step.thread);
                }
            }
            for (object, users) in users.iter().enumerate() {
                let shared = users.len() > 1 && !users.is_disjoint(&slice.threads);
                if is_clock(object) {
                    continue;
                }
                if shared && (cells_count || !plain.contains(&object)) {
                    slice.objects.insert(object);
                }
            }
            if before == (slice.objects.len(), slice.threads.len()) {
                slice.add_what_one_thread_did_alone(record, &users);
                return slice;
            }
        }
    }

    /// Where next to nothing is left, what a thread used alone is all that there is to see.
    fn add_what_one_thread_did_alone(
        &mut self,
        record: &Counterexample,
        users: &[BTreeSet<usize>],
    ) {
        let Some(thread) = record.failure.thread else {
            return;
        };
        let held = (0..record.steps.len()).filter(|number| self.holds(record, *number));
        let sleeps = |op: &Op| {
            matches!(
                op,
                Op::Wait { .. } | Op::Park { .. } | Op::Sleep { .. } | Op::Unparked { .. }
            )
        };
        // That a thread slept is a story of its own.
        if held.clone().any(|number| sleeps(&record.steps[number].op)) {
            return;
        }
        let own = record.steps.iter().filter(|step| step.thread == thread);
        if held.count() < FEW && own.count() <= MANY {
            let used = users.iter().enumerate();
            let alone = used.filter(|(_, users)| users.contains(&thread));
            let alone = alone.map(|(object, _)| object);
            let told = alone.filter(|object| !record.objects[*object].is_bookkeeping());
            self.objects.extend(told);
        }
    }

    /// Whether a step of the record is part of it.
    pub fn holds(&self, record: &Counterexample, number: usize) -> bool {
        let step = &record.steps[number];
        let takes_part = self.threads.contains(&step.thread);
        match &step.op {
            Op::Spawn { .. } | Op::Join { .. } | Op::End {} => false,
            // The last row tells the panic that ended the schedule.
            Op::Panic { .. } => takes_part && number + 1 < record.steps.len(),
            Op::Unpark { target } => takes_part || self.threads.contains(target),
            Op::Park { .. }
            | Op::Unparked { .. }
            | Op::Wait { .. }
            | Op::Leave { .. }
            | Op::Wake { .. }
            | Op::Notify { .. }
            | Op::Sleep { .. }
            | Op::Fence { .. } => takes_part,
            other => match other.object() {
                Some(object) => takes_part && self.objects.contains(&object),
                None => takes_part,
            },
        }
    }
}

/// What the failure itself names.
fn seeds(record: &Counterexample) -> Slice {
    let mut slice = Slice::default();
    let failure = &record.failure;
    slice.threads.extend(failure.thread);
    slice.objects.extend(failure.object);
    if let Some(race) = &failure.race {
        slice.objects.insert(race.object);
        slice
            .threads
            .extend([race.first.thread, race.second.thread]);
    }
    if matches!(
        failure.kind,
        Kind::Deadlock | Kind::Livelock | Kind::Timeout | Kind::Limit
    ) {
        let waits = |inside| {
            matches!(
                inside,
                Inside::Lock | Inside::Wait | Inside::Park | Inside::Spin | Inside::Sleep
            )
        };
        for blocked in record.blocked.iter().filter(|one| waits(one.inside)) {
            slice.threads.insert(blocked.thread);
            slice.objects.extend(blocked.object);
            slice
                .threads
                .extend(blocked.holder.map(|holder| holder.thread));
            // With which lock a thread waits is half of what it waits for.
            let locks = record.steps.iter().filter_map(|step| match step.op {
                Op::Wait { object, lock, .. } if Some(object) == blocked.object => Some(lock),
                _ => None,
            });
            slice.objects.extend(locks);
        }
    }
    if slice.threads.is_empty() {
        slice.threads.extend(0..record.threads.len());
    }
    slice
}

/// The threads that used each object after it was made.
fn users(record: &Counterexample) -> Vec<BTreeSet<usize>> {
    let mut users = vec![BTreeSet::new(); record.objects.len()];
    for step in &record.steps {
        let lock = match step.op {
            Op::Wait { lock, .. } | Op::Wake { lock, .. } => Some(lock),
            _ => None,
        };
        for object in step.op.object().into_iter().chain(lock) {
            if let Some(users) = users.get_mut(object) {
                users.insert(step.thread);
            }
        }
    }
    for blocked in &record.blocked {
        if let Some(users) = blocked.object.and_then(|object| users.get_mut(object)) {
            users.insert(blocked.thread);
        }
    }
    users
}

/// The objects that are nothing but data.
fn plain_memory(record: &Counterexample) -> BTreeSet<usize> {
    let plain = |op: &Op| {
        matches!(
            op,
            Op::Read { .. } | Op::Write { .. } | Op::Allocate { .. } | Op::Free { .. }
        )
    };
    let steps = record.steps.iter().filter(|step| plain(&step.op));
    steps.filter_map(|step| step.op.object()).collect()
}
