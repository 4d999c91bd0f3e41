//! The kill matrix as text.

use heddle_cli::console::{Style, count, wrap};
use heddle_cli::text::{cut, kata_title, seconds};
use xtask::matrix::{Fate, Origin, Row};

/// One line of the matrix, with what is wrong below it.
pub fn line(row: &Row, style: Style) -> String {
    let mark = match &row.fate {
        Fate::Killed => style.good("✓"),
        Fate::Equivalent { .. } => style.dim("="),
        Fate::Undecided => style.open("?"),
        _ => style.bad("✗"),
    };
    let name = format!("{:<34}", cut(&row.mutant, 34));
    let room = style.width.saturating_sub(4 + 34 + 2 + 14 + 2 + 8);
    let claim = match (&row.claim, row.phase) {
        (Some(claim), _) => claim.clone(),
        (None, Some(phase)) => phase.name().to_owned(),
        (None, None) => String::new(),
    };
    let claim = format!("{:<room$}", cut(&claim, room));
    let kind = format!("{:<14}", row.kind.as_deref().unwrap_or_default());
    let time = style.dim(&seconds(row.took));
    let mut text = format!("  {mark} {name} {claim} {kind} {time}\n");
    let remark = remark(&row.fate);
    if !remark.is_empty() {
        text += &wrap(&remark, "      ", style.width);
    }
    text
}

fn remark(fate: &Fate) -> String {
    match fate {
        Fate::Killed => String::new(),
        Fate::KilledOtherwise { declared } => {
            format!("rejected, but its header declares {declared}")
        }
        Fate::Survived => "survived: no claim rejects it".to_owned(),
        Fate::Equivalent { reason } => format!("equivalent: {reason}"),
        Fate::NotEquivalent { reason } => {
            format!("rejected, although equivalent.toml says: {reason}")
        }
        Fate::Undecided => {
            "the search was not finished: give it more time or less to do".to_owned()
        }
        Fate::Fault { message } => message.clone(),
    }
}

/// The heading above the rows of one kata.
pub fn heading(kata: &str, style: Style) -> String {
    format!("{}\n", style.bold(&kata_title(kata)))
}

/// The sums, hand-written and mechanical apart.
pub fn totals(rows: &[Row]) -> String {
    let mut text = String::from("\n");
    for (origin, name) in [
        (Origin::Hand, "by hand"),
        (Origin::Mechanical, "mechanical"),
    ] {
        let of: Vec<&Row> = rows.iter().filter(|row| row.origin == origin).collect();
        if of.is_empty() {
            continue;
        }
        let number =
            |found: &dyn Fn(&Fate) -> bool| of.iter().filter(|row| found(&row.fate)).count() as u64;
        let killed = number(&|fate| *fate == Fate::Killed);
        let equivalent = number(&|fate| matches!(fate, Fate::Equivalent { .. }));
        let wrong = number(&|fate| !fate.in_order());
        text += &format!(
            "{} {name}: {killed} rejected",
            count(of.len() as u64, "mutant")
        );
        if equivalent > 0 {
            text += &format!(", {equivalent} equivalent");
        }
        if wrong > 0 {
            text += &format!(", {wrong} not as it should be");
        }
        text += "\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use heddle_terms::report::Phase;

    use super::*;

    fn row(name: &str, origin: Origin, fate: Fate) -> Row {
        Row {
            kata: "kata-05-rlock".to_owned(),
            mutant: name.to_owned(),
            origin,
            fate,
            verdict: None,
            phase: Some(Phase::Spec),
            claim: Some("spec::the_owner_may_lock_again".to_owned()),
            kind: Some("assertion".to_owned()),
            took: Duration::from_millis(610),
        }
    }

    #[test]
    fn a_row_fits_into_the_terminal_and_names_what_rejected_the_mutant() {
        let killed = row("owner-by-name", Origin::Hand, Fate::Killed);
        assert_eq!(
            line(&killed, Style::PLAIN),
            "  ✓ owner-by-name                      spec::the_owner_may_lock_again       \
             assertion      0.61 s\n"
        );
        for width in [80, 100] {
            let style = Style {
                colour: false,
                width,
            };
            let survived = row(
                "a-very-long-name-of-a-mutant-indeed-so",
                Origin::Hand,
                Fate::Survived,
            );
            for line in line(&survived, style).lines() {
                assert!(line.chars().count() <= width, "{line}");
            }
        }
    }

    #[test]
    fn the_totals_keep_the_two_origins_apart() {
        let rows = [
            row("one", Origin::Hand, Fate::Killed),
            row("two", Origin::Mechanical, Fate::Survived),
            row(
                "three",
                Origin::Mechanical,
                Fate::Equivalent {
                    reason: "nobody reads it".to_owned(),
                },
            ),
        ];
        assert_eq!(
            totals(&rows),
            "\n1 mutant by hand: 1 rejected\n\
             2 mutants mechanical: 0 rejected, 1 equivalent, 1 not as it should be\n"
        );
    }
}
