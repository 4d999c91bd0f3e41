//! A schedule as a page: one HTML file that needs nothing else.
//!
//! Everything that a page says is worked out here; its script only shows one state after the other.
//! Without the script, and on paper, the page is the whole schedule as a table with its source.

mod data;
mod escape;
mod schedule;
mod source;
mod state;

use heddle_counterexample::{Diagnosis, search};

use crate::words::{self, Names};
use crate::{Detail, Replay, Timeline};

use escape::{prose, text};

/// The style that every fragment needs, once per page.
pub const STYLE: &str = include_str!("page/style.css");

/// The script that makes fragments move, once per page and behind them.
pub const SCRIPT: &str = include_str!("page/player.js");

/// What the texts of a page are made from.
struct Telling<'r> {
    replay: &'r Replay,
    timeline: Timeline<'r>,
    names: Names<'r>,
    diagnosis: Diagnosis,
    /// The diagnosis as a sentence, with the finding's name in front.
    mistake: String,
}

impl<'r> Telling<'r> {
    fn of(replay: &'r Replay) -> Telling<'r> {
        let (diagnosis, mistake) = words::diagnosis(replay);
        Telling {
            replay,
            timeline: Timeline::of(&replay.record, Detail::Rows),
            names: Names::of(replay),
            diagnosis,
            mistake,
        }
    }
}

/// A complete page: one file without any other, for a browser and for paper.
pub fn document(replay: &Replay) -> String {
    let title = text(&replay.title());
    let claim = text(replay.claim_name());
    // The policy says what the page promises: nothing is fetched from anywhere.
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} · {claim}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <style>\n{STYLE}</style>\n</head>\n<body class=\"replay-page\">\n<main>\n\
         <h1>{title}</h1>\n{}</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        part(replay, "replay", true)
    )
}

/// A part of a page, such as a chapter of a book; the page carries [`STYLE`] and [`SCRIPT`] once.
///
/// `id` has to differ from fragment to fragment. Keys move the fragment that has the focus.
pub fn fragment(replay: &Replay, id: &str) -> String {
    part(replay, id, false)
}

fn part(replay: &Replay, id: &str, whole_page: bool) -> String {
    let telling = Telling::of(replay);
    let id = text(id);
    let keys = if whole_page { "page" } else { "part" };
    let label = text(&format!("Schedule that breaks {}", replay.claim_name()));
    format!(
        "<section class=\"replay\" id=\"{id}\" data-replay=\"{keys}\" tabindex=\"-1\" \
         aria-label=\"{label}\">\n{}{}<div class=\"replay-panes\">\n{}{}</div>\n{}{}\
         <script type=\"application/json\" class=\"replay-data\">{}</script>\n</section>\n",
        head(&telling),
        controls(&telling),
        source::listing(&telling),
        state::tables(&telling),
        schedule::table(&telling),
        end(&telling),
        data::json(&telling),
    )
}

fn head(telling: &Telling<'_>) -> String {
    let replay = telling.replay;
    let mut html = format!(
        "<p class=\"replay-claim\"><code>{}</code> <span>{}</span></p>\n\
         <p class=\"replay-failure\"><span aria-hidden=\"true\">✗ </span>{}</p>\n",
        text(replay.claim_name()),
        prose(&replay.promise),
        prose(&words::headline(&telling.names)),
    );
    let told = match &replay.record.search {
        Some(found) => search::words(&replay.record, found),
        None => {
            "On real threads: the last operations of each, as far as they were kept.".to_owned()
        }
    };
    html += &format!("<p class=\"replay-search\">{}</p>\n", prose(&told));
    if let Some(caution) = &replay.caution {
        html += &format!(
            "<p class=\"replay-caution\">Note: {}.</p>\n",
            prose(caution)
        );
    }
    html
}

/// The buttons and the sentence; of no use without the script, which shows them.
fn controls(telling: &Telling<'_>) -> String {
    let buttons = [
        ("first", "Start", "To the start", "Home"),
        (
            "switch-back",
            "‹ Switch",
            "Back to the last switch of threads",
            "P",
        ),
        ("back", "‹ Step", "One step back", "ArrowLeft"),
        ("on", "Step ›", "One step on", "ArrowRight"),
        (
            "switch-on",
            "Switch ›",
            "On to the next switch of threads",
            "N",
        ),
        ("last", "Failure", "To the failure", "End"),
    ];
    let mut html = String::from(
        "<div class=\"replay-controls\" hidden>\n\
         <div class=\"replay-buttons\" role=\"toolbar\" aria-label=\"Move through the schedule\">\n",
    );
    for (go, name, told, key) in buttons {
        html += &format!(
            "<button type=\"button\" data-go=\"{go}\" aria-label=\"{told}\" \
             title=\"{told} ({key})\" aria-keyshortcuts=\"{key}\">{name}</button>\n"
        );
    }
    let end = telling.timeline.end();
    html += &format!(
        "</div>\n<p class=\"replay-where\"><label>Position <input type=\"range\" min=\"0\" \
         max=\"{end}\" value=\"0\"></label> <output>0 of {end}</output></p>\n\
         <p class=\"replay-said\" role=\"status\" aria-live=\"polite\" aria-atomic=\"true\"></p>\n\
         <p class=\"replay-keys\">Keys: ← → step, N P switch of threads, Home End start and \
         failure. A click on a row goes there.</p>\n</div>\n"
    );
    html
}

/// What went wrong, below the table.
fn end(telling: &Telling<'_>) -> String {
    let told = prose(&telling.mistake);
    format!("<p class=\"replay-mistake\"><strong>What went wrong.</strong> {told}</p>\n")
}

#[cfg(test)]
mod tests;
