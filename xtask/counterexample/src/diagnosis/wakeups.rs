//! What became of the wakeups that a sleeping thread would have needed: who could have woken it, and
//! did not.

use super::Facts;
use super::sections::{Section, sections};
use crate::excerpt::Mark;
use heddle_terms::record::{Blocked, Inside, Op, Step};

/// The most turns of one thread that are told.
const MOST: usize = 2;

/// What can be said for certain of one thread that sleeps for ever.
pub(super) struct Told {
    /// In words, without the end of the sentence.
    pub(super) text: String,
    /// The rest of it, which may be the same for several.
    pub(super) suffix: String,
    pub(super) marks: Vec<Option<Mark>>,
    /// Whether it says who could have woken the thread.
    pub(super) is_missed: bool,
}

/// A thread that sleeps, and the step by which it went to sleep.
#[derive(Clone, Copy)]
pub(super) struct Sleep<'a> {
    facts: &'a Facts<'a>,
    sleeper: &'a Blocked,
    pub(super) since: usize,
}

impl<'a> Sleep<'a> {
    pub(super) fn of(facts: &'a Facts<'a>, sleeper: &'a Blocked) -> Option<Self> {
        let sleeps = |op: &Op| match op {
            Op::Park { .. } => sleeper.inside == Inside::Park,
            Op::Wait { object, .. } => sleeper.object == Some(*object),
            _ => false,
        };
        let mut own = facts.steps_of(sleeper.thread).rev();
        let (since, _) = own.find(|(_, step)| sleeps(&step.op))?;
        Some(Sleep {
            facts,
            sleeper,
            since,
        })
    }

    /// The last step that could have woken it, and whom it woke.
    pub(super) fn last_wakeup(self) -> Option<(usize, &'a Step)> {
        let mut all = self.facts.steps().rev();
        all.find(|(_, step)| self.is_wakeup(&step.op))
    }

    /// Whether an operation wakes this thread, or any that sleeps where it does.
    pub(super) fn is_wakeup(self, op: &Op) -> bool {
        match op {
            Op::Unpark { target } => {
                self.sleeper.inside == Inside::Park && *target == self.sleeper.thread
            }
            Op::Notify { object, .. } => self.sleeper.object == Some(*object),
            _ => false,
        }
    }

    /// `notify turn`, or `unpark thread-1`.
    pub(super) fn wakeup(self) -> String {
        match self.queue() {
            Some(queue) => format!("notify {queue}"),
            None if self.sleeper.inside == Inside::Park => {
                format!("unpark {}", self.facts.thread(self.sleeper.thread))
            }
            None => format!("wake {}", self.facts.thread(self.sleeper.thread)),
        }
    }

    /// The condition variable on which it waits, where that is the subject's.
    fn queue(self) -> Option<&'a str> {
        let queue = self.sleeper.object?;
        let is_subjects = self.facts.is_made_by_subject(queue);
        is_subjects.then(|| self.facts.object(queue))
    }

    /// `waits on turn`, or `is parked`.
    fn sleeps(self) -> String {
        match self.queue() {
            Some(queue) => format!("waits on {queue}"),
            None if self.sleeper.inside == Inside::Park => "is parked".to_owned(),
            None => "sleeps".to_owned(),
        }
    }

    /// The locks under which lies what it waits for: that of its wait, or those that it had in the same
    /// call just before it parked.
    fn locks(self) -> Vec<usize> {
        let step = self.facts.step(self.since);
        if let Op::Wait { lock, .. } = step.op {
            return vec![lock];
        }
        let call = self.facts.places.call(step).map(|call| call.name);
        let before = self.facts.steps_of(self.sleeper.thread).rev();
        let before = before.filter(|(number, _)| *number < self.since);
        let of_call = before.take_while(|(_, step)| {
            call.is_some() && self.facts.places.call(step).map(|call| call.name) == call
        });
        let locks = of_call.filter_map(|(_, step)| match step.op {
            Op::Lock { object } => Some(object),
            _ => None,
        });
        locks.collect()
    }

    /// The turns of others with what it waits for, after it had gone to sleep, in which they could
    /// change it and from which on nobody there was woken.
    pub(super) fn missed(self) -> Vec<Section<'a>> {
        let locks = self.locks();
        let wakeup = self.last_wakeup();
        let last = wakeup.map_or(0, |(number, _)| number);
        // Who was woken by it has the lock for what it was woken for.
        let woken = match wakeup.map(|(_, step)| &step.op) {
            Some(Op::Notify { woken, .. }) => woken.as_slice(),
            _ => &[],
        };
        let mut all = sections(self.facts);
        all.retain(|one| {
            let sleeps_there = self
                .facts
                .sleepers()
                .any(|other| other.thread == one.thread && other.object == self.sleeper.object);
            one.taken > self.since.max(last)
                && locks.contains(&one.lock)
                && one.changed != Some(false)
                && !(one.is_woken && woken.contains(&one.thread))
                && (one.thread != self.sleeper.thread && !sleeps_there && !one.sleeps)
        });
        // Of each thread its last call alone.
        let mut kept: Vec<Section<'a>> = Vec::new();
        for one in all.into_iter().rev() {
            let later = kept.iter().find(|later| later.thread == one.thread);
            let is_other = |later: &Section<'_>| {
                later.lock != one.lock || (later.is_in_call && later.function != one.function)
            };
            if !later.is_some_and(is_other) {
                kept.push(one);
            }
        }
        kept.truncate(MOST);
        kept.reverse();
        kept
    }

    /// All that is certain of it.
    pub(super) fn told(self) -> Told {
        let facts = self.facts;
        let who = facts.thread(self.sleeper.thread);
        let stands = facts.stands(self.sleeper);
        let sleeps = self.sleeps();
        let mut marks = vec![Mark::at(stands, format!("{who} {sleeps}"))];
        let mut text = format!("{who} {sleeps}{}", facts.at(stands));
        let last = self.last_wakeup();
        if last.is_none() {
            let wakes = match (self.queue(), self.sleeper.inside) {
                (Some(_), _) => "notifies",
                (None, Inside::Park) => "unparks",
                (None, _) => "wakes",
            };
            text += &format!(", and nobody ever {wakes} it");
        }
        let went = last.filter(|(number, _)| *number > self.since);
        if let Some((_, wakeup)) = went
            && let Op::Notify { woken, .. } = &wakeup.op
        {
            let others = facts.names.threads(woken);
            let place = facts.place(wakeup);
            text += &format!("; the last notify{} wakes {others}", facts.at(place));
            marks.push(Mark::at(place, format!("wakes {others}")));
        }
        let missed = self.missed();
        let is_missed = missed.last().is_some_and(|one| one.changed == Some(true));
        let (words, more) = match missed.is_empty() {
            false => self.had(&missed),
            true => self
                .woken_before()
                .or_else(|| self.nobody().filter(|_| went.is_none()))
                .or_else(|| self.last_look())
                .unwrap_or_default(),
        };
        marks.splice(0..0, more);
        Told {
            text,
            suffix: words,
            marks,
            is_missed,
        }
    }

    /// That somebody had the lock, could change what is under it, and did not wake anybody.
    fn had(self, sections: &[Section<'_>]) -> Clause {
        let facts = self.facts;
        let Some(last) = sections.last() else {
            return Clause::default();
        };
        let name = facts.object(last.lock);
        let wakeup = self.wakeup();
        let changed = |one: &Section<'_>| one.changed == Some(true);
        let marks = sections.iter().map(|one| {
            let other = facts.thread(one.thread);
            let change = if changed(one) { " to change it" } else { "" };
            let note = format!("{other} has {name} here{change}, and does not {wakeup}");
            Mark::at(one.place(), note)
        });
        let mut turns = sections.iter().map(|one| {
            let other = facts.thread(one.thread);
            format!(
                "{other} has {}{}",
                facts.object(one.lock),
                self.where_in(one)
            )
        });
        let change = if sections.iter().all(changed) {
            ", may change it"
        } else {
            ""
        };
        let told = match sections {
            [_] => format!(
                "{}{change} and does not {wakeup}",
                turns.next().unwrap_or_default()
            ),
            _ => format!(
                "{}{change}, and nobody comes to {wakeup}",
                turns.collect::<Vec<_>>().join(" and ")
            ),
        };
        (format!("; after that {told}"), marks.collect())
    }

    /// ` in close (line 12)`.
    fn where_in(self, section: &Section<'_>) -> String {
        let facts = self.facts;
        let at = section.place();
        let around = at.and_then(|at| facts.places.function(at));
        let function = around.or(section.function);
        let call = function.map_or(String::new(), |it| format!(" in {it}"));
        format!("{call}{}", facts.at(at))
    }

    /// That it was woken, saw nothing for it, and went to sleep again.
    fn woken_before(self) -> Option<Clause> {
        let facts = self.facts;
        let own = facts.steps_of(self.sleeper.thread);
        let own = own.filter(|(number, _)| *number < self.since);
        let (back, _) = own.clone().rfind(|(_, step)| is_return(&step.op))?;
        let mut since = own.filter(|(number, _)| *number > back);
        let is_own_lock = |op: &Op| match op {
            Op::Lock { object } => facts.is_made_by_subject(*object),
            _ => false,
        };
        if since.clone().any(|(_, step)| is_own_lock(&step.op)) {
            return None;
        }
        let (_, look) = since.find(|(_, step)| {
            let object = step.op.object();
            Facts::seen(&step.op).is_some() && object.is_some_and(|it| facts.is_subjects(it))
        })?;
        let (object, value) = (look.op.object()?, Facts::seen(&look.op)?);
        let name = facts.object(object);
        let at = facts.place(look);
        Some((
            format!(
                "; it was woken before, saw {name} = {value}{} and went to sleep again",
                facts.at(at)
            ),
            vec![Mark::at(
                at,
                format!("woken, it sees {name} = {value} here"),
            )],
        ))
    }

    /// That nobody had the lock after it went to sleep, who had it last, and who has ended.
    fn nobody(self) -> Option<Clause> {
        let facts = self.facts;
        let lock = match facts.step(self.since).op {
            Op::Wait { lock, .. } => lock,
            _ => *self.locks().first()?,
        };
        let name = facts.object(lock);
        let all = sections(facts);
        let mut others = all.iter().rev();
        let sleeps_there = |thread: usize| {
            let mut sleepers = facts.sleepers();
            sleepers.any(|one| one.thread == thread && one.object == self.sleeper.object)
        };
        let after = others
            .clone()
            .any(|one| one.lock == lock && one.taken > self.since && !sleeps_there(one.thread));
        if after || !facts.is_made_by_subject(lock) {
            return None;
        }
        let last = others.find(|one| one.lock == lock && one.thread != self.sleeper.thread);
        let (mut text, mut marks) = match last {
            None => (format!("; nobody else ever has {name}"), Vec::new()),
            Some(last) if last.taken > self.since => (
                format!("; only who sleeps there has {name} after that"),
                Vec::new(),
            ),
            Some(last) => {
                let who = facts.thread(last.thread);
                let words = format!(
                    "; nobody else has {name} after that, and the last of the others to have it was {who}{}",
                    self.where_in(last)
                );
                let mark = Mark::at(
                    last.place(),
                    format!("{who} is the last of the others to have {name}"),
                );
                (words, vec![mark])
            }
        };
        for thread in 0..facts.record.threads.len() {
            let Some(last) = self.ended(thread) else {
                continue;
            };
            let who = facts.thread(thread);
            let at = facts.place(last);
            text += &format!(
                "; {who} has ended, after{}",
                facts.at(at).replace(['(', ')'], "")
            );
            marks.push(Mark::at(at, format!("after this {who} ends")));
        }
        (!text.is_empty()).then_some((text, marks))
    }

    /// The last step with a place of a thread that the subject has made and that has ended.
    fn ended(self, thread: usize) -> Option<&'a Step> {
        let facts = self.facts;
        let spawned = facts.record.threads[thread].spawned?;
        let is_subjects = facts.places.file(spawned) == facts.places.subject;
        let (_, end) = facts.steps_of(thread).next_back()?;
        let mut own = facts.steps_of(thread).rev();
        let (_, last) = own.find(|(_, step)| step.at.is_some())?;
        (is_subjects && end.op == Op::End {}).then_some(last)
    }

    /// What it saw last of an atomic, or left there itself.
    fn last_look(self) -> Option<Clause> {
        let facts = self.facts;
        let mut own = facts.steps_of(self.sleeper.thread).rev();
        let (_, look) = own.find(|(number, step)| {
            let object = step
                .op
                .object()
                .filter(|it| facts.is_made_by_subject(*it) || facts.is_subjects(*it));
            let is_own = step
                .at
                .is_some_and(|at| facts.places.file(at) == facts.places.subject);
            *number < self.since && is_own && object.is_some() && Facts::seen(&step.op).is_some()
        })?;
        let name = facts.object(look.op.object()?);
        let seen = Facts::seen(&look.op)?;
        let at = facts.place(look);
        let (words, note) = match Facts::written(&look.op) {
            Some(written) => (
                format!("; before that it made {name} {written}, and it was {seen}"),
                format!("it makes {name} {written}, and it was {seen}"),
            ),
            None => (
                format!("; before that it saw {name} = {seen}"),
                format!("it sees {name} = {seen}"),
            ),
        };
        let mark = Mark::at(at, note);
        Some((format!("{words}{}", facts.at(at)), vec![mark]))
    }
}

/// What is told besides, and the marks for it.
type Clause = (String, Vec<Option<Mark>>);

fn is_return(op: &Op) -> bool {
    matches!(op, Op::Wake { .. } | Op::Unparked { .. })
}
