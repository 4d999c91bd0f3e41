//! A schedule as the rows that a person reads: what matters, in order, without what cannot.

use super::fold::{self, Item};
use super::relevance::Slice;
use super::words::Names;
use heddle_terms::record::{At, Counterexample, Op, WhyUnparked, WhyWoken};
use heddle_terms::report::Kind;

/// The rows of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The rows, the failure last.
    pub rows: Vec<Row>,
    /// How many steps they stand for.
    pub steps: usize,
}

/// One row: something that one thread did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The thread.
    pub thread: usize,
    /// The steps that it tells, by index; none for the failure.
    pub steps: Vec<usize>,
    /// What was done.
    pub text: String,
    /// Where; none where several places are folded into one row.
    pub at: Option<At>,
    /// How it is to be read.
    pub tone: Tone,
}

/// How a row is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A step like any other.
    Plain,
    /// Something that hardly ever happens, such as a wakeup for no reason.
    Odd,
    /// The name of a call, above its steps.
    Call,
    /// Several steps that do not need a row each.
    Folded,
    /// What went wrong.
    Failure,
}

impl Story {
    /// Tells the schedule of a record.
    pub fn of(record: &Counterexample) -> Story {
        let slice = Slice::of(record);
        let numbers = 0..record.steps.len();
        let relevant: Vec<usize> = numbers
            .filter(|number| slice.holds(record, *number) && !ends_in_race(record, *number))
            .collect();
        let items = fold::fold(record, &relevant);
        let mut rows: Vec<Row> = items.iter().map(|item| row(record, item)).collect();
        rows.extend(last_row(record));
        Story {
            rows,
            steps: record.steps.len(),
        }
    }

    /// The threads that have a row, in the order of their numbers.
    pub fn threads(&self) -> Vec<usize> {
        let mut threads: Vec<usize> = self.rows.iter().map(|row| row.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }
}

/// Whether a step is the very access that makes the race, which the last row tells.
fn ends_in_race(record: &Counterexample, number: usize) -> bool {
    let Some(race) = record.failure.race else {
        return false;
    };
    let step = &record.steps[number];
    number + 1 == record.steps.len()
        && step.thread == race.second.thread
        && step.op.object() == Some(race.object)
        && step.at == record.failure.at
}

fn row(record: &Counterexample, item: &Item) -> Row {
    let names = Names::of(record);
    let (text, at, tone) = match item {
        Item::Step(number) => {
            let step = &record.steps[*number];
            let tone = if is_odd(&step.op) {
                Tone::Odd
            } else {
                Tone::Plain
            };
            (names.step(*number), step.at, tone)
        }
        Item::Together(numbers) => {
            let at = numbers.iter().find_map(|number| record.steps[*number].at);
            (together(record, numbers), at, Tone::Plain)
        }
        Item::Rounds { rounds, of, .. } => {
            let text = match of {
                1 => format!("… the same {rounds} times more"),
                _ => format!("… the {of} rows above {rounds} times more"),
            };
            (text, None, Tone::Folded)
        }
        Item::Before { numbers, .. } => (before(record, numbers), None, Tone::Folded),
        Item::LeftOut { count, .. } => (
            format!("… {count} steps are left out here"),
            None,
            Tone::Folded,
        ),
    };
    Row {
        thread: item.thread(record),
        steps: item.numbers().to_vec(),
        text,
        at,
        tone,
    }
}

/// Several steps of one thread in one row, a lock and its unlock as `lock, unlock state`.
fn together(record: &Counterexample, numbers: &[usize]) -> String {
    let names = Names::of(record);
    let mut texts = Vec::new();
    let mut rest = numbers;
    while let [first, after @ ..] = rest {
        let locks = match &record.steps[*first].op {
            Op::Lock { object } => Some(Op::Unlock { object: *object }),
            _ => None,
        };
        match (locks, after) {
            (Some(unlock), [second, more @ ..]) if record.steps[*second].op == unlock => {
                texts.push(format!("lock, {}", names.step(*second)));
                rest = more;
            }
            _ => {
                texts.push(names.step(*first));
                rest = after;
            }
        }
    }
    texts.join("; ")
}

/// What a thread did before any other took part, each thing once, with how often.
fn before(record: &Counterexample, numbers: &[usize]) -> String {
    let names = Names::of(record);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for number in numbers {
        let text = match &record.steps[*number].op {
            // Whoever locks also unlocks before the others come.
            Op::Unlock { .. } => continue,
            Op::Lock { object } => format!("lock, unlock {}", names.object(*object)),
            _ => names.step(*number),
        };
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    let told = counts.into_iter().map(|(text, count)| match count {
        1 => text,
        count => format!("{text} ×{count}"),
    });
    format!("… {}", told.collect::<Vec<_>>().join("; "))
}

/// Whether it is something on which hardly anybody reckons.
fn is_odd(op: &Op) -> bool {
    match op {
        Op::Leave { why, .. } | Op::Wake { why, .. } => *why != WhyWoken::Notified,
        Op::Unparked { why, .. } => matches!(why, WhyUnparked::Spurious | WhyUnparked::TimedOut),
        Op::Notify { out_of_turn, .. } => *out_of_turn,
        Op::Load { stale, .. } => *stale,
        Op::ExchangeFailed { spurious, .. } => *spurious,
        Op::Allocate { reused, .. } => *reused,
        _ => false,
    }
}

/// The failure, in the column of the thread in which it showed; a deadlock has none.
fn last_row(record: &Counterexample) -> Option<Row> {
    let failure = &record.failure;
    let thread = failure.thread?;
    let names = Names::of(record);
    let what = match failure.kind {
        // Its message stands above the table.
        Kind::Assertion => "panics".to_owned(),
        Kind::Todo => "meets a todo!".to_owned(),
        Kind::DataRace => match &failure.race {
            Some(race) => format!(
                "{} {}: DATA RACE",
                access_verb(race.second.access),
                names.object(race.object)
            ),
            None => "DATA RACE".to_owned(),
        },
        Kind::UseAfterFree => match failure.object.or(failure.race.map(|race| race.object)) {
            Some(object) => format!("uses {} AFTER IT WAS FREED", names.object(object)),
            None => "USE AFTER FREE".to_owned(),
        },
        Kind::Deadlock | Kind::Livelock | Kind::Leak => return None,
        other => other.name().to_owned(),
    };
    Some(Row {
        thread,
        steps: Vec::new(),
        text: format!("✗ {what}"),
        at: failure.at,
        tone: Tone::Failure,
    })
}

/// What an access does, in the third person.
pub fn access_verb(access: heddle_terms::record::AccessKind) -> &'static str {
    use heddle_terms::record::AccessKind;
    match access {
        AccessKind::Write => "writes",
        AccessKind::Read => "reads",
        AccessKind::Free => "frees",
        AccessKind::Creation => "makes",
    }
}
