//! The tables of threads and objects, as they are at the start; the script fills them.

use super::Telling;
use super::escape::text;
use crate::words;

/// Both tables.
pub(super) fn tables(telling: &Telling<'_>) -> String {
    let record = &telling.replay.record;
    let state = telling.timeline.state(0);
    let mut html = String::from(
        "<div class=\"replay-state\" hidden>\n<table class=\"replay-threads\">\n\
         <caption>Threads</caption>\n<tbody>\n",
    );
    for (index, thread) in record.threads.iter().enumerate() {
        html += &format!(
            "<tr class=\"replay-t{}\"><th scope=\"row\"><b>{}</b> {}</th>\
             <td><span class=\"replay-does\">{}</span> <span class=\"replay-at\"></span></td></tr>\n",
            index % 6,
            words::letter(index),
            text(&thread.name),
            text(&words::thread(&telling.names, &state.threads[index])),
        );
    }
    html += "</tbody>\n</table>\n";
    let shown = telling.timeline.objects();
    if shown.is_empty() {
        return html + "</div>\n";
    }
    html += "<table class=\"replay-objects\">\n<caption>Objects</caption>\n<tbody>\n";
    for index in shown {
        let object = &record.objects[index];
        html += &format!(
            "<tr><th scope=\"row\">{} <span class=\"replay-kind\">{}</span></th><td>{}</td></tr>\n",
            text(&object.name),
            text(&object.kind),
            text(&words::object(&telling.names, index, &state.objects[index])),
        );
    }
    html + "</tbody>\n</table>\n</div>\n"
}

impl Telling<'_> {
    /// The thread that acts at a position.
    pub(super) fn who(&self, position: usize) -> Option<usize> {
        let row = self.timeline.row(position)?;
        Some(row.thread)
    }
}
