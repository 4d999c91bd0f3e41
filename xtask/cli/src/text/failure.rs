//! The first failure, told in full.

use heddle_counterexample::search::sentence;
use heddle_counterexample::{Finding, Role, Setting, page};
use heddle_terms::record::Counterexample;
use heddle_terms::report::{
    ClaimReport, Diagnostic, Face, Failure, Kind, Outcome, Phase, Place, RuleBroken, ThreadState,
};

use super::super::console::{Style, wrap};
use super::excerpt::{Sources, excerpt};
use super::words::{
    clean, cut, kind_words, limit_words, rung_words, shorten, signal_words, stopped_words,
};

/// How many lines of a message, of an input and of the compiler's words are shown.
const MESSAGE: usize = 12;
const INPUT: usize = 20;
const COMPILER: usize = 50;
/// How much of what a process printed is shown when it died.
const LAST_LINES: usize = 8;

/// A claim that does not hold: what it claims, what went wrong, where, and how.
pub fn claim(claim: &ClaimReport, subject: &str, sources: &Sources, style: Style) -> String {
    let mut text = head(claim, style);
    match &claim.outcome {
        Outcome::Passed { .. } => {}
        Outcome::Failed(failure) => text += &told(failure, claim, subject, sources, style),
        Outcome::Inconclusive { rung, limit, .. } => {
            let words = format!(
                "The search stopped on the rung {rung}: {}. What was searched so far is in order, \
                 and that proves nothing about the rest.",
                stopped_words(limit)
            );
            text += &wrap(&words, "    ", style.width);
        }
    }
    text
}

/// The name of a claim, its sentence and its place.
fn head(claim: &ClaimReport, style: Style) -> String {
    let mut text = format!(
        "  {} · {}\n",
        claim.phase,
        style.bold(claim.name.trim_start_matches("compile_fail::"))
    );
    text += &wrap(&claim.sentence, "  ", style.width);
    text += &style.dim(&format!("  {}\n", claim.place));
    text + "\n"
}

/// A claim that hangs on real threads, told by the schedule in which a claim of the model does.
///
/// Of real threads nobody knows what came before what; of a schedule every step.
pub fn hang(
    claim: &ClaimReport,
    modelled: &ClaimReport,
    subject: &str,
    sources: &Sources,
    style: Style,
) -> String {
    let mut text = head(claim, style);
    let place = |record| {
        page(
            record,
            Setting {
                subject,
                sources,
                width: style.width,
            },
        )
    };
    let ended = match &claim.outcome {
        Outcome::Failed(failure) => failure.counterexample.as_ref().map(place),
        _ => None,
    };
    let ended = ended.map_or(String::new(), |page| page.diagnosis.sentence);
    let words = format!("It hangs on real threads. {ended}");
    text += &wrap(words.trim_end(), "    ", style.width);
    let words = "The model hangs as well, and there every step is known:";
    text += &format!("\n{}\n", wrap(words, "  ", style.width));
    text + &self::claim(modelled, subject, sources, style)
}

fn told(
    failure: &Failure,
    claim: &ClaimReport,
    subject: &str,
    sources: &Sources,
    style: Style,
) -> String {
    if let Some(record) = &failure.counterexample {
        return schedule(failure, record, subject, sources, style);
    }
    let mut text = wrap(&what_happened(failure), "    ", style.width);
    if let Some(rung) = &failure.rung {
        let words = sentence(&rung_words(rung));
        text += &wrap(&format!("{words}."), "    ", style.width);
    }
    if let Some(minimal) = &failure.minimal {
        text += "\n    The smallest input that breaks it:\n";
        text += &wrap(&shorten(&clean(minimal), INPUT), "      ", style.width);
    }
    if let Some(place) = &failure.place {
        text += "\n";
        text += &excerpt(sources, place, style);
    }
    text += &threads(&failure.threads, sources, style);
    if failure.kind == Kind::Timeout && failure.threads.is_empty() {
        let words = "No thread waits in an operation of heddle: look for a loop without an end.";
        text += &wrap(words, "    ", style.width);
    }
    if failure.place.is_none() && failure.threads.is_empty() {
        text += &style.dim(&format!("    in {subject}\n"));
    }
    // A model prints in every schedule, and nobody knows which of it belongs to the one that fails.
    if claim.phase != Phase::Model || matches!(failure.kind, Kind::Crashed | Kind::ExitedEarly) {
        text += &printed(&claim.output, style);
    }
    text
}

fn what_happened(failure: &Failure) -> String {
    let message = shorten(&clean(failure.message.trim()), MESSAGE);
    let head = match (failure.kind, failure.signal, &failure.limit) {
        (Kind::Crashed, Some(signal), _) => format!("crashed: {}", signal_words(signal)),
        (Kind::Limit, _, Some(limit)) => {
            let limit = heddle_terms::report::Limit::named(limit);
            format!("limit exceeded: {}", limit_words(&limit))
        }
        (Kind::Assertion | Kind::Accepted | Kind::Misjudged, ..) if !message.is_empty() => {
            return message;
        }
        (kind, ..) => kind_words(kind).to_owned(),
    };
    // A message that begins with the kind needs no head that says the same.
    if message.is_empty() || message.to_lowercase().starts_with(&head.to_lowercase()) {
        let whole = if message.is_empty() { head } else { message };
        return sentence(&whole);
    }
    format!("{}: {message}", sentence(&head))
}

/// What each thread was doing, with its line of source.
fn threads(threads: &[ThreadState], sources: &Sources, style: Style) -> String {
    if threads.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    for thread in threads {
        let words = format!("thread `{}` {}", clean(&thread.name), clean(&thread.doing));
        text += &wrap(&words, "    ", style.width);
        if let Some(place) = &thread.place {
            text += &style.dim(&format!("      {place}\n"));
            if let Some(line) = sources.line(place) {
                let line = cut(&line, style.width.saturating_sub(8));
                text += &format!("        {line}\n");
            }
        }
    }
    text
}

/// What kind of mistake a schedule shows, and its page, dressed.
fn schedule(
    failure: &Failure,
    record: &Counterexample,
    subject: &str,
    sources: &Sources,
    style: Style,
) -> String {
    let setting = Setting {
        subject,
        sources,
        width: style.width,
    };
    let page = page(record, setting);
    let finding = page.diagnosis.finding.map(Finding::name);
    let message = shorten(&clean(failure.message.trim()), MESSAGE);
    let head = match (failure.kind, finding) {
        // What it said is the learner's or the claim's own.
        (Kind::Assertion | Kind::Todo | Kind::Limit, None) => what_happened(failure),
        (Kind::Assertion, Some(finding)) => format!("{}: {message}", sentence(finding)),
        (kind, None) => sentence(kind_words(kind)),
        (kind, Some(finding)) if finding.starts_with(kind_words(kind)) => sentence(finding),
        (kind, Some(finding)) => format!("{}: {finding}", sentence(kind_words(kind))),
    };
    let mut text = wrap(&head, "    ", style.width) + "\n";
    for line in &page.lines {
        text += &match line.role {
            Role::Heading => style.bold(&line.text),
            Role::Plain => line.text.clone(),
            Role::Odd => style.open(&line.text),
            Role::Dim => style.dim(&line.text),
            Role::Failure => style.bad(&line.text),
        };
        text += "\n";
    }
    text
}

/// The end of what the process of a claim printed.
fn printed(output: &str, style: Style) -> String {
    let output = clean(output);
    let lines: Vec<&str> = output
        .lines()
        .filter(|line| !line.trim().is_empty() && !of_the_harness(line))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n    It printed:\n");
    for line in &lines[lines.len().saturating_sub(LAST_LINES)..] {
        text += &style.dim(&format!("      {line}\n"));
    }
    text
}

fn of_the_harness(line: &str) -> bool {
    line.starts_with("running ") || line.starts_with("test ")
}

/// The first rule that is broken, with its line.
pub fn rule(broken: &RuleBroken, sources: &Sources, style: Style) -> String {
    let mut text = format!("  rules · {}\n", style.bold(&broken.rule));
    text += &wrap(&clean(&broken.message), "  ", style.width);
    text += "\n";
    text += &excerpt(sources, &broken.place, style);
    text
}

/// A `todo!` that was met or remains.
pub fn todo(place: &Place, message: &str, sources: &Sources, style: Style) -> String {
    let mut text = String::from("  There is still something to do here");
    let said = message.trim().strip_prefix("not yet implemented");
    let said = said.unwrap_or(message).trim_start_matches(':');
    text += &match clean(said.trim()) {
        said if said.is_empty() => ".\n".to_owned(),
        said => format!(":\n{}", wrap(&said, "    ", style.width)),
    };
    text += "\n";
    text += &excerpt(sources, place, style);
    text
}

/// The first error of the compiler in full; where the subject's interface was changed, `interface`
/// says so.
pub fn diagnostic(first: &Diagnostic, interface: bool, style: Style) -> String {
    let only = match first.faces.as_slice() {
        // The claims of one face name what those of the other do not: that is no matter of faces.
        _ if interface => "",
        [Face::Trace] => "Only the build for real threads says so:\n\n",
        [Face::Model] => {
            "Only the build for the model checker says so; heddle's items there ask for more, such \
             as `'static`:\n\n"
        }
        _ => "",
    };
    let mut text = wrap(only, "  ", style.width);
    let rendered = shorten(&clean(first.rendered.trim_end()), COMPILER);
    for line in rendered.lines() {
        text += &compiler_line(line, style.width);
    }
    text
}

/// A line of the compiler: prose is broken between words, a line of code and what is drawn below it
/// are cut, so that they still stand below each other.
fn compiler_line(line: &str, width: usize) -> String {
    let line = line.trim_end();
    let room = width.saturating_sub(2);
    if line.chars().count() <= room {
        return format!("  {line}").trim_end().to_owned() + "\n";
    }
    let front = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    if front.starts_with('|') || front.starts_with("-->") || front.starts_with(":::") {
        return format!("  {}\n", cut(line, room));
    }
    let lead = line.chars().take_while(|c| *c == ' ').count();
    let hanging = if front.starts_with("= ") {
        lead + 2
    } else {
        lead
    };
    let mut text = String::new();
    for (index, part) in wrap(line.trim_start(), "", room - hanging)
        .lines()
        .enumerate()
    {
        let indent = if index == 0 { lead } else { hanging };
        text += &format!("  {:indent$}{part}\n", "");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_of_the_compiler_is_broken_between_words_and_code_is_cut() {
        assert_eq!(
            compiler_line("   = note: one two three four", 20),
            "     = note: one\n       two three\n       four\n"
        );
        assert_eq!(
            compiler_line("12 |     let one = two_three();", 20),
            "  12 |     let one…\n"
        );
        assert_eq!(compiler_line("error: short", 20), "  error: short\n");
    }
}
