//! What a failing schedule has in common with others that fail in the same way.
//!
//! Two programs with the same mistake are not the same: they differ in lines, names and values. Their
//! shape is what is left: which thread does what kind of thing to which kind of object, in which
//! order, with threads and objects numbered as they come, and how it ends.

use std::fmt::Write as _;

use hmac_sha256::Hash;

use super::story::{Story, Tone};
use heddle_terms::files;
use heddle_terms::record::{Counterexample, Inside, Op};

/// How many digits of the hash are kept: enough that two shapes never share them by chance.
const DIGITS: usize = 12;

/// The shape of a record, as a short hash.
pub fn shape(record: &Counterexample) -> String {
    let mut writer = Writer::default();
    let story = Story::of(record);
    for row in story.rows.iter().filter(|row| row.tone != Tone::Folded) {
        for number in &row.steps {
            let step = &record.steps[*number];
            writer.step(record, step.thread, &step.op);
        }
    }
    let failure = &record.failure;
    let _ = write!(writer.text, "{}", failure.kind);
    if let Some(thread) = failure.thread {
        let thread = writer.thread(thread);
        let _ = write!(writer.text, " in {thread}");
    }
    let stuck = record.blocked.iter();
    for blocked in stuck.filter(|one| one.inside != Inside::Next) {
        let thread = writer.thread(blocked.thread);
        let _ = write!(writer.text, "; {thread} in {:?}", blocked.inside);
    }
    let hash = files::hex(&Hash::hash(writer.text.as_bytes()));
    hash[..DIGITS].to_owned()
}

/// A shape under way, with the numbers that threads and objects have got.
#[derive(Default)]
struct Writer {
    text: String,
    threads: Vec<usize>,
    objects: Vec<usize>,
}

impl Writer {
    fn thread(&mut self, thread: usize) -> usize {
        numbered(&mut self.threads, thread)
    }

    fn step(&mut self, record: &Counterexample, thread: usize, op: &Op) {
        let thread = self.thread(thread);
        let _ = write!(self.text, "{thread} {}", what(op));
        if let Some(object) = op.object() {
            let kind = record.objects.get(object).map_or("", |it| it.kind.as_str());
            let object = numbered(&mut self.objects, object);
            let _ = write!(self.text, " {kind} {object}");
        }
        if let Op::Unpark { target } = op {
            let target = self.thread(*target);
            let _ = write!(self.text, " {target}");
        }
        self.text.push('\n');
    }
}

fn numbered(known: &mut Vec<usize>, one: usize) -> usize {
    let position = known.iter().position(|other| *other == one);
    position.unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    })
}

/// The kind of an operation, with what made it come out as it did and without any value.
fn what(op: &Op) -> String {
    match op {
        Op::Wake { why, .. } => format!("wake {why:?}"),
        Op::Leave { why, .. } => format!("leave {why:?}"),
        Op::Unparked { why, .. } => format!("unparked {why:?}"),
        Op::Notify { all, woken, .. } => format!("notify {all} {}", woken.len()),
        Op::Wait { timed, .. } => format!("wait {timed}"),
        Op::Park { timed } => format!("park {timed}"),
        Op::Load { stale, .. } => format!("load {stale}"),
        Op::ExchangeFailed { spurious, .. } => format!("exchange failed {spurious}"),
        Op::Allocate { reused, .. } => format!("allocate {reused}"),
        Op::Lock { .. } => "lock".to_owned(),
        Op::Blocks { .. } => "blocks".to_owned(),
        Op::Unlock { .. } => "unlock".to_owned(),
        Op::Store { .. } => "store".to_owned(),
        Op::Update { .. } => "update".to_owned(),
        Op::Exchange { .. } => "exchange".to_owned(),
        Op::Fence { .. } => "fence".to_owned(),
        Op::Read { .. } => "read".to_owned(),
        Op::Write { .. } => "write".to_owned(),
        Op::Free { .. } => "free".to_owned(),
        Op::Unpark { .. } => "unpark".to_owned(),
        Op::Sleep { .. } => "sleep".to_owned(),
        Op::Panic { .. } => "panic".to_owned(),
        Op::Spawn { .. } => "spawn".to_owned(),
        Op::Join { .. } => "join".to_owned(),
        Op::End {} => "end".to_owned(),
        Op::Call { call, .. } => call.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, load, record, store};
    use heddle_terms::report::Kind;

    fn lost_update(first: usize, second: usize, line: u32, name: &str) -> Sample {
        record(Kind::Assertion)
            .objects("AtomicU32", &["other", name])
            .step(first, line, load(1, "0", "SeqCst"))
            .step(second, line, store(1, "0", "1", "SeqCst"))
            .step(first, line + 1, store(1, "1", "1", "SeqCst"))
            .fails(first, line + 2)
    }

    /// Lines, names and the numbers of threads do not count.
    #[test]
    fn the_same_mistake_elsewhere_has_the_same_shape() {
        assert_eq!(
            shape(&lost_update(0, 1, 3, "count")),
            shape(&lost_update(2, 1, 30, "total"))
        );
    }

    #[test]
    fn another_order_is_another_shape() {
        let mut other = lost_update(0, 1, 3, "count");
        other.steps.swap(0, 1);
        assert_ne!(shape(&lost_update(0, 1, 3, "count")), shape(&other));
    }
}
