//! Bare `cargo xtask`: what there is to do next.

use heddle_terms::catalogue::Kata;

use super::console::{Done, Outcome, Style, complain, say, wrap};
use super::site::Site;
use super::standing::Standing;
use super::state::State;
use super::text::kata_title;

/// Says which kata is next and how to go about it.
pub fn run() -> Outcome {
    let site = Site::discover()?;
    let state = State::load(&site.workspace.root);
    let mut passed = 0;
    let mut next = None;
    for name in site.catalogue.names() {
        let kata = match site.catalogue.open(name) {
            Ok(kata) => kata,
            Err(error) => {
                complain(&format!("fault: {}: {error}", kata_title(&name.id)));
                continue;
            }
        };
        match Standing::of(&kata, &state) {
            Standing::Passed => passed += 1,
            standing if next.is_none() => next = Some((kata, standing)),
            _ => {}
        }
    }
    let style = Style::of_stdout();
    let all = site.catalogue.names().len();
    let mut text = format!(
        "{} · {passed} of {all} katas passed\n\n",
        style.bold("Heddle")
    );
    text += &match next {
        Some((kata, standing)) => invitation(&kata, &standing, style),
        None => "  Every kata has passed. `cargo xtask list` shows them.\n".to_owned(),
    };
    text += &style.dim("\n  `cargo xtask help` lists all commands.\n");
    say(&text)?;
    Ok(Done::Passed)
}

fn invitation(kata: &Kata, standing: &Standing, style: Style) -> String {
    let file = kata.workspace.display(&kata.learner_file());
    let folder = kata.workspace.display(&kata.dir);
    let head = format!("{}: {}", kata_title(&kata.id), kata.meta.title);
    let mut text = format!("  Next: {}\n", style.bold(&head));
    text += &wrap(&kata.meta.summary, "  ", style.width);
    text += "\n";
    text += &match standing {
        Standing::NotStarted => format!(
            "    read   {folder}/README.md (about {} minutes in all)\n    edit   {file}\n",
            kata.meta.minutes
        ),
        Standing::Open(verdict) => format!("    edit   {file} (last check: {verdict})\n"),
        _ => format!("    edit   {file} (changed since its last check)\n"),
    };
    text += &format!("    check  cargo xtask check {:02}\n", kata.number);
    text += &format!("    stuck  cargo xtask hint {:02}\n", kata.number);
    text
}
