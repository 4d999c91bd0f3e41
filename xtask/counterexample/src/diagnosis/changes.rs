//! Deadlocks in which a thread sleeps that had looked at an atomic before another one changed it.

use super::sleepers::the_sleepers;
use super::wakeups::Sleep;
use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{At, Blocked, Op, Step};

/// A thread that sleeps for ever had looked at an atomic before another thread changed it, and was
/// not woken after the change.
///
/// If the thread that changed it had tried to wake the sleeper before, the order of the two is wrong;
/// otherwise the wakeup is missing altogether.
pub fn looked_too_early(facts: &Facts<'_>) -> Option<Diagnosis> {
    the_sleepers(facts)?.find_map(|sleeper| changed_since(facts, sleeper))
}

fn changed_since(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let sleep = Sleep::of(facts, sleeper)?;
    let looks = facts.steps_of(sleeper.thread).rev();
    let mut looks = looks.skip_while(|(number, _)| *number > sleep.since);
    let (look, looked) = looks.find(|(_, step)| {
        let object = step.op.object();
        Facts::seen(&step.op).is_some() && object.is_some_and(|it| facts.is_subjects(it))
    })?;
    let object = looked.op.object()?;
    // What the sleeper left there itself, where its look was a swap, is what counts as known.
    let known = Facts::written(&looked.op).or(Facts::seen(&looked.op))?;
    let changes = facts.steps().filter(|(number, step)| {
        let is_other = *number > look && step.thread != sleeper.thread;
        is_other && step.op.object() == Some(object) && is_change(&step.op)
    });
    let changes: Vec<(usize, &Step)> = changes.collect();
    let (change, changed) = *changes.last()?;
    if Facts::written(&changed.op) == Some(known) {
        return None;
    }
    let seen = Change {
        facts,
        sleeper,
        sleep,
        look: (look, looked),
        change: (change, changed),
        earlier: changes[..changes.len() - 1].to_vec(),
    };
    match sleep.last_wakeup() {
        Some((number, wakeup)) if number > change => seen.notified_before_the_sleep(number, wakeup),
        Some((number, wakeup)) if number < look && seen.is_next_after(number, wakeup) => {
            Some(seen.woken_too_early(wakeup))
        }
        _ => Some(seen.not_woken_after()),
    }
}

/// Whether an operation leaves another value than it found.
fn is_change(op: &Op) -> bool {
    match op {
        Op::Store {
            value, overwrote, ..
        } => value != overwrote,
        Op::Update { before, after, .. } | Op::Exchange { before, after, .. } => before != after,
        _ => false,
    }
}

/// The last look of a thread that sleeps for ever, and a change that came after it.
struct Change<'a> {
    facts: &'a Facts<'a>,
    sleeper: &'a Blocked,
    sleep: Sleep<'a>,
    look: (usize, &'a Step),
    /// The last change.
    change: (usize, &'a Step),
    /// Those before it.
    earlier: Vec<(usize, &'a Step)>,
}

impl Change<'_> {
    /// Who looks and sleeps, who changes, and what.
    fn names(&self) -> (&str, &str, &str) {
        let facts = self.facts;
        let object = self.look.1.op.object();
        (
            facts.thread(self.sleeper.thread),
            facts.thread(self.change.1.thread),
            object.map_or("it", |object| facts.object(object)),
        )
    }

    fn value(&self) -> &str {
        Facts::written(&self.change.1.op).unwrap_or("something else")
    }

    /// Where the look, the change and the sleep are.
    fn places(&self) -> [Option<At>; 3] {
        [
            self.facts.place(self.look.1),
            self.facts.place(self.change.1),
            self.facts.stands(self.sleeper),
        ]
    }

    fn marks(&self) -> Vec<Option<Mark>> {
        let (who, other, name) = self.names();
        let [look, change, sleep] = self.places();
        let after = match self.change.0 > self.sleep.since {
            true => format!("while {who} sleeps"),
            false => "after that".to_owned(),
        };
        vec![
            Mark::at(look, format!("{who} looks at {name} for the last time")),
            Mark::at(
                change,
                format!("{other} makes {name} {} {after}", self.value()),
            ),
            Mark::at(sleep, format!("{who} sleeps here for ever")),
        ]
    }

    /// The wakeup came when the thread had looked and did not sleep yet; a token would have stayed.
    fn notified_before_the_sleep(&self, number: usize, notify: &Step) -> Option<Diagnosis> {
        let is_lost = matches!(&notify.op, Op::Notify { woken, .. } if woken.is_empty());
        if number > self.sleep.since || !is_lost {
            return None;
        }
        let facts = self.facts;
        let (who, other, name) = self.names();
        let [look, change, sleep] = self.places().map(|at| facts.at(at));
        let notifies = facts.thread(notify.thread);
        let mut marks = self.marks();
        marks[1] = Mark::at(
            facts.place(notify),
            format!("{notifies} notifies while nobody waits"),
        );
        Some(Diagnosis::certain(
            Finding::LostWakeup,
            format!(
                "{who} looks at {name}{look}; {other} makes it {}{change} and {notifies} comes to \
                 {}{} before {who} sleeps{sleep}, so the notify reaches nobody.",
                self.value(),
                self.sleep.wakeup(),
                facts.at(facts.place(notify)),
            ),
            marks,
        ))
    }

    /// Whether the change is the next that the waking thread makes: a wakeup before another change of its
    /// own belongs to that one.
    fn is_next_after(&self, wakeup: usize, wakes: &Step) -> bool {
        let (change, changed) = self.change;
        let facts = self.facts;
        let mut between = facts
            .steps_of(changed.thread)
            .filter(|(number, _)| (wakeup..change).contains(number));
        let is_subjects = |step: &Step| {
            let object = step.op.object();
            object.is_some_and(|object| facts.is_subjects(object))
        };
        wakes.thread == changed.thread
            && !between.any(|(_, step)| is_change(&step.op) && is_subjects(step))
    }

    fn woken_too_early(&self, wakeup: &Step) -> Diagnosis {
        let facts = self.facts;
        let (who, other, name) = self.names();
        let [look, change, _] = self.places().map(|at| facts.at(at));
        let place = facts.place(wakeup);
        let mut marks = self.marks();
        marks.insert(0, Mark::at(place, format!("{other} wakes {who} too early")));
        Diagnosis::certain(
            Finding::WokenTooEarly,
            format!(
                "{other} comes to {}{} before it changes {name}{change}; {who} looks in between{look}, \
                 finds nothing new and goes to sleep.",
                self.sleep.wakeup(),
                facts.at(place),
            ),
            marks,
        )
    }

    /// Nobody woke it after the change. Where wakeups went to others before that, it is not certain
    /// which of them is wrong.
    fn not_woken_after(&self) -> Diagnosis {
        let facts = self.facts;
        let (who, other, name) = self.names();
        let [look, change, sleep] = self.places().map(|at| facts.at(at));
        let before = self.others_woken();
        let finding = match before {
            Some(_) => None,
            None if self.change.0 < self.sleep.since => Some(Finding::LostWakeup),
            None => Some(Finding::NeverNotified),
        };
        let (sleeps, then) = match self.change.0 < self.sleep.since {
            true => (String::new(), format!(", before {who} sleeps{sleep}")),
            false if look == sleep => (" and sleeps".to_owned(), String::new()),
            false => (format!(" and sleeps{sleep}"), String::new()),
        };
        let (look, sleeps) = match look == sleep {
            true => (String::new(), format!("{sleeps}{sleep}")),
            false => (look, sleeps),
        };
        let earlier = self.earlier();
        let last = match before {
            Some((step, woken)) => format!(
                "the last wakeup{} goes to {}, ",
                facts.at(facts.place(step)),
                facts.names.threads(&woken)
            ),
            None => String::new(),
        };
        let ends = self.came_by();
        let by = ends.map_or(String::new(), |at| {
            format!(", comes by {}", facts.line(Some(at)))
        });
        let mut marks = self.marks();
        if let Some(at) = ends {
            marks.insert(
                2,
                Mark::at(Some(at), format!("{other} comes by here and wakes nobody")),
            );
        }
        // The changes come first: only so many lines are shown.
        marks.rotate_left(1);
        let first_marks = self.earlier.iter().rev().take(1).map(|(_, step)| {
            let value = Facts::written(&step.op).unwrap_or_default();
            let note = format!("{} makes {name} {value}", facts.thread(step.thread));
            Mark::at(facts.place(step), note)
        });
        marks.splice(0..0, first_marks);
        Diagnosis {
            finding,
            sentence: format!(
                "{who} sees {name} = {}{look}{sleeps}; {earlier}{last}{other} makes it {}{change}{then}{by}, \
                 and does not {} after that.",
                self.known(),
                self.value(),
                self.sleep.wakeup(),
            ),
            marks: marks.into_iter().flatten().collect(),
        }
    }

    /// What the thread that sleeps saw, or left there itself.
    fn known(&self) -> &str {
        let op = &self.look.1.op;
        let known = Facts::written(op).or(Facts::seen(op));
        known.unwrap_or("something")
    }

    /// The changes before the last one, as far as there is room for them.
    fn earlier(&self) -> String {
        let facts = self.facts;
        let told = self.earlier.iter().rev().take(2).rev().map(|(_, step)| {
            let value = Facts::written(&step.op).unwrap_or_default();
            let at = facts.at(facts.place(step));
            format!("{} makes it {value}{at}, ", facts.thread(step.thread))
        });
        told.collect()
    }

    /// The last wakeup between look and change that went to other threads.
    fn others_woken(&self) -> Option<(&Step, Vec<usize>)> {
        let mut before = self.facts.record.steps[self.look.0..self.change.0]
            .iter()
            .rev();
        before.find_map(|step| match &step.op {
            Op::Unpark { target } if *target != self.sleeper.thread => Some((step, vec![*target])),
            Op::Notify { object, woken, .. }
                if self.sleeper.object == Some(*object) && !woken.is_empty() =>
            {
                Some((step, woken.clone()))
            }
            _ => None,
        })
    }

    /// Where the thread that made the change goes on to in the same call.
    fn came_by(&self) -> Option<At> {
        let facts = self.facts;
        let (number, changed) = self.change;
        let call = |step| facts.places.call(step).map(|call| call.name);
        let own = facts
            .steps_of(changed.thread)
            .filter(|(later, _)| *later > number);
        let of_call =
            own.take_while(|(_, step)| call(step).is_some() && call(step) == call(changed));
        let places = of_call.filter_map(|(_, step)| facts.place(step));
        let in_subject = places.filter(|at| facts.places.file(*at) == facts.places.subject);
        in_subject.last()
    }
}
