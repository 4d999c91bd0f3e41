//! Those of the book's programs that are atomic operations in a straight line, once more in the form
//! that the enumerator of the memory model reads.

use std::collections::BTreeSet;

use heddle::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};

use super::engine::program::{Op, Outcome, Program};
use super::engine::weak;

/// A program by its name, and what it returns for the values that its operations read.
pub struct Form {
    pub name: &'static str,
    program: Program,
    result: fn(&Outcome) -> String,
}

impl Form {
    /// Every result that the memory model allows.
    pub fn allowed(&self) -> BTreeSet<String> {
        weak::explore(&self.program)
            .iter()
            .map(self.result)
            .collect()
    }
}

/// All that have such a form.
pub fn forms() -> [Form; 5] {
    [
        Form {
            name: "atomic-update",
            program: vec![vec![Op::Add(0, 1, Relaxed)]; 2],
            // Two reads, then what is in the first variable in the end.
            result: |outcome| outcome[2].to_string(),
        },
        store_buffering("store-buffering-relaxed", Relaxed),
        store_buffering("store-buffering-seqcst", SeqCst),
        message_passing("message-passing-relaxed", Relaxed, Relaxed),
        message_passing("message-passing-release-acquire", Release, Acquire),
    ]
}

fn store_buffering(name: &'static str, ordering: Ordering) -> Form {
    let thread = |own, other| vec![Op::Store(own, 1, ordering), Op::Load(other, ordering)];
    Form {
        name,
        program: vec![thread(0, 1), thread(1, 0)],
        result: |outcome| format!("a={} b={}", outcome[0], outcome[1]),
    }
}

/// The message is read in any case here, which changes nothing about what it is when it counts.
fn message_passing(name: &'static str, raise: Ordering, look: Ordering) -> Form {
    Form {
        name,
        program: vec![
            vec![Op::Load(1, look), Op::Load(0, Relaxed)],
            vec![Op::Store(0, 42, Relaxed), Op::Store(1, 1, raise)],
        ],
        result: |outcome| match outcome[0] {
            0 => "nothing yet".to_owned(),
            _ => format!("ready: {}", outcome[1]),
        },
    }
}
