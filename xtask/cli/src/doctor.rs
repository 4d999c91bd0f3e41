//! `cargo xtask doctor`: what could stop a check from working here, each with its remedy.

mod machine;
mod segments;
mod tools;

use heddle_terms::catalogue::{Catalogue, Workspace};

use super::console::{Done, Outcome, Style, Trouble, say, wrap};

/// What one look at the surroundings found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// What was looked at and found, in one line.
    pub found: String,
    /// What to do about it; empty when there is nothing to do.
    pub remedy: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Fine,
    /// Worth knowing; checks work all the same.
    Notice,
    /// Checks fail or cannot be relied on until it is remedied.
    Problem,
}

impl Finding {
    fn fine(found: impl Into<String>) -> Self {
        Self {
            weight: Weight::Fine,
            found: found.into(),
            remedy: String::new(),
        }
    }

    fn notice(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            weight: Weight::Notice,
            found: found.into(),
            remedy: remedy.into(),
        }
    }

    fn problem(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            weight: Weight::Problem,
            found: found.into(),
            remedy: remedy.into(),
        }
    }
}

/// Looks at everything and reports; not passed when there is a problem.
pub fn run() -> Outcome {
    // The workspace alone: a doctor has to work where the katas cannot be read.
    let workspace = Workspace::discover().map_err(Trouble::fault)?;
    let root = workspace.root.as_path();
    let style = Style::of_stdout();
    let mut findings = Vec::new();
    findings.extend(tools::look(root));
    findings.extend(machine::look(root));
    findings.extend(segments::look());
    findings.extend(katas(&workspace));
    say(&render(&findings, style))?;
    let problem = findings.iter().any(|one| one.weight == Weight::Problem);
    Ok(if problem {
        Done::NotPassed
    } else {
        Done::Passed
    })
}

/// Katas that cannot be read, each with what its error says to do.
fn katas(workspace: &Workspace) -> Vec<Finding> {
    let catalogue = match Catalogue::load(workspace) {
        Ok(catalogue) => catalogue,
        Err(error) => return vec![Finding::problem(error.to_string(), "")],
    };
    let names = catalogue.names();
    let broken: Vec<Finding> = names
        .iter()
        .filter_map(|name| catalogue.open(name).err())
        .map(|error| Finding::problem(error.to_string(), ""))
        .collect();
    if broken.is_empty() {
        return vec![Finding::fine(format!(
            "all katas can be read, {} of them",
            names.len()
        ))];
    }
    broken
}

fn render(findings: &[Finding], style: Style) -> String {
    let mut text = String::new();
    for finding in findings {
        let mark = match finding.weight {
            Weight::Fine => style.good("✓"),
            Weight::Notice => style.open("•"),
            Weight::Problem => style.bad("✗"),
        };
        let found = wrap(&finding.found, "    ", style.width);
        text += &format!("  {mark} {}", found.trim_start());
        if !finding.remedy.is_empty() {
            text += &style.dim(wrap(&finding.remedy, "      ", style.width).trim_end());
            text += "\n";
        }
    }
    let problems = findings
        .iter()
        .filter(|one| one.weight == Weight::Problem)
        .count();
    text += &match problems {
        0 => "\nNothing stands in the way of a check.\n".to_owned(),
        1 => "\n1 problem: what to do stands below it.\n".to_owned(),
        more => format!("\n{more} problems: what to do stands below each.\n"),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_followed_by_its_remedy() {
        let findings = [
            Finding::fine("toolchain 1.95.0, as pinned"),
            Finding::problem("0.2 GiB free in target", "free some disk"),
        ];
        assert_eq!(
            render(&findings, Style::PLAIN),
            "  ✓ toolchain 1.95.0, as pinned\n\
             \x20 ✗ 0.2 GiB free in target\n\
             \x20     free some disk\n\
             \n1 problem: what to do stands below it.\n"
        );
    }
}
