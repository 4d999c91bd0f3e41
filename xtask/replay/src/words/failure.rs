//! How a schedule ends, and how it was found.

use xtask::counterexample::record::{Access, AccessKind, FaultKind, Pass};
use xtask::report::Kind;

use super::Names;

/// The kind of a failure in a word or two.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Assertion => "panic",
        Kind::Todo => "todo!",
        Kind::Deadlock => "deadlock",
        Kind::Livelock => "livelock",
        Kind::DataRace => "data race",
        Kind::UseAfterFree => "use after free",
        Kind::Leak => "leak",
        Kind::Limit => "limit exceeded",
        Kind::Timeout => "out of time",
        Kind::ExitedEarly => "ended early",
        Kind::Crashed => "crash",
        Kind::Accepted => "accepted",
        Kind::Misjudged => "misjudged",
        Kind::Inconclusive => "not finished",
    }
}

/// The first line of the failure's message, with its kind.
pub fn headline(names: &Names<'_>) -> String {
    let failure = &names.record.failure;
    let message = failure.message.lines().next().unwrap_or_default();
    let kind = kind(failure.kind);
    match failure.thread {
        _ if message.is_empty() => kind.to_owned(),
        Some(thread) if failure.kind == Kind::Assertion => {
            format!("{} panics: {message}", names.thread(thread))
        }
        _ => format!("{kind}: {message}"),
    }
}

/// What went wrong, in one sentence or two.
pub fn failure(names: &Names<'_>) -> String {
    let failure = &names.record.failure;
    let message = failure.message.trim();
    let mut told = match failure.thread {
        Some(thread) if matches!(failure.kind, Kind::Assertion | Kind::Todo) => {
            format!("Failure: {} panics: {message}", names.thread(thread))
        }
        _ => format!("Failure, {}: {message}", kind(failure.kind)),
    };
    told = super::sentence::ended(told);
    if let Some(race) = &failure.race {
        told += &format!(
            " {} {} and {}, and nothing orders the two.",
            names.object(race.object),
            access(names, &race.first, "was"),
            access(names, &race.second, "is now"),
        );
    }
    told
}

fn access(names: &Names<'_>, access: &Access, verb: &str) -> String {
    let what = match access.access {
        AccessKind::Write => "written",
        AccessKind::Read => "read",
        AccessKind::Free => "freed",
        AccessKind::Creation => "made",
    };
    let who = names.thread(access.thread);
    match access.step {
        Some(step) => format!("{verb} {what} by {who} in {}", Names::number(step)),
        None => format!("{verb} {what} by {who}"),
    }
}

/// How the schedule was found, in one sentence; nothing on real threads.
pub fn search(names: &Names<'_>) -> Option<String> {
    let search = names.record.search.as_ref()?;
    let mut told = match search.pass {
        Pass::Sequential => "A plain interleaving: no memory ordering is to blame".to_owned(),
        Pass::Orderings => "It needs weak memory: the orderings are to blame".to_owned(),
    };
    if let Some(fault) = &search.fault {
        let thread = names.thread(fault.thread);
        told = match fault.kind {
            FaultKind::Wait => format!("A wait of {thread} returns by itself here, as it may"),
            FaultKind::Park => format!("A park of {thread} returns by itself here, as it may"),
            FaultKind::CompareExchangeWeak => {
                format!("A weak compare-exchange of {thread} fails by itself here, as it may")
            }
            FaultKind::NotifyOne => {
                format!("A notify of {thread} wakes another waiter than the first, as it may")
            }
            FaultKind::Reuse => format!("{thread} gets an address again that was freed"),
        };
    }
    let plural = |count: u64, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let (tried, switches) = (plural(search.schedules, "schedule"), search.switches);
    let switches = if switches == 1 {
        "1 switch".to_owned()
    } else {
        format!("{switches} switches")
    };
    told += &format!("; {switches}, found after {tried}.");
    if search
        .shortening
        .is_some_and(|shortening| shortening.exhausted)
    {
        told += " No shorter one exists on this rung.";
    }
    Some(told)
}
