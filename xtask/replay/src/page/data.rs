//! What the script shows: each position with what has changed since the one before.

use serde::Serialize;

use super::Telling;
use crate::words;

/// A file's number and a line in it.
type FileAndLine = (usize, u32);

/// The whole schedule for the script.
#[derive(Serialize)]
struct Data {
    /// The positions at which another thread goes on.
    switches: Vec<usize>,
    /// The thread and the object texts are the changes since the position before.
    positions: Vec<Position>,
}

#[derive(Serialize)]
struct Position {
    /// The sentence.
    said: String,
    /// The thread that acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<usize>,
    /// Threads that changed: which, what it does, in which file and line it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    threads: Vec<(usize, String, Option<FileAndLine>)>,
    /// Objects that changed: in which row they are, what they hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<(usize, String)>,
}

/// The data as JSON that can stand inside a script element.
pub(super) fn json(telling: &Telling<'_>) -> String {
    let timeline = &telling.timeline;
    let shown = timeline.objects();
    let mut positions = Vec::new();
    for position in 0..=timeline.end() {
        let state = timeline.state(position);
        let before = position.checked_sub(1).map(|one| timeline.state(one));
        let threads = state.threads.iter().enumerate();
        let threads = threads.filter(|(index, thread)| {
            before.is_none_or(|before| before.threads[*index] != **thread)
        });
        let objects = shown.iter().enumerate();
        let objects = objects.filter(|(_, index)| {
            let now = &state.objects[**index];
            before.is_none_or(|before| before.objects[**index] != *now)
        });
        positions.push(Position {
            said: words::told(telling.replay, timeline, position),
            who: telling.who(position),
            threads: threads
                .map(|(index, thread)| {
                    let at = thread.at.map(|at| (at.file, at.line));
                    (index, words::thread(&telling.names, thread), at)
                })
                .collect(),
            objects: objects
                .map(|(row, index)| {
                    let object = &state.objects[*index];
                    (row, words::object(&telling.names, *index, object))
                })
                .collect(),
        });
    }
    let data = Data {
        switches: timeline.switches().to_vec(),
        positions,
    };
    let json = serde_json::to_string(&data).unwrap_or_default();
    // Nothing in it may end the script element or look like the start of a comment.
    json.replace('<', "\\u003c")
}
