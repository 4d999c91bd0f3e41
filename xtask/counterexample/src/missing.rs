//! What a thread that sleeps for ever would have needed, and that nobody did it.
//!
//! A missing unlock or notify is a row that is not there, and nobody sees what is not there: so it is
//! told where the thread stands.

use super::words::Names;
use heddle_terms::record::{Blocked, Counterexample, Op};

/// Since which step a thread waits on a condition variable, and what became of the notifies.
///
/// Nothing where the record does not have every step.
pub fn notify(record: &Counterexample, blocked: &Blocked) -> Option<String> {
    let queue = blocked.object?;
    let waits = |op: &Op| matches!(op, Op::Wait { object, .. } if *object == queue);
    let since = began(record, blocked, waits)?;
    let name = Names::of(record).object(queue);
    let notifies = |op: &Op| matches!(op, Op::Notify { object, .. } if *object == queue);
    let told = match last(record, notifies) {
        None => format!(", and nobody ever notifies {name}"),
        Some(step) if step < since => {
            format!("; nobody notifies {name} after step {}", step + 1)
        }
        Some(step) => match &record.steps[step].op {
            Op::Notify { woken, .. } if !woken.is_empty() => {
                let woken = Names::of(record).threads(woken);
                format!("; the last notify, step {}, wakes {woken}", step + 1)
            }
            _ => format!("; the last notify was step {}", step + 1),
        },
    };
    Some(format!("step {}{told}", since + 1))
}

/// Since which step a thread is parked, and when it was unparked last.
///
/// Nothing where the record does not have every step.
pub fn unpark(record: &Counterexample, blocked: &Blocked) -> Option<String> {
    let since = began(record, blocked, |op| matches!(op, Op::Park { .. }))?;
    let target = blocked.thread;
    let told = match last(record, |op| *op == Op::Unpark { target }) {
        None => ", and nobody ever unparks it".to_owned(),
        Some(step) => format!("; nobody unparks it after step {}", step + 1),
    };
    Some(format!("step {}{told}", since + 1))
}

/// The last step of a thread in which it went to sleep.
fn began(
    record: &Counterexample,
    blocked: &Blocked,
    sleeps: impl Fn(&Op) -> bool,
) -> Option<usize> {
    // On real threads only the last steps of each are known.
    if record.search.is_none() || record.left_out.is_some() {
        return None;
    }
    let own = |step: &heddle_terms::record::Step| step.thread == blocked.thread && sleeps(&step.op);
    record.steps.iter().rposition(own)
}

fn last(record: &Counterexample, is_it: impl Fn(&Op) -> bool) -> Option<usize> {
    record.steps.iter().rposition(|step| is_it(&step.op))
}
