//! The whole report: headline, phases, the first failure, the others, the next step.

use heddle_terms::report::{ClaimReport, Kind, Outcome, Phase, Report, Verdict};

use super::super::console::{Style, wrap};
use super::advice::next_step;
use super::excerpt::Sources;
use super::others::others;
use super::words::{clean, kata_title, seconds, verdict_words};
use super::{failure, phases, proof};

/// What a report is rendered with besides what it says itself.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The kata that comes after this one.
    pub next: Option<String>,
    /// The story of the known mutant that fails in just the same way.
    pub known_mistake: Option<String>,
}

/// The report as text.
pub fn render(report: &Report, sources: &Sources, beside: &Beside, style: Style) -> String {
    let mut text = headline(report, style);
    text += "\n";
    // Of a stub the rules alone were looked at, and that is not worth a table.
    if report.verdict != Verdict::NotStarted {
        text += &phases::table(&report.phases, style);
        text += "\n";
    }
    let (first, told) = first_failure(report, sources, style);
    text += &told;
    if let Some(story) = &beside.known_mistake {
        // What it is like, and not what it is: another mistake may look the same from here.
        let words = format!("It behaves like a known mistake: {story}");
        text += &format!("\n{}", style.open(&wrap(&words, "    ", style.width)));
    }
    let modelled = first
        .and_then(|first| report.claim(first))
        .and_then(|claim| modelled_hang(report, claim))
        .map(ClaimReport::id);
    let in_full: Vec<&str> = first.into_iter().chain(modelled.as_deref()).collect();
    text += &others(report, &in_full, style);
    text += &remarks(report, style);
    let step = next_step(report, beside.next.as_deref());
    if !step.is_empty() {
        let step = wrap(&format!("Next: {step}"), "  ", style.width);
        text += &format!("\n{step}");
    }
    text
}

/// The verdict on one line, for a list of gradings.
pub fn one_line(report: &Report, style: Style) -> String {
    let name = format!("{:<22}", kata_title(&report.kata));
    let words = format!("{:<44}", verdict_words(&report.verdict));
    let time = style.dim(&seconds(report.took));
    format!("{} {name} {} {time}\n", mark(report, style), words)
}

fn headline(report: &Report, style: Style) -> String {
    let mut head = format!("{} ", kata_title(&report.kata));
    if report.subject != "learner" {
        head += &format!("· {} ", clean(&report.subject));
    }
    let words = verdict_words(&report.verdict);
    let verdict = match &report.verdict {
        Verdict::Passed { .. } => style.good(&words),
        Verdict::NotStarted | Verdict::Unfinished { .. } | Verdict::Inconclusive { .. } => {
            style.open(&words)
        }
        _ => style.bad(&words),
    };
    let took = seconds(report.took);
    // On a narrow terminal the verdict gets a line of its own.
    let long = head.chars().count() + words.chars().count() + took.len() + 7 > style.width;
    let gap = if long { "\n  " } else { "" };
    let time = style.dim(&format!("· {took}"));
    format!(
        "{} {}{gap}· {verdict} {time}\n",
        mark(report, style),
        style.bold(&head)
    )
}

fn mark(report: &Report, style: Style) -> String {
    match &report.verdict {
        Verdict::Passed { .. } => style.good("✓"),
        Verdict::NotStarted | Verdict::Unfinished { .. } => style.open("○"),
        Verdict::Inconclusive { .. } => style.open("?"),
        _ => style.bad("✗"),
    }
}

/// What the verdict is about, in full, and the id of the claim that it tells of.
fn first_failure<'a>(
    report: &'a Report,
    sources: &Sources,
    style: Style,
) -> (Option<&'a str>, String) {
    match &report.verdict {
        Verdict::Passed { .. } => (None, proof::proven(report, style)),
        Verdict::NotStarted => {
            let welcome = format!(
                "This is the stub as it was shipped. The task: {}.",
                report.title.trim_end_matches('.')
            );
            (None, wrap(&welcome, "  ", style.width))
        }
        Verdict::Unfinished {
            place,
            message,
            claim,
        } => (
            claim.as_deref(),
            failure::todo(place, message, sources, style),
        ),
        Verdict::RuleBroken { .. } => {
            let broken = report.phases.iter().flat_map(|phase| &phase.broken).next();
            let told = broken.map(|broken| failure::rule(broken, sources, style));
            (None, told.unwrap_or_default())
        }
        Verdict::BuildFailed {
            diagnostics,
            interface,
            ..
        } => {
            let first = diagnostics.iter().find(|one| one.level == "error");
            let told = first.map(|first| failure::diagnostic(first, *interface, style));
            (None, told.unwrap_or_default())
        }
        Verdict::TypeClaimFailed { claim }
        | Verdict::SpecFailed { claim }
        | Verdict::PropertyFailed { claim, .. }
        | Verdict::ModelFailed { claim, .. }
        | Verdict::Deadlocked { claim, .. }
        | Verdict::TimedOut { claim, .. }
        | Verdict::Crashed { claim, .. }
        | Verdict::ExitedEarly { claim }
        | Verdict::LimitExceeded { claim, .. }
        | Verdict::Inconclusive { claim, .. } => {
            let told = report.claim(claim).map(|found| {
                let file = &report.file;
                match modelled_hang(report, found) {
                    Some(schedule) => failure::hang(found, schedule, file, sources, style),
                    None => failure::claim(found, file, sources, style),
                }
            });
            (Some(claim), told.unwrap_or_default())
        }
    }
}

/// The claim of the model with the shortest schedule that hangs, where another one hangs on real
/// threads.
fn modelled_hang<'a>(report: &'a Report, claim: &ClaimReport) -> Option<&'a ClaimReport> {
    let hangs = |kind| matches!(kind, Some(Kind::Deadlock | Kind::Livelock | Kind::Timeout));
    if claim.phase == Phase::Model || !hangs(claim.kind()) {
        return None;
    }
    let schedules = report.claims().filter_map(|other| {
        let Outcome::Failed(failure) = &other.outcome else {
            return None;
        };
        let record = failure.counterexample.as_ref()?;
        let search = record.search.as_ref()?;
        let length = (search.switches, record.steps.len());
        hangs(other.kind()).then_some((length, other))
    });
    schedules
        .min_by_key(|(length, _)| *length)
        .map(|(_, other)| other)
}

fn remarks(report: &Report, style: Style) -> String {
    let mut text = String::new();
    for remark in &report.remarks {
        let words = match &remark.place {
            Some(place) => format!("Note: {} ({place})", clean(&remark.message)),
            None => format!("Note: {}", clean(&remark.message)),
        };
        let wrapped = wrap(&words, "  ", style.width);
        text += &format!("\n{}\n", style.open(wrapped.trim_end()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn rendered(name: &str, width: usize) -> String {
        let style = Style {
            colour: false,
            width,
        };
        let report = samples::report(name);
        render(
            &report,
            &samples::sources(),
            &Beside {
                next: Some("kata-08 condition".to_owned()),
                known_mistake: None,
            },
            style,
        )
    }

    /// Run with `--nocapture` to read them all.
    #[test]
    fn no_line_of_a_report_is_wider_than_the_terminal() {
        for width in [60, 80, 100] {
            for name in samples::NAMES {
                let text = rendered(name, width);
                println!("{text}\n{}", "-".repeat(width));
                for line in text.lines() {
                    let columns = line.chars().count();
                    assert!(columns <= width, "{name}: {columns} columns: {line}");
                }
            }
        }
    }

    /// Of a hang on real threads the model's schedule is shown, where it has one.
    #[test]
    fn a_hang_is_told_by_the_schedule_of_the_model() {
        let mut report = samples::report("deadlock");
        let mut model = samples::report("model").phases.remove(5);
        for claim in &mut model.claims {
            if let Outcome::Failed(failure) = &mut claim.outcome {
                failure.kind = Kind::Deadlock;
            }
        }
        let shown = model.claims[0].name.clone();
        report.phases[5] = model;
        let text = render(
            &report,
            &samples::sources(),
            &Beside::default(),
            Style::PLAIN,
        );
        assert!(text.contains("spec · the_owner_may_lock_again"), "{text}");
        assert!(text.contains("The model hangs as well"), "{text}");
        assert_eq!(
            text.matches(&format!("model · {shown}")).count(),
            1,
            "not among the others: {text}"
        );
    }

    #[test]
    fn a_spec_failure_shows_claim_message_line_and_next_step() {
        assert_eq!(rendered("spec", 100), samples::SPEC_TEXT);
    }

    #[test]
    fn a_pass_says_what_was_proven() {
        assert_eq!(rendered("passed", 100), samples::PASSED_TEXT);
    }

    #[test]
    fn a_stub_is_welcomed_and_says_which_file_to_open() {
        let text = rendered("not-started", 100);
        assert!(text.contains("○ kata-05 rlock · not started"), "{text}");
        assert!(
            text.contains("open katas/kata-05-rlock/src/lib.rs"),
            "{text}"
        );
    }

    #[test]
    fn a_schedule_is_shown_with_its_sentence() {
        let text = rendered("model", 100);
        assert!(
            text.contains("2 switches, found after 37 schedules"),
            "{text}"
        );
        assert!(text.contains("Wrong even without weak memory."), "{text}");
        assert!(text.contains("notify_one changed → nobody waits"), "{text}");
        assert!(
            text.contains("main notifies changed (line 52) after consumer has looked"),
            "{text}"
        );
    }

    #[test]
    fn a_deadlock_tells_what_each_thread_waits_for() {
        let text = rendered("deadlock", 100);
        assert!(
            text.contains("thread `consumer` has been in Condvar::wait"),
            "{text}"
        );
        assert!(text.contains("self.changed.wait(state)"), "{text}");
    }

    #[test]
    fn a_known_mistake_is_said_to_be_like_it_and_no_more() {
        let beside = Beside {
            next: None,
            known_mistake: Some("The waiter looks once.".to_owned()),
        };
        let report = samples::report("model");
        let text = render(&report, &samples::sources(), &beside, Style::PLAIN);
        assert!(
            text.contains("It behaves like a known mistake: The waiter looks once."),
            "{text}"
        );
    }

    #[test]
    fn colours_surround_text_and_never_change_it() {
        let style = Style {
            colour: true,
            width: 100,
        };
        let report = samples::report("spec");
        let coloured = render(&report, &samples::sources(), &Beside::default(), style);
        let mut plain = String::new();
        for (index, part) in coloured.split('\x1b').enumerate() {
            plain += if index == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            };
        }
        let expected = render(
            &report,
            &samples::sources(),
            &Beside::default(),
            Style::PLAIN,
        );
        assert_eq!(plain, expected);
    }
}
