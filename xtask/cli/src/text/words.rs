//! The words for verdicts, kinds and rungs.

use std::time::Duration;

pub use heddle_counterexample::search::rung_words;
pub use heddle_terms::prose::{clean, cut};

use heddle_terms::report::{Face, Kind, Limit, Verdict};

/// A verdict in a few words, for the headline of a report.
pub fn verdict_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed { .. } => "passed".to_owned(),
        Verdict::NotStarted => "not started".to_owned(),
        Verdict::Unfinished { .. } => "unfinished".to_owned(),
        Verdict::RuleBroken { rule, .. } => format!("rule broken: {rule}"),
        Verdict::BuildFailed {
            interface: true, ..
        } => "does not fit its claims".to_owned(),
        Verdict::BuildFailed { face: None, .. } => "does not compile".to_owned(),
        Verdict::BuildFailed {
            face: Some(face), ..
        } => match face {
            Face::Trace => "does not compile for real threads".to_owned(),
            Face::Model => "does not compile for the model checker".to_owned(),
        },
        Verdict::TypeClaimFailed { claim } if claim.starts_with("compile_fail::") => {
            "a claim about its types fails".to_owned()
        }
        // A claim in types.rs that compiles and then panics is not about types any more.
        Verdict::TypeClaimFailed { .. } => "a claim fails".to_owned(),
        Verdict::SpecFailed { .. } => "a claim fails".to_owned(),
        Verdict::PropertyFailed { .. } => "a generated input breaks it".to_owned(),
        Verdict::ModelFailed { .. } => "a schedule breaks it".to_owned(),
        Verdict::Deadlocked { .. } => "deadlock".to_owned(),
        Verdict::TimedOut { .. } => "out of time".to_owned(),
        Verdict::Crashed { signal, .. } => format!("crashed: {}", signal_words(*signal)),
        Verdict::ExitedEarly { .. } => "ended the process before the claim was over".to_owned(),
        Verdict::LimitExceeded { which, .. } => format!("too much: {}", limit_words(which)),
        Verdict::Inconclusive { .. } => "not decided: the search was not finished".to_owned(),
    }
}

/// A kind of failure in words, for one line about a claim.
pub fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Assertion => "panicked",
        Kind::Todo => "met a todo!",
        Kind::Deadlock => "deadlock",
        Kind::Livelock => "livelock: threads run for ever and get nowhere",
        Kind::DataRace => "data race",
        Kind::UseAfterFree => "use after free",
        Kind::Leak => "leak: something was never dropped",
        Kind::Limit => "limit exceeded",
        Kind::Timeout => "out of time",
        Kind::NotRun => "not run",
        Kind::ExitedEarly => "the process ended before the claim did",
        Kind::Crashed => "crashed",
        Kind::Accepted => "compiles, although the types have to refuse it",
        Kind::Misjudged => "the types judge it otherwise than they have to",
        Kind::Inconclusive => "the search was not finished",
    }
}

/// A limit in words.
pub fn limit_words(limit: &Limit) -> String {
    match limit {
        Limit::Threads => "threads in one schedule".to_owned(),
        Limit::Branches => "steps in one schedule".to_owned(),
        Limit::Stack => "stack of a thread".to_owned(),
        Limit::Memory => "memory".to_owned(),
        Limit::Output => "output".to_owned(),
        Limit::Children => "processes".to_owned(),
        Limit::Other(name) => name.clone(),
    }
}

/// What ended a search that was not finished.
pub fn stopped_words(limit: &str) -> &str {
    match limit {
        "budget" => "its budget of processor time was used up",
        other => other,
    }
}

/// A signal by its name where it is a common one.
pub fn signal_words(signal: i32) -> String {
    let name = match signal {
        4 => "SIGILL, an illegal instruction",
        6 => "SIGABRT, abort was called",
        7 => "SIGBUS, a wrong address",
        8 => "SIGFPE, wrong arithmetic",
        9 => "SIGKILL, killed from outside",
        11 => "SIGSEGV, a wrong address",
        13 => "SIGPIPE, nobody read the pipe",
        15 => "SIGTERM, ended from outside",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}

/// A duration in seconds, as a person reads it.
pub fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{seconds:.0} s")
    }
}

/// `kata-05-rlock` as a report's headline has it: `kata-05 rlock`.
pub fn kata_title(id: &str) -> String {
    match id.match_indices('-').nth(1) {
        Some((index, _)) => format!("{} {}", &id[..index], &id[index + 1..]),
        None => id.to_owned(),
    }
}

/// The first lines of a text, with a word about how many were left out.
pub fn shorten(text: &str, lines: usize) -> String {
    let all = text.lines().count();
    // A remark instead of a single line would save nothing.
    if all <= lines + 1 {
        return text.to_owned();
    }
    let kept: Vec<&str> = text.lines().take(lines).collect();
    let left = all - lines;
    format!(
        "{}\n… {left} more lines; --json has them all",
        kept.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(shorten("a\nb", 1), "a\nb");
        assert_eq!(
            shorten("a\nb\nc\nd", 2),
            "a\nb\n… 2 more lines; --json has them all"
        );
    }

    #[test]
    fn a_folder_name_becomes_number_and_slug() {
        assert_eq!(kata_title("kata-05-rlock"), "kata-05 rlock");
        assert_eq!(kata_title("kata-12-bounded-queue"), "kata-12 bounded-queue");
    }
}
