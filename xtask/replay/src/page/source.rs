//! The lines of source that the schedule passes, with their surroundings.

use super::Telling;
use super::escape::text;
use crate::sources::passages;

/// The passages of every file.
pub(super) fn listing(telling: &Telling<'_>) -> String {
    let mut html = String::from(
        "<div class=\"replay-source\" role=\"region\" aria-label=\"Source\" tabindex=\"0\">\n",
    );
    let mut files: Vec<_> = telling.replay.sources.files().iter().enumerate().collect();
    // The subject first, the claim that uses it behind it.
    files.sort_by_key(|(_, file)| file.path != telling.replay.file);
    for (index, file) in files {
        let mut lines = telling.timeline.lines(index);
        let marks = telling.diagnosis.marks.iter();
        lines.extend(
            marks
                .filter(|mark| mark.at.file == index)
                .map(|mark| mark.at.line),
        );
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
                html += "<span class=\"replay-gap\">⋮\n</span>";
            }
            for line in passage.clone() {
                html += &row(telling, index, line, &file.lines[line - 1]);
            }
        }
        html += "</pre>\n</div>\n";
    }
    html + "</div>\n"
}

fn row(telling: &Telling<'_>, file: usize, number: usize, line: &str) -> String {
    let marks = telling.diagnosis.marks.iter();
    let mut marks = marks.filter(|mark| mark.at.file == file && mark.at.line as usize == number);
    let Some(first) = marks.next() else {
        return format!(
            "<span class=\"replay-line\" data-line=\"{number}\"><b aria-hidden=\"true\"></b>\
             <i>{number}</i>{}\n</span>",
            text(line)
        );
    };
    let notes = marks.fold(first.note.clone(), |notes, mark| {
        if notes.contains(&mark.note) {
            return notes;
        }
        format!("{notes}; {}", mark.note)
    });
    // The indentation is not underlined.
    let start = line.len() - line.trim_start().len();
    format!(
        "<span class=\"replay-line replay-marked\" data-line=\"{number}\">\
         <b aria-hidden=\"true\"></b><i>{number}</i>{}<u>{}</u>\n<em>↑ {}</em></span>",
        text(&line[..start]),
        text(&line[start..]),
        text(&notes),
    )
}
