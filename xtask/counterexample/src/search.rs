//! What is said of the search that found a schedule.

use super::words::Names;
use heddle_terms::prose::{count, grouped};
use heddle_terms::record::{Counterexample, Search};

/// How short the schedule is, how it was found, whether a shorter one can exist, and what the rung
/// says about the mistake.
pub fn words(record: &Counterexample, search: &Search) -> String {
    let length = format!(
        "{}, found after {}",
        count(search.switches, "switch"),
        count(search.schedules, "schedule")
    );
    let found = match search.shortening {
        None => format!("A schedule that breaks it: {length}; no shorter one was looked for."),
        Some(more) if more.exhausted => format!(
            "The shortest schedule that breaks it: {length}. The search of this rung was finished \
             and has no shorter one."
        ),
        Some(more) => format!(
            "The shortest schedule that breaks it: {length}. {} more were tried; that there is a \
             shorter one is not ruled out.",
            grouped(more.schedules)
        ),
    };
    let rung = match &search.fault {
        // The thread's name is known here, where the rung has its number.
        Some(fault) => {
            let kind = search.rung.split(':').nth(1).unwrap_or_default();
            let thread = Names::of(record).thread(fault.thread);
            format!("{}; here in {thread}", fault_words(kind))
        }
        None => rung_words(&search.rung),
    };
    format!("{found}\n{}.", sentence(&rung))
}

/// What the rung of the ladder that failed says about the mistake.
pub fn rung_words(rung: &str) -> String {
    let mut parts = rung.split(':');
    match parts.next().unwrap_or_default() {
        "sequential-0" => "wrong even without weak memory, and without any preemption".to_owned(),
        name if name.starts_with("sequential") => "wrong even without weak memory".to_owned(),
        name if name.starts_with("orderings") => {
            "with the strongest orderings no schedule of up to 2 preemptions breaks it: the orderings \
             are too weak, or else it takes more than that"
                .to_owned()
        }
        "fault" => {
            let kind = parts.next().unwrap_or_default();
            match parts.next() {
                Some(thread) => format!("{}; here in thread {thread}", fault_words(kind)),
                None => fault_words(kind),
            }
        }
        other => format!("on the rung {other}"),
    }
}

/// A fault that heddle puts into a schedule, such as a wait that returns by itself.
pub fn fault_words(kind: &str) -> String {
    if kind.contains("park") {
        "a park may return by itself (spurious wakeup)".to_owned()
    } else if kind.contains("wait") {
        "a wait may return by itself (spurious wakeup)".to_owned()
    } else if kind.contains("notify") || kind.contains("wake") {
        "notify_one may wake another waiter".to_owned()
    } else if kind.contains("weak") || kind.contains("cas") || kind.contains("compare") {
        "a compare_exchange_weak may fail although the value matches".to_owned()
    } else if kind.contains("reuse") {
        "an allocation may get the address of what was freed before".to_owned()
    } else {
        format!("the fault `{kind}` may happen")
    }
}

/// The same words with a capital at the beginning.
pub fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rung_says_what_kind_of_mistake_it_is() {
        assert_eq!(rung_words("sequential-1"), "wrong even without weak memory");
        assert!(rung_words("orderings-2").starts_with("with the strongest orderings"));
        assert_eq!(
            rung_words("fault:spurious-wait:consumer:1"),
            "a wait may return by itself (spurious wakeup); here in thread consumer"
        );
    }
}
