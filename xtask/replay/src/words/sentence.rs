//! A step as a sentence.

use heddle_counterexample::Tone;
use heddle_terms::record::{Op, Step, WhyUnparked, WhyWoken};
use heddle_terms::report::Kind;

use super::Names;
use crate::{Replay, Timeline};

/// What is to be said at a position of a schedule: what led there, or the failure at its end.
pub fn told(replay: &Replay, timeline: &Timeline<'_>, position: usize) -> String {
    let names = Names::of(replay);
    if timeline.is_failure(position) {
        let (diagnosis, told) = super::diagnosis(replay);
        // Without a finding the sentence has the message in it, and of a race it names both accesses.
        return match diagnosis.finding {
            Some(_) if replay.record.failure.kind != Kind::DataRace => {
                format!("{} {told}", super::headline(&names))
            }
            _ => told,
        };
    }
    match timeline.row(position) {
        None => format!(
            "Before the first step: {} begins the claim.",
            names.thread(0)
        ),
        Some(row) if row.tone == Tone::Folded => {
            let text = row.text.trim_start_matches("… ");
            ended(format!(
                "{}, several steps: {text}",
                names.thread(row.thread)
            ))
        }
        Some(row) => {
            let steps = row.steps.iter().map(|step| sentence(&names, *step));
            steps.collect::<Vec<_>>().join(" ")
        }
    }
}

/// What the step of that number did, as a sentence.
pub fn sentence(names: &Names<'_>, number: usize) -> String {
    let step = &names.record.steps[number];
    let told = match &step.op {
        Op::Load { .. } | Op::Store { .. } | Op::Update { .. } => memory(names, step),
        Op::Exchange { .. } | Op::ExchangeFailed { .. } | Op::Fence { .. } => memory(names, step),
        Op::Read { .. } | Op::Write { .. } | Op::Allocate { .. } | Op::Free { .. } => {
            memory(names, step)
        }
        Op::Lock { .. } | Op::Blocks { .. } | Op::Unlock { .. } => locks(names, step),
        Op::Wait { .. } | Op::Leave { .. } | Op::Wake { .. } | Op::Notify { .. } => {
            locks(names, step)
        }
        _ => threads(names, step),
    };
    match names.record.left_out {
        Some(left) if left.before == number => {
            format!(
                "({} steps before this one were not kept.) {told}",
                left.count
            )
        }
        _ => told,
    }
}

fn threads(names: &Names<'_>, step: &Step) -> String {
    let who = names.thread(step.thread);
    match &step.op {
        Op::Spawn { child } => format!("{who} starts {}.", names.thread(*child)),
        Op::Join { child } => format!("{who} joins {}.", names.thread(*child)),
        Op::End {} => format!("{who} ends."),
        Op::Park { timed: false } => format!("{who} parks: it sleeps until it is unparked."),
        Op::Park { timed: true } => {
            let time = length(step, " of ");
            format!("{who} parks: it sleeps until it is unparked or its time{time} is over.")
        }
        Op::Unparked { why, by } => match (why, by) {
            (WhyUnparked::TokenWasThere, _) => {
                format!("{who} does not sleep: it had been unparked before it came to park.")
            }
            (WhyUnparked::Token, Some(by)) => {
                format!("{who} wakes, unparked by {}.", names.step(*by))
            }
            (WhyUnparked::Token, None) => format!("{who} wakes: it was unparked."),
            (WhyUnparked::Spurious, _) => {
                format!("{who} wakes by itself: a park may return without an unpark.")
            }
            (WhyUnparked::TimedOut, _) => {
                let time = length(step, " after ");
                format!("{who} wakes{time}: the time of its park is over.")
            }
        },
        Op::Unpark { target } => format!("{who} unparks {}.", names.thread(*target)),
        Op::Sleep { until } => {
            let time = length(step, " for ");
            format!("{who} sleeps{time}, until {until} after the beginning, in virtual time.")
        }
        Op::Panic { message } => ended(format!("{who} panics: {message}")),
        Op::Call { call, object: None } => format!("{who} calls {call}."),
        Op::Call {
            call,
            object: Some(object),
        } => {
            format!("{who} calls {call} on {}.", names.object(*object))
        }
        _ => String::new(),
    }
}

/// A text with something at its end that ends a sentence.
pub(super) fn ended(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

fn locks(names: &Names<'_>, step: &Step) -> String {
    let who = names.thread(step.thread);
    match &step.op {
        Op::Lock { object } => format!("{who} locks {}.", names.object(*object)),
        Op::Blocks { object, holder } => {
            let (lock, holder) = (names.object(*object), names.holder(holder));
            format!("{who} wants to lock {lock} and has to wait: it is held by {holder}.")
        }
        Op::Unlock { object } => format!("{who} unlocks {}{}.", names.object(*object), left(step)),
        Op::Wait {
            object,
            lock,
            timed,
        } => {
            let (on, lock) = (names.object(*object), names.object(*lock));
            let limit = match (timed, &step.time) {
                (false, _) => String::new(),
                (true, Some(time)) => format!(", for at most {time}"),
                (true, None) => ", for a limited time".to_owned(),
            };
            let left = left(step);
            let gap = if left.is_empty() { " and" } else { ", and" };
            format!("{who} unlocks {lock}{left}{gap} waits on {on}{limit}.")
        }
        Op::Leave { object, why } => {
            let on = names.object(*object);
            match why {
                WhyWoken::TimedOut => {
                    let time = length(step, " of ");
                    format!("The time{time} of {who}'s wait on {on} is over.")
                }
                _ => format!("{who} wakes by itself, as a wait may, and no longer waits on {on}."),
            }
        }
        Op::Wake { lock, why, by, .. } => {
            let has = names.object(*lock);
            match (why, by) {
                (WhyWoken::Notified, Some(by)) => {
                    format!(
                        "{who} wakes, notified by {}, and has {has} again.",
                        names.step(*by)
                    )
                }
                (WhyWoken::Notified, None) => {
                    format!("{who} wakes, as it was notified, and has {has} again.")
                }
                (WhyWoken::Spurious, _) => format!(
                    "{who} wakes by itself, as a wait may without any notify, and has {has} again."
                ),
                (WhyWoken::TimedOut, _) => {
                    let time = length(step, " of ");
                    format!("The time{time} of {who}'s wait is over; it has {has} again.")
                }
            }
        }
        Op::Notify {
            object,
            all,
            woken,
            out_of_turn,
        } => {
            let call = if *all { "notify_all" } else { "notify_one" };
            let on = names.object(*object);
            if woken.is_empty() {
                return format!(
                    "{who} calls {call} on {on}: nobody waits there, so nobody is woken."
                );
            }
            let turn = if *out_of_turn {
                ", not the one that has waited longest"
            } else {
                ""
            };
            format!(
                "{who} calls {call} on {on}: that wakes {}{turn}.",
                names.threads(woken)
            )
        }
        _ => String::new(),
    }
}

/// How long a wait or a sleep is, where that is known, after a word that leads to it.
fn length(step: &Step, word: &str) -> String {
    let time = step.time.as_deref();
    time.map_or_else(String::new, |time| format!("{word}{time}"))
}

/// What is under a lock that is given back, as far as that is known.
fn left(step: &Step) -> String {
    match &step.value_left {
        Some(value) => format!(", which is {value} now"),
        None if step.only_looked => ", and has changed nothing".to_owned(),
        None => String::new(),
    }
}

fn memory(names: &Names<'_>, step: &Step) -> String {
    let who = names.thread(step.thread);
    match &step.op {
        Op::Load {
            object,
            value,
            ordering,
            stale,
            newest,
        } => {
            let object = names.object(*object);
            let read = format!("{who} loads {object} ({ordering}) and sees {value}");
            match (stale, newest) {
                (false, _) => format!("{read}."),
                (true, Some(newest)) => {
                    format!("{read}, which is stale: the newest value is {newest}.")
                }
                (true, None) => format!("{read}, which is stale."),
            }
        }
        Op::Store {
            object,
            value,
            overwrote,
            ordering,
        } => {
            let object = names.object(*object);
            format!("{who} stores {value} in {object} ({ordering}); it was {overwrote}.")
        }
        Op::Update {
            object,
            call,
            before,
            after,
            ordering,
        }
        | Op::Exchange {
            object,
            call,
            before,
            after,
            ordering,
        } => {
            let object = names.object(*object);
            format!("{who} calls {call} on {object} ({ordering}): {before} becomes {after}.")
        }
        Op::ExchangeFailed {
            object,
            call,
            found,
            wanted,
            spurious,
            ordering,
        } => {
            let object = names.object(*object);
            let failed = format!("{who}'s {call} on {object} ({ordering}) fails");
            if *spurious {
                format!("{failed} by itself, as a weak one may: the value is {found}, as wanted.")
            } else {
                format!("{failed}: the value is {found}, and {wanted} was wanted.")
            }
        }
        Op::Fence { ordering } => format!("{who} passes a fence ({ordering})."),
        Op::Read { object } => format!("{who} reads {}.", names.object(*object)),
        Op::Write { object } => format!("{who} writes {}.", names.object(*object)),
        Op::Allocate {
            object,
            reused: false,
        } => format!("{who} makes {}.", names.object(*object)),
        Op::Allocate {
            object,
            reused: true,
        } => format!(
            "{who} makes {}, at the address of a node that was freed before.",
            names.object(*object)
        ),
        Op::Free { object } => format!("{who} frees {}.", names.object(*object)),
        _ => String::new(),
    }
}
