//! The record of a schedule that breaks a claim.

use super::event::{Action, Event, Intent, StepNumber, ThreadIndex};
use super::failure::Cause;
use super::faults::Fault;
use super::retell::Noted;
use super::steps::Steps;
use super::world::{ObjectState, Pass, World};
use crate::claim::counterexample::{
    self as told, At, Counterexample, Failing, LeftOut, Search, Step, at,
};
use crate::claim::record::{Failure, Kind, Place as RecordPlace, Runner, ThreadState};
use crate::engine::names::{Made, Names};

/// How many steps a record has from the beginning of the schedule, and from its end.
const HEAD: usize = 200;
const TAIL: usize = 300;

/// The failure with the record of its schedule, and with what was noted of its steps besides.
pub(super) fn failure(world: &World, cause: &Cause, noted: &Noted) -> Failure {
    let record = record(world, cause, noted);
    let mut failure = Failure::new(Runner::Model, cause.kind, cause.message.clone());
    let place = |at: At| RecordPlace {
        file: record.files[at.file].clone(),
        line: at.line,
        column: at.column,
    };
    failure.place = record.failure.at.map(place);
    failure.rung = Some(world.rung.clone());
    failure.schedules = Some(world.schedules);
    failure.threads = record
        .blocked
        .iter()
        .map(|blocked| ThreadState {
            name: record.threads[blocked.thread].name.clone(),
            doing: blocked.doing.clone(),
            place: blocked.at.map(place),
        })
        .collect();
    failure.limit = cause.limit;
    failure.search = Some(search(world, &record));
    failure.counterexample = Some(Box::new(record));
    failure
}

/// What the objects of a schedule are called.
pub(super) fn names(world: &World) -> Names {
    // The `Arc` round an object has its name, and takes no number of its own.
    Names::of(world.objects.iter().map(|object| Made {
        place: object.place,
        kind: object.kind,
        is_round: matches!(object.state, ObjectState::Counted { .. }),
        nth: None,
    }))
}

fn record(world: &World, cause: &Cause, noted: &Noted) -> Counterexample {
    let names = names(world);
    let kept = Kept::of(world.log.len(), passing(world));
    let mut files = Vec::new();
    let mut steps = Steps::new(world, &names, &kept, &mut files);
    let objects = steps.objects();
    let (numbers, mut told): (Vec<StepNumber>, Vec<Step>) = (world.log.iter())
        .filter_map(|(number, event)| {
            let mut step = steps.next(number, event)?;
            noted.add_to(&mut step.aside, number);
            Some((number, step))
        })
        .unzip();
    if cause.is_stuck() {
        for event in blocked_at_last(world) {
            told.push(steps.of(&event));
        }
    }
    let last = told.len();
    told.extend(steps.last(cause));
    let blocked = super::blocked::threads(world, cause, &names, &kept, &mut files);
    let at = cause.place.as_ref().map(|place| at(&mut files, place));
    for (step, number) in told.iter_mut().zip(numbers) {
        noted.add_places_to(&mut step.aside, number, &files);
    }
    let failure = Failing {
        kind: cause.kind,
        thread: cause.thread_to_blame().map(usize::from),
        // Who only waits for another thread is not where the trouble is.
        at: (blocked.iter())
            .filter(|_| cause.kind == Kind::Deadlock)
            .find(|blocked| blocked.target.is_none())
            .map_or(at, |blocked| blocked.at),
        message: cause.message.clone(),
        race: cause.race.map(|race| race.told(&kept, last)),
        object: cause.object.map(|object| object as usize),
    };
    Counterexample {
        threads: threads(world, &mut files),
        objects,
        steps: told,
        left_out: kept.left_out(),
        blocked,
        failure,
        files,
    }
}

fn threads(world: &World, files: &mut Vec<String>) -> Vec<told::Thread> {
    (0..)
        .zip(&world.threads)
        .map(|(index, data)| told::Thread {
            name: world.thread_name(index),
            spawned: data.spawned.map(|(_, place)| at(files, &place.into())),
            by: data.spawned.map(|(by, _)| usize::from(by)),
        })
        .collect()
}

/// How the schedule was found; `steps` are those of its record.
fn search(world: &World, steps: &Counterexample) -> Search {
    Search {
        rung: world.rung.clone(),
        sequential: world.pass == Pass::Sequential,
        preemptions: world.preemptions,
        fault: world.fault.map(Fault::parts),
        schedules: world.schedules_before + world.schedules,
        shortening: None,
        switches: switches(world, &steps.steps),
    }
}

/// How often another thread goes on than the one before, those added at the end included.
fn switches(world: &World, steps: &[Step]) -> u64 {
    let kept = Kept::of(world.log.len(), passing(world)).len();
    let last = world.log.last().map(usize::from);
    let added = steps[kept..].iter().map(|step| step.thread);
    let before = last.into_iter().chain(added.clone());
    let at_the_end = before.zip(added).filter(|(before, next)| before != next);
    (world.log.switches() + at_the_end.count()) as u64
}

/// The steps in which threads find a lock held though they have not been run since it was taken.
///
/// The model does not run a thread that could only block. Where all are stuck, each of them has
/// come to its lock all the same, and its finding it held belongs to the schedule.
fn blocked_at_last(world: &World) -> Vec<Event> {
    let last_of = |thread: ThreadIndex| {
        let mine = world.log.iter().filter(|(_, event)| event.thread == thread);
        mine.last().map(|(_, event)| event.action)
    };
    (0..)
        .zip(&world.threads)
        .filter_map(|(thread, data)| {
            let (Intent::Lock(lock), place) = data.intent? else {
                return None;
            };
            let holder = world.owner(lock)?;
            if matches!(last_of(thread), Some(Action::Blocks { lock: told, .. }) if told == lock) {
                return None;
            }
            let action = Action::Blocks { lock, holder };
            Some(Event {
                thread,
                place,
                action,
                time: None,
            })
        })
        .collect()
}

/// The steps that only pass on to the next: a thread leaves a condition variable by itself and has
/// its lock at once.
fn passing(world: &World) -> Vec<StepNumber> {
    let next = world.log.iter().skip(1);
    (world.log.iter().zip(next))
        .filter(|((_, event), (_, next))| {
            event.thread == next.thread
                && matches!(event.action, Action::Leave { .. })
                && matches!(next.action, Action::Wake { .. })
        })
        .map(|((number, _), _)| number)
        .collect()
}

/// Which steps of a schedule are in its record.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// How many there are, without those that are passed over.
    total: usize,
    /// The steps that are passed over, in order.
    passing: Vec<StepNumber>,
    left_out: usize,
}

impl Kept {
    fn of(steps: usize, passing: Vec<StepNumber>) -> Self {
        let total = steps - passing.len();
        Kept {
            total,
            passing,
            left_out: total.saturating_sub(HEAD + TAIL),
        }
    }

    /// The place of a step among those that are kept.
    pub(super) fn index(&self, number: StepNumber) -> Option<usize> {
        let passed = self.passing.partition_point(|passing| *passing < number);
        if self.passing.get(passed) == Some(&number) {
            return None;
        }
        let number = number - passed;
        if number < HEAD || self.left_out == 0 {
            return (number < self.total).then_some(number);
        }
        let index = number.checked_sub(self.left_out)?;
        (index >= HEAD && number < self.total).then_some(index)
    }

    /// How many steps are kept.
    fn len(&self) -> usize {
        self.total - self.left_out
    }

    fn left_out(&self) -> Option<LeftOut> {
        (self.left_out > 0).then_some(LeftOut {
            count: self.left_out,
            before: HEAD,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Kept, TAIL};

    /// A step keeps its number, is moved up, or is left out.
    #[test]
    fn the_middle_of_a_long_record_is_left_out() {
        let short = Kept::of(HEAD + TAIL, Vec::new());
        assert!(short.left_out().is_none());
        assert_eq!(short.index(HEAD), Some(HEAD));
        assert_eq!(short.index(HEAD + TAIL), None);
        let long = Kept::of(HEAD + TAIL + 3, Vec::new());
        assert_eq!(
            long.left_out().map(|it| (it.count, it.before)),
            Some((3, HEAD))
        );
        assert_eq!(long.index(HEAD - 1), Some(HEAD - 1));
        assert_eq!(long.index(HEAD), None);
        assert_eq!(long.index(HEAD + 2), None);
        assert_eq!(long.index(HEAD + 3), Some(HEAD));
        assert_eq!(long.index(HEAD + TAIL + 2), Some(HEAD + TAIL - 1));
    }

    /// A step that is passed over has no place, and those behind it move up.
    #[test]
    fn a_step_that_is_passed_over_leaves_no_gap() {
        let kept = Kept::of(5, vec![1, 3]);
        let places: Vec<_> = (0..6).map(|number| kept.index(number)).collect();
        assert_eq!(places, [Some(0), None, Some(1), None, Some(2), None]);
    }
}
