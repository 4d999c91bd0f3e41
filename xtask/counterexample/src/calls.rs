//! In which call of the claim's a step was made, and through which functions the subject came to it.

use super::page::Places;
use super::story::{Row, Story, Tone};
use heddle_terms::record::{At, Step};

/// What the crate is called that is made of a kata's claims.
const CLAIMS: &str = "claims";
/// The longest table that also says in which calls its rows are.
const MOST: usize = 30;

/// A function of the subject that the claim has called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// Its name.
    pub name: &'a str,
    /// The place in the claim, where there is only one that it can be.
    pub at: Option<At>,
}

impl<'a> Places<'a> {
    /// The function of the subject that the claim called for this step.
    pub fn call(self, step: &'a Step) -> Option<Call<'a>> {
        let subject = subject_functions(step);
        let (name, inner) = (subject.last()?, subject.len());
        let caller = step.within.get(inner).and_then(|it| it.split_once("::"));
        let at = caller.and_then(|(_, caller)| {
            let mut claims = self.claims().iter();
            claims.find_map(|(file, functions)| {
                let (line, column) = functions.only_call(caller, name)?;
                Some(At {
                    file: *file,
                    line,
                    column,
                })
            })
        });
        Some(Call { name, at })
    }

    /// Where the function that the claim called goes on to the next one on the way to this step.
    pub fn goes_on(self, step: &Step) -> Option<At> {
        let subject = subject_functions(step);
        let [.., inner, outer] = subject[..] else {
            return None;
        };
        let (line, column) = self.functions()?.only_call(outer, inner)?;
        let file = self.record.files.iter();
        let file = file.clone().position(|file| file == self.subject)?;
        Some(At { file, line, column })
    }

    /// The subject's own place for a step: its line, or the one from which it called the helper of the
    /// claim that made the step, where there is only one that it can be.
    pub fn in_subject(self, step: &Step) -> Option<At> {
        if let Some(at) = step.at.filter(|at| self.file(*at) == self.subject) {
            return Some(at);
        }
        let calls = || step.within.iter().filter_map(|it| it.split_once("::"));
        let inner = calls().position(|(krate, _)| krate != CLAIMS)?;
        let (_, function) = calls().nth(inner)?;
        let (_, helper) = calls().nth(inner.checked_sub(1)?)?;
        let (line, column) = self.functions()?.only_call(function, helper)?;
        let file = self.record.files.iter();
        let file = file.clone().position(|file| file == self.subject)?;
        Some(At { file, line, column })
    }

    /// ` in try_acquire`, or nothing where that is not known.
    pub fn in_call(self, step: &Step) -> String {
        match subject_functions(step).last() {
            Some(name) => format!(" in {name}"),
            None => String::new(),
        }
    }
}

/// The subject's functions from the innermost to the one that the claim called; none in a thread that
/// the subject has made for itself.
fn subject_functions(step: &Step) -> Vec<&str> {
    let calls = step.within.iter().filter_map(|it| it.split_once("::"));
    let calls: Vec<(&str, &str)> = calls.collect();
    let claim = calls.iter().position(|(krate, _)| *krate == CLAIMS);
    let subject = &calls[..claim.unwrap_or(0)];
    subject.iter().map(|(_, name)| *name).collect()
}

/// Adds a row wherever a thread's steps begin to be those of another call, unless the places of
/// its rows say so already.
pub fn with_calls(story: Story, places: Places<'_>) -> Story {
    let steps = &places.record.steps;
    let called: Vec<Option<Call<'_>>> = story
        .rows
        .iter()
        .map(|row| {
            let first = row.steps.first().filter(|_| row.tone != Tone::Folded)?;
            places.call(&steps[*first])
        })
        .collect();
    let threads = places.record.threads.len();
    let mut known: Vec<Option<&str>> = vec![None; threads];
    let mut rows = Vec::new();
    for (index, row) in story.rows.iter().enumerate() {
        let call = called[index];
        if let (Some(call), Some(known)) = (call, known.get(row.thread))
            && *known != Some(call.name)
            && is_news(&story.rows[index..], &called[index..], call, places)
        {
            rows.push(Row {
                thread: row.thread,
                steps: Vec::new(),
                text: format!("▸ in {}", call.name),
                at: call.at,
                tone: Tone::Call,
            });
        }
        if let Some(known) = known.get_mut(row.thread) {
            *known = call.map(|call| call.name);
        }
        rows.push(row.clone());
    }
    match rows.len() <= MOST {
        true => Story { rows, ..story },
        false => story,
    }
}

/// Whether one of the rows that belong to a call is in another function than the one called.
fn is_news(rows: &[Row], called: &[Option<Call<'_>>], call: Call<'_>, places: Places<'_>) -> bool {
    let thread = rows[0].thread;
    let own = rows
        .iter()
        .zip(called)
        .filter(|(row, _)| row.thread == thread);
    let mut of_call = own.take_while(|(_, one)| one.is_some_and(|one| one.name == call.name));
    of_call.any(|(row, _)| {
        let function = row.at.and_then(|at| places.function(at));
        function.is_some_and(|function| function != call.name)
    })
}
