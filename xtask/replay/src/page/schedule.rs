//! The whole schedule as a table: one column for each thread, one row for each step.

use super::Telling;
use super::escape::text;
use crate::words;

/// The table; each row knows its position.
pub(super) fn table(telling: &Telling<'_>) -> String {
    let record = &telling.replay.record;
    let mut html = String::from(
        "<table class=\"replay-schedule\">\n<caption>The whole schedule</caption>\n\
         <thead><tr><th scope=\"col\">Step</th>",
    );
    for (index, thread) in record.threads.iter().enumerate() {
        let (letter, name) = (super::state::letter(index), text(&thread.name));
        html += &format!(
            "<th scope=\"col\" class=\"replay-t{}\"><b>{letter}</b> {name}</th>",
            index % 6
        );
    }
    html += "</tr></thead>\n<tbody>\n";
    for number in 0..record.steps.len() {
        html += &row(telling, number);
    }
    if telling.timeline.end() > record.steps.len() {
        html += &end(telling);
    }
    html + "</tbody>\n</table>\n"
}

fn row(telling: &Telling<'_>, number: usize) -> String {
    let record = &telling.replay.record;
    let step = &record.steps[number];
    let position = number + 1;
    let switch = telling.timeline.switches().contains(&position);
    let class = if switch {
        " class=\"replay-switch\""
    } else {
        ""
    };
    let mut html = format!("<tr data-at=\"{position}\"{class}><th scope=\"row\">{position}</th>");
    for thread in 0..record.threads.len() {
        if thread != step.thread {
            html += "<td></td>";
            continue;
        }
        let mark = if telling.timeline.is_failure(position) {
            "✗ "
        } else {
            ""
        };
        let label = text(&words::label(&telling.names, &step.op));
        let at = step.at.map(|at| {
            let place = text(&telling.names.place(at));
            format!(" <span class=\"replay-at\">{place}</span>")
        });
        html += &cell(
            telling,
            thread,
            &format!("{mark}{label}{}", at.unwrap_or_default()),
        );
    }
    html + "</tr>\n"
}

/// The row of a failure that is no step: what every thread that has not ended is doing.
fn end(telling: &Telling<'_>) -> String {
    let position = telling.timeline.end();
    let record = &telling.replay.record;
    let state = telling.timeline.state(position);
    let mut html =
        format!("<tr data-at=\"{position}\" class=\"replay-switch\"><th scope=\"row\">✗</th>");
    for (index, thread) in state.threads.iter().enumerate() {
        let fails = record.failure.thread == Some(index);
        let told = if fails {
            let line = record.failure.message.lines().next().unwrap_or_default();
            format!("✗ {line}")
        } else {
            words::thread(&telling.names, thread)
        };
        let at = thread.at.map(|at| {
            let place = text(&telling.names.place(at));
            format!(" <span class=\"replay-at\">{place}</span>")
        });
        let told = text(&told) + &at.unwrap_or_default();
        html += &cell(telling, index, &told);
    }
    html + "</tr>\n"
}

fn cell(telling: &Telling<'_>, thread: usize, html: &str) -> String {
    let name = text(telling.names.thread(thread));
    let hue = thread % 6;
    format!("<td class=\"replay-t{hue}\" data-thread=\"{name}\">{html}</td>")
}
