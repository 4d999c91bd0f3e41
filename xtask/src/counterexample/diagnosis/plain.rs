//! What happened, where no rule is certain of more.

use super::{Diagnosis, Facts, Finding, atomics, panics, sections};
use crate::counterexample::ending;
use crate::counterexample::excerpt::Mark;
use crate::counterexample::record::{Blocked, Inside, Op};
use crate::counterexample::story::access_verb;
use crate::counterexample::words::first_line;
use crate::report::Kind;

/// Threads spin, and nothing changes any more.
pub fn spins_forever(facts: &Facts<'_>) -> Option<Diagnosis> {
    if facts.kind() != Kind::Livelock {
        return None;
    }
    let mut spinning = facts.record.blocked.iter();
    let spinner = spinning.find(|one| one.inside == Inside::Spin)?;
    let thread = facts.thread(spinner.thread);
    let mut looks = facts.steps_of(spinner.thread).rev();
    let look = looks.find_map(|(_, step)| Some((step.op.object()?, Facts::seen(&step.op)?)));
    let sees = match look {
        Some((object, value)) => format!("finds {} = {value}", facts.object(object)),
        None => "looks".to_owned(),
    };
    Some(Diagnosis::certain(
        Finding::SpinsForever,
        format!(
            "{thread} {sees} again and again{}, and nobody is left to change what it sees.",
            facts.at(spinner.at)
        ),
        vec![Mark::at(
            spinner.at,
            format!("{thread} spins here for ever"),
        )],
    ))
}

/// The sentence that every record allows.
pub fn told(facts: &Facts<'_>) -> Diagnosis {
    let failure = &facts.record.failure;
    let thread = failure.thread.map_or("a thread", |it| facts.thread(it));
    let marks = vec![Mark::at(failure.at, format!("{thread} fails here"))];
    let sentence = match facts.kind() {
        Kind::Deadlock | Kind::Livelock | Kind::Timeout => return stuck(facts),
        Kind::DataRace => return race(facts),
        Kind::Assertion => return panics::told(facts),
        _ => format!(
            "{}.",
            super::super::search::sentence(first_line(&failure.message).trim_end_matches('.'))
        ),
    };
    Diagnosis {
        finding: None,
        sentence,
        marks: marks.into_iter().flatten().collect(),
    }
}

/// Two accesses that nothing orders.
fn race(facts: &Facts<'_>) -> Diagnosis {
    let failure = &facts.record.failure;
    let Some(race) = failure.race else {
        let sentence = "Two accesses to one place in memory are not ordered.".to_owned();
        return Diagnosis {
            finding: None,
            sentence,
            marks: Vec::new(),
        };
    };
    let name = facts.object(race.object);
    let first = race.first.step.and_then(|step| facts.step(step).at);
    let one = facts.thread(race.first.thread);
    let other = facts.thread(race.second.thread);
    let (did, does) = (
        access_verb(race.first.access),
        access_verb(race.second.access),
    );
    let before = atomics::acted_on_an_old_look(facts).or_else(|| sections::came_between(facts));
    let (after, mut marks) = match before {
        Some(before) => (format!(", after {}", before.text), before.marks),
        None => (String::new(), Vec::new()),
    };
    marks.push(Mark::at(first, format!("{one} {did} {name}")));
    marks.push(Mark::at(failure.at, format!("{other} {does} {name}")));
    Diagnosis {
        finding: None,
        sentence: format!(
            "{one} {did} {name}{} and {other} {does} it{}, and nothing makes the one wait for the \
             other{after}.",
            facts.at(first),
            facts.at(failure.at)
        ),
        marks: marks.into_iter().flatten().collect(),
    }
}

/// Threads that wait for what cannot come any more.
fn stuck(facts: &Facts<'_>) -> Diagnosis {
    let blocked = facts.record.blocked.iter();
    let mut trouble: Vec<&Blocked> = blocked
        .clone()
        .filter(|one| !ending::is_patient(one.inside))
        .collect();
    if trouble.is_empty() {
        trouble = blocked.collect();
    }
    let marks = trouble.iter().map(|one| {
        let thread = facts.thread(one.thread);
        Mark::at(one.at, format!("{thread} waits here"))
    });
    let marks = marks.flatten().chain(facts.joins()).collect();
    let threads: Vec<usize> = trouble.iter().map(|one| one.thread).collect();
    let asleep = trouble
        .iter()
        .all(|one| matches!(one.inside, Inside::Wait | Inside::Park));
    let sentence = match asleep {
        true => {
            let (sleep, them) = if threads.len() > 1 {
                ("sleep", "them")
            } else {
                ("sleeps", "it")
            };
            let who = facts.names.threads(&threads);
            format!(
                "{who} {sleep}, and nobody is left to wake {them}{}.",
                last_wakeup(facts)
            )
        }
        false => {
            let told = trouble
                .iter()
                .map(|one| format!("{}{}", ending::words(facts.places, one), facts.at(one.at)));
            format!("{}.", told.collect::<Vec<_>>().join(", and "))
        }
    };
    Diagnosis {
        finding: None,
        sentence,
        marks,
    }
}

/// Where the last wakeup of the schedule went, if there was one.
fn last_wakeup(facts: &Facts<'_>) -> String {
    if facts.record.search.is_none() {
        return String::new();
    }
    let woken = |op: &Op| match op {
        Op::Unpark { target } => Some(vec![*target]),
        Op::Notify { woken, .. } if !woken.is_empty() => Some(woken.clone()),
        _ => None,
    };
    let mut wakeups = facts.steps().rev();
    let found = wakeups.find_map(|(_, step)| Some((step, woken(&step.op)?)));
    found.map_or(String::new(), |(step, woken)| {
        format!(
            "; the last wakeup went from {} to {}{}",
            facts.thread(step.thread),
            facts.names.threads(&woken),
            facts.at(step.at)
        )
    })
}
