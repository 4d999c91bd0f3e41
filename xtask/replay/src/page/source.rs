//! The lines of source that the schedule passes, with their surroundings.

use super::Telling;
use super::escape::text;
use crate::sources::passages;

/// The passages of every file.
pub(super) fn listing(telling: &Telling<'_>) -> String {
    let record = &telling.replay.record;
    let mut html = String::from(
        "<div class=\"replay-source\" role=\"region\" aria-label=\"Source\" tabindex=\"0\">\n",
    );
    for (index, file) in telling.replay.sources.files().iter().enumerate() {
        let lines = telling.timeline.lines(index);
        if lines.is_empty() {
            continue;
        }
        html += &format!(
            "<div class=\"replay-file\" data-file=\"{index}\">\n<p class=\"replay-name\">{}</p>\n<pre>",
            text(&file.label)
        );
        if file.lines.is_empty() {
            html += "(this file cannot be read)\n";
        }
        for (number, passage) in passages(&lines, file.lines.len()).iter().enumerate() {
            if number > 0 {
                html += "<span class=\"replay-gap\">⋮</span>\n";
            }
            for line in passage.clone() {
                let fails = record.failure.at;
                let fails = fails.is_some_and(|at| at.file == index && at.line as usize == line);
                let class = if fails { " replay-fails" } else { "" };
                html += &format!(
                    "<span class=\"replay-line{class}\" data-line=\"{line}\">\
                     <b aria-hidden=\"true\"></b><i>{line}</i>{}\n</span>",
                    code(&file.lines[line - 1], fails)
                );
            }
        }
        html += "</pre>\n</div>\n";
    }
    html + "</div>\n"
}

/// A line; where it fails it is underlined, its indentation excepted.
fn code(line: &str, fails: bool) -> String {
    if !fails {
        return text(line);
    }
    let start = line.len() - line.trim_start().len();
    format!("{}<u>{}</u>", &line[..start], text(&line[start..]))
}
