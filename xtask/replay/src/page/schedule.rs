//! The whole schedule as a table: one column for each thread, one row for each step.

use heddle_counterexample::Tone;
use heddle_terms::record::At;

use super::Telling;
use super::escape::{prose, text};
use crate::state::Status;
use crate::words;

/// The table; each row knows its position.
pub(super) fn table(telling: &Telling<'_>) -> String {
    let record = &telling.replay.record;
    let mut html = String::from(
        "<table class=\"replay-schedule\">\n<caption>The whole schedule</caption>\n\
         <thead><tr><th scope=\"col\">Step</th>",
    );
    for (index, thread) in record.threads.iter().enumerate() {
        let (letter, name) = (words::letter(index), text(&thread.name));
        html += &format!(
            "<th scope=\"col\" class=\"replay-t{}\"><b>{letter}</b> {name}</th>",
            index % 6
        );
    }
    html += "</tr></thead>\n<tbody>\n";
    for position in 1..=telling.timeline.end() {
        html += &row(telling, position);
    }
    html + "</tbody>\n</table>\n"
}

fn row(telling: &Telling<'_>, position: usize) -> String {
    let record = &telling.replay.record;
    let timeline = &telling.timeline;
    let mut classes = Vec::new();
    if timeline.switches().contains(&position) || timeline.is_failure(position) {
        classes.push("replay-switch");
    }
    let row = timeline.row(position);
    match row.map(|row| row.tone) {
        Some(Tone::Odd) => classes.push("replay-odd"),
        Some(Tone::Folded) => classes.push("replay-folded"),
        _ => {}
    }
    let number = match timeline.moment(position).number() {
        Some(number) => number.to_string(),
        None if timeline.is_failure(position) => "✗".to_owned(),
        None => "…".to_owned(),
    };
    let mut html = format!(
        "<tr data-at=\"{position}\" class=\"{}\"><th scope=\"row\">{number}</th>",
        classes.join(" ")
    );
    for thread in 0..record.threads.len() {
        html += &match row {
            Some(row) if row.thread == thread => cell(telling, thread, &row.text, row.at),
            _ if timeline.is_failure(position) => at_the_end(telling, thread),
            _ => "<td></td>".to_owned(),
        };
    }
    html + "</tr>\n"
}

/// What a thread that does not fail itself is doing when the schedule fails, unless it has ended.
fn at_the_end(telling: &Telling<'_>, thread: usize) -> String {
    let state = telling.timeline.state(telling.timeline.end());
    let own = &state.threads[thread];
    if matches!(own.status, Status::Ended | Status::NotStarted) {
        return "<td></td>".to_owned();
    }
    let told = words::thread(&telling.names, own);
    cell(telling, thread, &told, own.at)
}

fn cell(telling: &Telling<'_>, thread: usize, told: &str, at: Option<At>) -> String {
    let name = text(telling.names.thread(thread));
    let told = prose(told);
    let at = at.map(|at| {
        let place = text(&telling.names.place(at));
        format!(" <span class=\"replay-at\">{place}</span>")
    });
    let at = at.unwrap_or_default();
    format!(
        "<td class=\"replay-t{}\" data-thread=\"{name}\">{told}{at}</td>",
        thread % 6
    )
}
