//! `cargo xtask hint`: one step more each time.

use super::args::Request;
use super::console::{Done, Outcome, Style, say, wrap};
use super::site::Site;
use super::state::State;
use super::text::kata_title;

/// Shows the hints seen so far and the next one.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let kata = site.kata(request, 0)?;
    let mut state = State::load(&site.workspace.root);
    let seen = if request.has("restart") {
        0
    } else {
        state.of(&kata.id).hints
    };
    let shown = (seen + 1).min(kata.meta.hints.len());
    let style = Style::of_stdout();
    let mut text = format!("{}\n\n", style.bold(&kata_title(&kata.id)));
    text += &render(&kata.meta.hints, shown, style);
    text += &style.dim(&what_is_left(&kata.id, shown, kata.meta.hints.len()));
    text += "\n";
    say(&text)?;
    state.update(&kata.id, |kata| kata.hints = shown)?;
    Ok(Done::Passed)
}

fn render(hints: &[String], shown: usize, style: Style) -> String {
    let mut text = String::new();
    for (index, hint) in hints.iter().take(shown).enumerate() {
        let wrapped = wrap(hint.trim(), "     ", style.width);
        let numbered = format!("  {}. {}", index + 1, wrapped.trim_start().trim_end());
        text += &if index + 1 == shown {
            numbered
        } else {
            style.dim(&numbered)
        };
        text += "\n\n";
    }
    text
}

fn what_is_left(kata: &str, shown: usize, all: usize) -> String {
    match all - shown {
        0 => format!("  That was the last one. The solution: solutions/{kata}/src/lib.rs"),
        1 => "  One more hint is left.".to_owned(),
        left => format!("  {left} more hints are left."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_hints_stand_above_the_new_one() {
        let hints = ["nudge".to_owned(), "push".to_owned(), "answer".to_owned()];
        let text = render(&hints, 2, Style::PLAIN);
        assert_eq!(text, "  1. nudge\n\n  2. push\n\n");
    }

    #[test]
    fn the_last_hint_names_the_solution() {
        assert!(what_is_left("kata-05-rlock", 3, 3).contains("solutions/kata-05-rlock"));
        assert_eq!(
            what_is_left("kata-05-rlock", 2, 3),
            "  One more hint is left."
        );
    }
}
