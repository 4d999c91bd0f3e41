//! Several steps in one row, where one row each would hide the story.

use heddle_terms::record::{Counterexample, Op};

/// The most rows of a table; of a longer one the middle is left out.
const MOST: usize = 38;
/// The longest sequence that is looked for as a round of a loop.
const LONGEST_ROUND: usize = 12;
/// How often a round has to come for the rest to be folded.
const ROUNDS: usize = 3;

/// How few rows are all shown, also those before any other thread takes part.
const FEW: usize = 10;

/// What one row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// One step.
    Step(usize),
    /// Steps of one thread that belong together.
    Together(Vec<usize>),
    /// What a thread did before any other took part, and that left everything as it was.
    Before {
        /// The steps.
        numbers: Vec<usize>,
    },
    /// More rounds of the rows just before.
    Rounds {
        /// The steps.
        numbers: Vec<usize>,
        /// How many rounds.
        rounds: usize,
        /// How many rows a round has.
        of: usize,
    },
    /// Steps that have no room.
    LeftOut {
        /// The steps.
        numbers: Vec<usize>,
        /// How many steps.
        count: usize,
    },
}

impl Item {
    /// The steps for which it stands.
    pub fn numbers(&self) -> &[usize] {
        match self {
            Item::Step(number) => std::slice::from_ref(number),
            Item::Together(numbers)
            | Item::Before { numbers }
            | Item::Rounds { numbers, .. }
            | Item::LeftOut { numbers, .. } => numbers,
        }
    }

    /// The thread of its first step.
    pub fn thread(&self, record: &Counterexample) -> usize {
        let first = self.numbers().first();
        first.map_or(0, |number| record.steps[*number].thread)
    }
}

/// The rows for these steps.
pub fn fold(record: &Counterexample, relevant: &[usize]) -> Vec<Item> {
    let steps = without_passing_blocks(record, relevant);
    let quiet = quiet_prefix(record, &steps);
    let all = together(record, &steps);
    if all.len() <= FEW {
        return all;
    }
    let (before, rest) = steps.split_at(quiet);
    let mut items = Vec::new();
    if let [only] = before {
        items.push(Item::Step(*only));
    } else if !before.is_empty() {
        let numbers = before.to_vec();
        items.push(Item::Before { numbers });
    }
    items.extend(rounds(record, together(record, rest)));
    shortened(items)
}

/// Leaves out that a thread waited for a lock which it then got.
fn without_passing_blocks(record: &Counterexample, steps: &[usize]) -> Vec<usize> {
    let passes = |number: usize| {
        let step = &record.steps[number];
        let later = &record.steps[number + 1..];
        matches!(step.op, Op::Blocks { .. }) && later.iter().any(|one| one.thread == step.thread)
    };
    let steps = steps.iter().copied();
    steps.filter(|number| !passes(*number)).collect()
}

/// How many of these steps the first thread does alone and without leaving a trace: every lock is
/// free again, every atomic has its first value, and nobody sleeps or was notified.
fn quiet_prefix(record: &Counterexample, steps: &[usize]) -> usize {
    let Some(first) = steps.first() else {
        return 0;
    };
    let thread = record.steps[*first].thread;
    let mut held = 0_usize;
    let mut changed: Vec<(usize, &str)> = Vec::new();
    let mut quiet = 0;
    for (index, number) in steps.iter().enumerate() {
        let step = &record.steps[*number];
        if step.thread != thread {
            break;
        }
        match &step.op {
            Op::Lock { .. } => held += 1,
            Op::Unlock { .. } => held = held.saturating_sub(1),
            Op::Store {
                object,
                value: after,
                overwrote: before,
                ..
            }
            | Op::Update {
                object,
                before,
                after,
                ..
            }
            | Op::Exchange {
                object,
                before,
                after,
                ..
            } => match changed.iter().position(|(known, _)| known == object) {
                Some(known) if changed[known].1 == after => {
                    changed.swap_remove(known);
                }
                Some(_) => {}
                None if before == after => {}
                None => changed.push((*object, before)),
            },
            Op::Notify { woken, .. } if !woken.is_empty() => return quiet,
            Op::Load { .. }
            | Op::ExchangeFailed { .. }
            | Op::Notify { .. }
            | Op::Read { .. }
            | Op::Write { .. }
            | Op::Fence { .. } => {}
            _ => return quiet,
        }
        // The race may be with this very access.
        let race = record.failure.race;
        if race.is_some_and(|race| race.first.step == Some(*number)) {
            return quiet;
        }
        if held == 0 && changed.is_empty() {
            quiet = index + 1;
        }
    }
    // With nobody else there would be no story left.
    if quiet == steps.len() { 0 } else { quiet }
}

/// Puts a lock and its unlock into one row when nothing is between them, and an unlock into the row
/// of what the same thread did just before.
fn together(record: &Counterexample, steps: &[usize]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for number in steps {
        let step = &record.steps[*number];
        let same_thread = |item: &&mut Item| item.thread(record) == step.thread;
        match (&step.op, items.last_mut().filter(same_thread)) {
            (Op::Unlock { .. }, Some(last)) => {
                let mut numbers = last.numbers().to_vec();
                numbers.push(*number);
                *last = Item::Together(numbers);
            }
            _ => items.push(Item::Step(*number)),
        }
    }
    items
}

/// Folds what comes again and again into one row.
fn rounds(record: &Counterexample, items: Vec<Item>) -> Vec<Item> {
    let same = |one: &Item, other: &Item| {
        let looks = |item: &Item| -> Vec<_> {
            let numbers = item.numbers().iter();
            let steps = numbers.map(|number| &record.steps[*number]);
            steps
                .map(|step| {
                    let call = std::mem::discriminant(&step.op);
                    (step.thread, call, step.op.object(), step.at)
                })
                .collect()
        };
        looks(one) == looks(other)
    };
    let mut folded: Vec<Item> = Vec::new();
    let mut rest = items.as_slice();
    while let Some(first) = rest.first() {
        let found = (1..=LONGEST_ROUND.min(rest.len() / ROUNDS)).find_map(|length| {
            let round = &rest[..length];
            let again = rest[length..].chunks_exact(length);
            let again = again.take_while(|next| {
                let mut pairs = round.iter().zip(next.iter());
                pairs.all(|(one, other)| same(one, other))
            });
            let again = again.count();
            (again + 1 >= ROUNDS).then_some((length, again))
        });
        let Some((length, again)) = found else {
            folded.push(first.clone());
            rest = &rest[1..];
            continue;
        };
        let (round, after) = rest.split_at(length);
        let (more, after) = after.split_at(length * again);
        folded.extend_from_slice(round);
        folded.push(Item::Rounds {
            numbers: more.iter().flat_map(Item::numbers).copied().collect(),
            rounds: again,
            of: length,
        });
        rest = after;
    }
    folded
}

/// Leaves out the middle of what is too long all the same.
fn shortened(items: Vec<Item>) -> Vec<Item> {
    if items.len() <= MOST {
        return items;
    }
    let head = MOST / 3;
    let tail = items.len() - (MOST - head - 1);
    let numbers: Vec<usize> = items[head..tail]
        .iter()
        .flat_map(Item::numbers)
        .copied()
        .collect();
    let left_out = Item::LeftOut {
        count: numbers.len(),
        numbers,
    };
    let mut short = items[..head].to_vec();
    short.push(left_out);
    short.extend_from_slice(&items[tail..]);
    short
}
