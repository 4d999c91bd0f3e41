//! Whether a record can be followed: every number in it leads somewhere.

use heddle_terms::record::{At, Counterexample, Holder, Op, SCHEMA};

/// Finds what is wrong with a record, so that nothing else has to look.
///
/// # Errors
///
/// What leads nowhere, in words.
pub fn sound(record: &Counterexample) -> Result<(), String> {
    if record.schema != SCHEMA {
        return Err(format!(
            "the schedule has schema {}, and this program reads {SCHEMA}",
            record.schema
        ));
    }
    let check = Check { record };
    for (number, step) in record.steps.iter().enumerate() {
        let good = check.thread(step.thread) && check.place(step.at) && check.op(&step.op);
        if !good {
            return Err(format!("step {} of the schedule leads nowhere", number + 1));
        }
    }
    for blocked in &record.blocked {
        let good = check.thread(blocked.thread)
            && check.place(blocked.at)
            && check.object(blocked.object)
            && check.holder(blocked.holder.as_ref());
        if !good {
            return Err("a blocked thread of the schedule leads nowhere".to_owned());
        }
    }
    let failure = &record.failure;
    let race = failure.race.is_none_or(|race| {
        check.object(Some(race.object))
            && check.thread(race.first.thread)
            && check.thread(race.second.thread)
    });
    let fault = record.search.as_ref().and_then(|search| search.fault);
    let good = failure.thread.is_none_or(|thread| check.thread(thread))
        && fault.is_none_or(|fault| check.thread(fault.thread))
        && check.place(failure.at)
        && check.object(failure.object)
        && race;
    if good {
        Ok(())
    } else {
        Err("the failure of the schedule leads nowhere".to_owned())
    }
}

struct Check<'r> {
    record: &'r Counterexample,
}

impl Check<'_> {
    fn thread(&self, index: usize) -> bool {
        index < self.record.threads.len()
    }

    fn object(&self, index: Option<usize>) -> bool {
        index.is_none_or(|index| index < self.record.objects.len())
    }

    fn place(&self, at: Option<At>) -> bool {
        at.is_none_or(|at| at.file < self.record.files.len())
    }

    fn holder(&self, holder: Option<&Holder>) -> bool {
        holder.is_none_or(|holder| self.thread(holder.thread) && self.place(holder.at))
    }

    fn op(&self, op: &Op) -> bool {
        match op {
            Op::Spawn { child } | Op::Join { child } => self.thread(*child),
            Op::Unpark { target } => self.thread(*target),
            Op::Blocks { object, holder } => {
                self.object(Some(*object)) && self.holder(Some(holder))
            }
            Op::Wait { object, lock, .. } | Op::Wake { object, lock, .. } => {
                self.object(Some(*object)) && self.object(Some(*lock))
            }
            Op::Notify { object, woken, .. } => {
                self.object(Some(*object)) && woken.iter().all(|thread| self.thread(*thread))
            }
            Op::Leave { object, .. }
            | Op::Lock { object }
            | Op::Unlock { object }
            | Op::Load { object, .. }
            | Op::Store { object, .. }
            | Op::Update { object, .. }
            | Op::Exchange { object, .. }
            | Op::ExchangeFailed { object, .. }
            | Op::Read { object }
            | Op::Write { object }
            | Op::Allocate { object, .. }
            | Op::Free { object } => self.object(Some(*object)),
            Op::Call { object, .. } => self.object(*object),
            Op::End {}
            | Op::Fence { .. }
            | Op::Park { .. }
            | Op::Unparked { .. }
            | Op::Sleep { .. }
            | Op::Panic { .. } => true,
        }
    }
}
