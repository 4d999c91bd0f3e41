//! Lines of source around a place.

pub use heddle_terms::sources::Sources;

use heddle_terms::report::Place;

use super::super::console::Style;
use super::words::{clean, cut};

const BEFORE: u32 = 2;
const AFTER: u32 = 1;

/// The place and the lines around it, the one in question marked.
///
/// A file that cannot be read gives the place alone.
pub fn excerpt(sources: &Sources, place: &Place, style: Style) -> String {
    let mut shown = format!("    {}\n", style.bold(&place.to_string()));
    let Some(text) = sources.text(&place.file) else {
        return shown;
    };
    let first = place.line.saturating_sub(BEFORE).max(1);
    for (number, line) in (1_u32..).zip(text.lines()) {
        if number < first || number > place.line + AFTER {
            continue;
        }
        let line = cut(clean(line).trim_end(), style.width.saturating_sub(14));
        let mark = if number == place.line { "▸" } else { " " };
        let row = format!("    {mark} {number:>4} │ {line}");
        let row = row.trim_end();
        shown += &if number == place.line {
            style.bold(row)
        } else {
            style.dim(row)
        };
        shown += "\n";
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_in_question_is_marked_among_its_neighbours() {
        let sources =
            Sources::default().with("src/lib.rs", "one\ntwo\n\tthree\nfour\n\nsix\n".into());
        let place = Place {
            file: "src/lib.rs".into(),
            line: 3,
            column: 2,
        };
        assert_eq!(
            excerpt(&sources, &place, Style::PLAIN),
            "    src/lib.rs:3:2\n\
             \x20        1 │ one\n\
             \x20        2 │ two\n\
             \x20   ▸    3 │     three\n\
             \x20        4 │ four\n"
        );
    }

    #[test]
    fn a_file_that_is_gone_gives_the_place_alone() {
        let place = Place {
            file: "src/gone.rs".into(),
            line: 7,
            column: 0,
        };
        let sources = Sources::below("/nowhere");
        assert_eq!(
            excerpt(&sources, &place, Style::PLAIN),
            "    src/gone.rs:7\n"
        );
    }
}
