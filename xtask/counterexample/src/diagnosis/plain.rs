//! What happened, where no rule is certain of more.

use super::wakeups::{Sleep, Told};
use super::{Diagnosis, Facts, Finding, atomics, panics, sections};
use crate::ending;
use crate::excerpt::Mark;
use crate::story::access_verb;
use crate::words::first_line;
use heddle_terms::record::{Blocked, Inside, Op};
use heddle_terms::report::Kind;

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
    let mut marks = vec![Mark::at(
        spinner.at,
        format!("{thread} spins here for ever"),
    )];
    let mut asleep = String::new();
    for sleeper in facts.sleepers() {
        if let Some(told) = Sleep::of(facts, sleeper).map(Sleep::told) {
            asleep += &format!("; {}{}", told.text, told.suffix);
            marks.extend(told.marks);
        }
    }
    Some(Diagnosis::certain(
        Finding::SpinsForever,
        format!(
            "{thread} {sees} again and again{}, and nobody is left to change what it sees{asleep}.",
            facts.at(spinner.at)
        ),
        marks,
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
    let before = atomics::acted_on_an_old_look(facts)
        .or_else(|| sections::came_between(facts))
        .or_else(|| is_of_claim(facts).then(|| panics::last_in_subject(facts))?);
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

/// Whether both accesses of a race are the claim's: what let them come together is in the subject.
fn is_of_claim(facts: &Facts<'_>) -> bool {
    let failure = &facts.record.failure;
    let first = failure.race.and_then(|race| race.first.step);
    let places = [first.and_then(|step| facts.step(step).at), failure.at];
    let mut places = places.into_iter().flatten();
    places.all(|at| facts.places.file(at) != facts.places.subject)
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
    let asleep = trouble
        .iter()
        .all(|one| matches!(one.inside, Inside::Wait | Inside::Park));
    if asleep && let Some(told) = asleep_for_ever(facts, &trouble) {
        return told;
    }
    let marks = trouble.iter().map(|one| {
        let thread = facts.thread(one.thread);
        Mark::at(facts.stands(one), format!("{thread} waits here"))
    });
    let marks = marks.flatten().chain(facts.joins()).collect();
    let threads: Vec<usize> = trouble.iter().map(|one| one.thread).collect();
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

/// What is known of each thread that sleeps, first of those that somebody could have woken.
fn asleep_for_ever(facts: &Facts<'_>, sleepers: &[&Blocked]) -> Option<Diagnosis> {
    if facts.record.search.is_none() || facts.record.left_out.is_some() {
        return None;
    }
    // Whose end others wait for is where the trouble is; a worker may be right to sleep.
    let is_awaited = |one: &&Blocked| {
        let mut blocked = facts.record.blocked.iter();
        one.thread == 0 || blocked.any(|other| other.target == Some(one.thread))
    };
    let mut sleepers = sleepers.to_vec();
    sleepers.sort_by_key(|one| !is_awaited(one));
    let told = sleepers
        .iter()
        .map(|one| Some(Sleep::of(facts, one)?.told()));
    let mut told: Vec<Told> = told.collect::<Option<_>>()?;
    if told.iter().any(|one| one.is_missed) {
        let kept: Vec<bool> = told.iter().map(|one| one.is_missed).collect();
        let mut keep = kept.iter();
        sleepers.retain(|_| *keep.next().unwrap_or(&true));
        told.retain(|one| one.is_missed);
    }
    let mut texts: Vec<String> = Vec::new();
    let mut first: Option<String> = None;
    let mut like_the_first = Vec::new();
    let mut marks = Vec::new();
    for (one, sleeper) in told.into_iter().zip(&sleepers) {
        let plain = match sleeper.object {
            Some(queue) => one.suffix.replace(facts.object(queue), "…"),
            None => one.suffix.clone(),
        };
        if first.as_ref() == Some(&plain) && !plain.is_empty() {
            like_the_first.push(sleeper.thread);
            let who = facts.thread(sleeper.thread);
            marks.push(Mark::at(facts.stands(sleeper), format!("so does {who}")));
            continue;
        }
        first.get_or_insert(plain);
        texts.push(format!("{}{}", one.text, one.suffix));
        marks.extend(one.marks);
    }
    if !like_the_first.is_empty() {
        let names = facts.names.threads(&like_the_first);
        texts.push(format!("the same goes for {names}"));
    }
    let sentence = format!("{}.", texts.join("; "));
    marks.push(facts.joins());
    Some(Diagnosis {
        finding: None,
        sentence,
        marks: marks.into_iter().flatten().collect(),
    })
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
