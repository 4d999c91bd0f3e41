//! The record as plain text, for a model that fails where nobody grades it.

use std::fmt::Write as _;

use super::record::{At, Counterexample};
use super::search::Search;
use super::step::{Field, Step};

/// How many steps are listed; of a longer schedule only the end.
const LISTED: usize = 80;

impl Counterexample {
    /// Every step on a line of its own, then what each thread was in.
    pub(crate) fn listing(&self, search: Option<&Search>) -> String {
        let mut text = String::new();
        if let Some(search) = search {
            let _ = writeln!(
                text,
                "{} switches, found in schedule {}, on {}",
                search.switches, search.schedules, search.rung
            );
        }
        let unlisted = self.steps.len().saturating_sub(LISTED);
        let left_out = unlisted + self.left_out.map_or(0, |left_out| left_out.count);
        if left_out > 0 {
            let _ = writeln!(text, "  … {left_out} steps are not listed");
        }
        for (number, step) in self.steps.iter().enumerate().skip(unlisted) {
            let _ = writeln!(text, "  {number:3}  {}", self.line(step));
        }
        for blocked in &self.blocked {
            let name = &self.threads[blocked.thread].name;
            let place = self.place(blocked.at);
            let _ = writeln!(text, "  {name} {}{place}", blocked.doing);
        }
        text
    }

    fn line(&self, step: &Step) -> String {
        let mut line = format!("{}  {}", self.threads[step.thread].name, step.op);
        for (name, field) in &step.fields {
            self.add(&mut line, name, field);
        }
        line + &self.place(step.at)
    }

    fn add(&self, line: &mut String, name: &str, field: &Field) {
        let threads: &[usize] = match field {
            Field::Thread(thread) => std::slice::from_ref(thread),
            Field::Threads(threads) => threads,
            _ => &[],
        };
        for &thread in threads {
            let _ = write!(line, " {}", self.threads[thread].name);
        }
        let _ = match field {
            Field::Object(Some(object)) => write!(line, " {}", self.objects[*object].name),
            Field::Text(text) => write!(line, " {text}"),
            Field::OptionalText(Some(text)) => write!(line, " ({name}: {text})"),
            Field::Number(number) => write!(line, " {number}"),
            Field::Flag(true) => write!(line, " {}", name.replace('_', " ")),
            Field::Holder(holder) => {
                write!(line, " (held by {})", self.threads[holder.thread].name)
            }
            _ => Ok(()),
        };
    }

    fn place(&self, at: Option<At>) -> String {
        at.map_or(String::new(), |at| {
            format!("   {}:{}", self.files[at.file], at.line)
        })
    }
}
