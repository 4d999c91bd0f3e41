//! What a step did, in the words of the table.

use heddle_terms::record::{At, Counterexample, Op, Pass, Step, WhyUnparked, WhyWoken};

/// The names of a record's threads and objects, and how its steps are told.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    record: &'a Counterexample,
}

impl<'a> Names<'a> {
    /// The names in that record.
    pub fn of(record: &'a Counterexample) -> Self {
        Names { record }
    }

    /// A thread's name.
    pub fn thread(self, thread: usize) -> &'a str {
        let threads = &self.record.threads;
        threads
            .get(thread)
            .map_or("a thread", |thread| thread.name.as_str())
    }

    /// An object's name.
    pub fn object(self, object: usize) -> &'a str {
        let objects = &self.record.objects;
        objects
            .get(object)
            .map_or("an object", |object| object.name.as_str())
    }

    /// The names of several threads: `a, b and c`.
    pub fn threads(self, threads: &[usize]) -> String {
        let names: Vec<&str> = threads.iter().map(|thread| self.thread(*thread)).collect();
        match names.split_last() {
            None => "nobody".to_owned(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }

    /// What the step of that number did.
    pub fn step(self, number: usize) -> String {
        let step = &self.record.steps[number];
        match &step.op {
            Op::Spawn { child } => format!("spawn {}", self.thread(*child)),
            Op::Join { child } => format!("join {}", self.thread(*child)),
            Op::End {} => "ends".to_owned(),
            Op::Lock { object } => format!("lock {}", self.object(*object)),
            Op::Blocks { object, holder } => format!(
                "waits for {}, which {} holds",
                self.object(*object),
                match holder.thread == step.thread {
                    true => "it itself",
                    false => self.thread(holder.thread),
                }
            ),
            Op::Unlock { object } => format!("unlock {}", self.left(*object, number)),
            Op::Park { timed } => limited(timed_call("park", *timed), " ", step),
            Op::Unpark { target } => format!("unpark {}", self.thread(*target)),
            Op::Unparked { why, by } => self.unparked(*why, *by, step),
            Op::Sleep { until } => format!("{}, until {until}", limited("sleep", " ", step)),
            Op::Read { object } => format!("read {}", self.object(*object)),
            Op::Write { object } => format!("write {}", self.object(*object)),
            Op::Allocate { object, reused } => format!(
                "make {}{}",
                self.object(*object),
                if *reused { " at a freed address" } else { "" }
            ),
            Op::Free { object } => format!("free {}", self.object(*object)),
            Op::Fence { ordering } => format!("fence ({ordering})"),
            Op::Panic { message } => format!("panics: {}", first_line(message)),
            Op::Call { call, object } => match object {
                Some(object) => format!("{call} {}", self.object(*object)),
                None => call.clone(),
            },
            Op::Wait { .. } | Op::Leave { .. } | Op::Wake { .. } | Op::Notify { .. } => {
                self.waiting(number, step)
            }
            _ => self.memory(number, step),
        }
    }

    /// A lock that is given back, with the value under it as far as that is known.
    fn left(self, lock: usize, number: usize) -> String {
        let step = &self.record.steps[number];
        let name = self.object(lock);
        match &step.value_left {
            Some(value) => format!("{name} = {value}"),
            None if step.only_looked => format!("{name}, unchanged"),
            None => match self.borrowed_at(lock, number) {
                Some(at) => format!("{name} (&mut at :{})", at.line),
                None => name.to_owned(),
            },
        }
    }

    /// Where a thread had the value under a lock to change it, if that is another line than the one in
    /// which it took the lock.
    fn borrowed_at(self, lock: usize, number: usize) -> Option<At> {
        let step = &self.record.steps[number];
        let at = *step.changed_at.first()?;
        let mut before = self.record.steps[..number].iter().rev();
        let taken = before.find(|one| {
            let takes = match one.op {
                Op::Lock { object } | Op::Wake { lock: object, .. } => object == lock,
                _ => false,
            };
            takes && one.thread == step.thread
        })?;
        let taken = taken.at?;
        (taken.file == at.file && taken.line != at.line).then_some(at)
    }

    fn unparked(self, why: WhyUnparked, by: Option<usize>, step: &Step) -> String {
        let by = by.and_then(|step| self.record.steps.get(step));
        match (why, by) {
            (WhyUnparked::TokenWasThere, Some(by)) => format!(
                "park returns at once: {} had unparked it",
                self.thread(by.thread)
            ),
            (WhyUnparked::TokenWasThere, None) => "park returns at once: unparked before".into(),
            (WhyUnparked::Token, Some(by)) => {
                format!("wakes, unparked by {}", self.thread(by.thread))
            }
            (WhyUnparked::Token, None) => "wakes, unparked".into(),
            (WhyUnparked::Spurious, _) => "park returns BY ITSELF (spurious)".into(),
            (WhyUnparked::TimedOut, _) => format!("wakes: {}", timed_out(step)),
        }
    }

    fn waiting(self, number: usize, step: &Step) -> String {
        match &step.op {
            Op::Wait {
                object,
                lock,
                timed,
            } => {
                let call = format!("{} {}", timed_call("wait", *timed), self.object(*object));
                let call = limited(&call, ", ", step);
                let lock = match &step.value_left {
                    Some(_) => self.left(*lock, number),
                    None => self.object(*lock).to_owned(),
                };
                format!("{call} (releases {lock})")
            }
            Op::Leave { why, .. } => match why {
                WhyWoken::TimedOut => timed_out(step),
                _ => "wakes BY ITSELF (spurious)".to_owned(),
            },
            Op::Wake { lock, why, .. } => {
                let lock = self.object(*lock);
                match why {
                    WhyWoken::Notified => format!("wakes, has {lock} again"),
                    WhyWoken::Spurious => format!("wakes BY ITSELF (spurious), has {lock}"),
                    WhyWoken::TimedOut => format!("wakes: {}, has {lock}", timed_out(step)),
                }
            }
            Op::Notify {
                object,
                all,
                woken,
                out_of_turn,
            } => {
                let call = if *all { "notify_all" } else { "notify_one" };
                let whom = match woken.as_slice() {
                    [] => "nobody waits".to_owned(),
                    woken => format!("wakes {}", self.threads(woken)),
                };
                let turn = if *out_of_turn { " OUT OF TURN" } else { "" };
                format!("{call} {} → {whom}{turn}", self.object(*object))
            }
            other => unreachable!("{other:?} is not about waiting"),
        }
    }

    /// An operation on an atomic; the ordering is told where it counts.
    fn memory(self, number: usize, step: &Step) -> String {
        match &step.op {
            Op::Load {
                object,
                value,
                ordering,
                stale,
                newest,
            } => {
                let name = self.object(*object);
                let stale = match (stale, newest) {
                    (false, _) => String::new(),
                    (true, Some(newest)) => format!(" STALE, it is {newest} by now"),
                    (true, None) => " STALE".to_owned(),
                };
                format!("load {name} → {value}{stale}{}", self.ordering(ordering))
            }
            Op::Store {
                object,
                value,
                overwrote,
                ordering,
            } => {
                let over = match self.unseen_writer(number, step.thread, *object) {
                    Some(writer) => format!(", over {}'s {overwrote}", self.thread(writer)),
                    None => String::new(),
                };
                let name = self.object(*object);
                format!("store {name} = {value}{over}{}", self.ordering(ordering))
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
            } => format!(
                "{call} {}: {before} → {after}{}",
                self.object(*object),
                self.ordering(ordering)
            ),
            Op::ExchangeFailed {
                object,
                call,
                found,
                wanted,
                spurious,
                ordering,
            } => {
                let name = self.object(*object);
                let how = match spurious {
                    true => format!("fails BY ITSELF, though it is {found}"),
                    false => format!("fails: is {found}, not {wanted}"),
                };
                format!("{call} {name} {how}{}", self.ordering(ordering))
            }
            other => unreachable!("{other:?} is no operation on an atomic"),
        }
    }

    fn ordering(self, ordering: &str) -> String {
        let search = self.record.search.as_ref();
        match search.is_some_and(|search| search.pass == Pass::Orderings) {
            true => format!(" ({ordering})"),
            false => String::new(),
        }
    }

    /// The thread whose value a store overwrites without that the storing thread has seen it.
    pub fn unseen_writer(self, store: usize, thread: usize, object: usize) -> Option<usize> {
        let before = self.record.steps[..store].iter().rev();
        let mut of_object = before.filter(|step| step.op.object() == Some(object));
        let last = of_object.find(|step| step.thread == thread || step.op.writes())?;
        (last.thread != thread).then_some(last.thread)
    }
}

/// A timed call with its limit, where that is known.
fn limited(call: &str, gap: &str, step: &Step) -> String {
    match &step.time {
        Some(time) => format!("{call}{gap}{time}"),
        None => call.to_owned(),
    }
}

/// That the time of a wait is over, and how long it was.
fn timed_out(step: &Step) -> String {
    match &step.time {
        Some(time) => format!("TIMED OUT after {time}"),
        None => "TIMED OUT".to_owned(),
    }
}

fn timed_call(call: &'static str, timed: bool) -> &'static str {
    match (call, timed) {
        ("park", true) => "park_timeout",
        ("wait", true) => "wait_timeout",
        (call, _) => call,
    }
}

/// The first line of a message.
pub fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// What a panic says, in one line: the text of an assertion without the words of the macro.
pub fn told(message: &str) -> String {
    let first = first_line(message);
    let text = match first.split_once(" failed: ") {
        Some((macro_words, text)) if macro_words.starts_with("assertion") => text,
        _ => first,
    };
    let values = message.lines().skip(1).map(str::trim);
    let values = values.filter(|line| line.starts_with("left:") || line.starts_with("right:"));
    let values: Vec<&str> = values.collect();
    match values.is_empty() {
        true => text.to_owned(),
        false => format!("{text} ({})", values.join(", ")),
    }
}
