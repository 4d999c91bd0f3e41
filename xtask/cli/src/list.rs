//! `cargo xtask list`: the katas in order.

use heddle_terms::catalogue::Kata;
use serde::Serialize;

use super::args::Request;
use super::check::json;
use super::console::{Done, Outcome, Style, Trouble, complain, say, wrap};
use super::site::Site;
use super::standing::Standing;
use super::state::State;
use super::text::kata_title;

/// One kata as the list shows it.
#[derive(Debug, Serialize)]
struct Row {
    kata: String,
    title: String,
    summary: String,
    part: String,
    difficulty: u8,
    minutes: u32,
    prerequisites: Vec<String>,
    platform: String,
    claims: usize,
    standing: String,
    #[serde(skip)]
    passed: bool,
}

/// Lists every kata; one that cannot be read is told of on stderr, and the others are shown.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let state = State::load(&site.workspace.root);
    let mut rows = Vec::new();
    let mut broken = 0;
    for name in site.catalogue.names() {
        match site.catalogue.open(name) {
            Ok(kata) => rows.push(row(&kata, &Standing::of(&kata, &state))),
            Err(error) => {
                complain(&format!("fault: {}: {error}", kata_title(&name.id)));
                broken += 1;
            }
        }
    }
    if request.has("json") {
        say(&json(&rows)?)?;
    } else {
        say(&render(&rows, Style::of_stdout()))?;
    }
    match broken {
        0 => Ok(Done::Passed),
        1 => Err(Trouble::Fault("one kata cannot be read".to_owned())),
        many => Err(Trouble::Fault(format!("{many} katas cannot be read"))),
    }
}

fn row(kata: &Kata, standing: &Standing) -> Row {
    Row {
        kata: kata.id.clone(),
        title: kata.meta.title.clone(),
        summary: kata.meta.summary.clone(),
        part: kata.meta.part.clone(),
        difficulty: kata.meta.difficulty,
        minutes: kata.meta.minutes,
        prerequisites: kata.meta.prerequisites.clone(),
        platform: kata.meta.platform.clone(),
        claims: kata.claims.len(),
        standing: standing.words(),
        passed: *standing == Standing::Passed,
    }
}

fn render(rows: &[Row], style: Style) -> String {
    let mut text = String::new();
    let mut part = "";
    for row in rows {
        if row.part != part {
            text += &format!(
                "{}{}\n",
                if part.is_empty() { "" } else { "\n" },
                style.bold(&row.part)
            );
            part = &row.part;
        }
        let mark = if row.passed {
            style.good("✓")
        } else {
            " ".to_owned()
        };
        let stars = "●".repeat(usize::from(row.difficulty.min(5)));
        text += &format!(
            "{mark} {:<22} {stars:<5} {:>4} min  {}\n",
            kata_title(&row.kata),
            row.minutes,
            row.standing
        );
        text += &style.dim(wrap(&row.summary, "    ", style.width).trim_end());
        text += "\n";
        if row.platform != "any" {
            text += &style.dim(&format!("    needs {}\n", row.platform));
        }
    }
    let passed = rows.iter().filter(|row| row.passed).count();
    text + &format!("\n{passed} of {} passed\n", rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(kata: &str, part: &str, passed: bool) -> Row {
        Row {
            kata: kata.to_owned(),
            title: "A lock".to_owned(),
            summary: "Threads wait.".to_owned(),
            part: part.to_owned(),
            difficulty: 2,
            minutes: 45,
            prerequisites: Vec::new(),
            platform: "any".to_owned(),
            claims: 9,
            standing: if passed { "passed" } else { "begun" }.to_owned(),
            passed,
        }
    }

    #[test]
    fn katas_stand_under_their_part_with_their_standing() {
        let rows = [
            sample("kata-04-lock", "locks", true),
            sample("kata-18-pipe", "processes", false),
        ];
        assert_eq!(
            render(&rows, Style::PLAIN),
            "locks\n\
             ✓ kata-04 lock           ●●      45 min  passed\n    Threads wait.\n\
             \nprocesses\n\
             \x20 kata-18 pipe           ●●      45 min  begun\n    Threads wait.\n\
             \n1 of 2 passed\n"
        );
    }
}
