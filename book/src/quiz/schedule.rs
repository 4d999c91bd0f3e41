//! A schedule that leads to a result, as a table with a column for each thread.

use heddle_counterexample::{Story, Tone};
use heddle_terms::record::{Counterexample, Inside};
use heddle_terms::report::Kind;

use super::markdown::{prose, text};

/// The table; the last row says what the program returns, or where each thread stays.
pub(super) fn table(record: &Counterexample, result: &str) -> String {
    let mut html =
        String::from("<table class=\"quiz-schedule\"><thead><tr><th scope=\"col\">Step</th>");
    for thread in &record.threads {
        html += &format!("<th scope=\"col\">{}</th>", text(&thread.name));
    }
    html += "</tr></thead><tbody>";
    let rows = Story::of(record).rows.into_iter();
    for (index, row) in rows.filter(|row| row.tone != Tone::Failure).enumerate() {
        html += &cells(record, &(index + 1).to_string(), |thread| {
            (row.thread == thread).then(|| row.text.clone())
        });
    }
    html += &cells(record, "end", |thread| last(record, thread, result));
    html + "</tbody></table>"
}

/// A row with what each thread does in it.
fn cells(record: &Counterexample, number: &str, told: impl Fn(usize) -> Option<String>) -> String {
    let mut html = format!("<tr><th scope=\"row\">{number}</th>");
    for (thread, known) in record.threads.iter().enumerate() {
        let name = text(&known.name);
        html += &match told(thread) {
            Some(told) => format!("<td data-thread=\"{name}\">{}</td>", prose(&told)),
            None => "<td></td>".to_owned(),
        };
    }
    html + "</tr>"
}

/// How it ends for a thread.
fn last(record: &Counterexample, thread: usize, result: &str) -> Option<String> {
    if record.failure.kind == Kind::Deadlock {
        let blocked = record.blocked.iter().find(|one| one.thread == thread)?;
        return Some(match blocked.inside {
            // Who holds it stands in the rows above.
            Inside::Lock => "waits for ever".to_owned(),
            _ => blocked.doing.clone(),
        });
    }
    (thread == 0).then(|| format!("returns `{result}`"))
}
