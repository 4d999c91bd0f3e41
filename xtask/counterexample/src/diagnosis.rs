//! What kind of mistake a schedule shows, as far as the record makes that certain.
//!
//! Each rule looks for one shape of the record and either is sure or says nothing. Without a rule
//! that is sure, the sentence tells what happened and gives it no name.

mod atomics;
mod changes;
mod facts;
mod freed;
mod injected;
mod locks;
mod orderings;
mod panics;
mod parked;
mod plain;
mod sections;
mod sleepers;
#[cfg(test)]
mod tests;
mod wakeups;

pub use facts::Facts;

use super::excerpt::Mark;
use super::page::Places;

/// The kinds of mistakes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Finding {
    /// Two threads each hold the lock that the other waits for.
    DeadlockByOrder,
    /// A thread waits for a lock that it holds itself, or for its own end.
    SelfDeadlock,
    /// A thread ended with a lock in its hands.
    ForgottenUnlock,
    /// A thread sleeps with a lock in its hands for which another waits.
    SleepsWithLock,
    /// A wakeup came before the sleep for which it was meant.
    LostWakeup,
    /// What a thread waits for was changed while it slept, and nobody woke it.
    NeverNotified,
    /// Several sleep, and too few of them are woken.
    NotifyOneTooFew,
    /// A wakeup reached a thread that had no use for it.
    WrongWaiterWoken,
    /// A wakeup reached a thread that had given up.
    WakeupGivenUp,
    /// A thread was woken before there was anything to see.
    WokenTooEarly,
    /// A thread woke for no reason and went on as though there had been one.
    MissingRecheck,
    /// A weak exchange failed for no reason, and that was taken for an answer.
    WeakExchangeTrusted,
    /// The program counts on which waiter is woken.
    TrustsWakeOrder,
    /// A freed address came back, and was taken for the old node.
    ReusedAddress,
    /// A value was written and never published.
    UnpublishedWrite,
    /// A value that was already overwritten was taken for the newest.
    StaleValue,
    /// What was tested was no longer true when it was acted on.
    StaleCheck,
    /// A value was written over another that the writer had not seen.
    LostUpdate,
    /// Something freed was used.
    UseAfterFree,
    /// Something was freed twice.
    DoubleFree,
    /// Something was never freed.
    Leak,
    /// Threads look again and again at what none of them will change.
    SpinsForever,
}

impl Finding {
    /// All of them.
    pub const ALL: [Finding; 22] = [
        Finding::DeadlockByOrder,
        Finding::SelfDeadlock,
        Finding::ForgottenUnlock,
        Finding::SleepsWithLock,
        Finding::LostWakeup,
        Finding::NeverNotified,
        Finding::NotifyOneTooFew,
        Finding::WrongWaiterWoken,
        Finding::WakeupGivenUp,
        Finding::WokenTooEarly,
        Finding::MissingRecheck,
        Finding::WeakExchangeTrusted,
        Finding::TrustsWakeOrder,
        Finding::ReusedAddress,
        Finding::UnpublishedWrite,
        Finding::StaleValue,
        Finding::StaleCheck,
        Finding::LostUpdate,
        Finding::UseAfterFree,
        Finding::DoubleFree,
        Finding::Leak,
        Finding::SpinsForever,
    ];

    /// Its name, as reports have it.
    pub fn name(self) -> &'static str {
        match self {
            Finding::DeadlockByOrder => "deadlock by order",
            Finding::SelfDeadlock => "self-deadlock",
            Finding::ForgottenUnlock => "forgotten unlock",
            Finding::SleepsWithLock => "asleep with a lock held",
            Finding::LostWakeup => "lost wakeup",
            Finding::NeverNotified => "never notified",
            Finding::NotifyOneTooFew => "one notify too few",
            Finding::WrongWaiterWoken => "the wrong waiter woken",
            Finding::WakeupGivenUp => "wakeup lost with a waiter that gave up",
            Finding::WokenTooEarly => "woken too early",
            Finding::MissingRecheck => "no second look after waking",
            Finding::WeakExchangeTrusted => "weak exchange not tried again",
            Finding::TrustsWakeOrder => "reliance on which waiter is woken",
            Finding::ReusedAddress => "reused address (ABA)",
            Finding::UnpublishedWrite => "unpublished write",
            Finding::StaleValue => "stale value",
            Finding::StaleCheck => "stale check (check, then act)",
            Finding::LostUpdate => "lost update",
            Finding::UseAfterFree => "use after free",
            Finding::DoubleFree => "double free",
            Finding::Leak => "leak",
            Finding::SpinsForever => "livelock by spinning",
        }
    }
}

/// What a schedule shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The kind of mistake, where that is certain.
    pub finding: Option<Finding>,
    /// What went wrong, in one sentence.
    pub sentence: String,
    /// The calls in conflict.
    pub marks: Vec<Mark>,
}

impl Diagnosis {
    fn certain(finding: Finding, sentence: String, marks: Vec<Option<Mark>>) -> Diagnosis {
        Diagnosis {
            finding: Some(finding),
            sentence,
            marks: marks.into_iter().flatten().collect(),
        }
    }
}

/// A rule: certain of one kind of mistake, or silent.
type Rule = fn(&Facts<'_>) -> Option<Diagnosis>;

/// How many rules, from the first on, do not ask in which order different threads did things.
const WITHOUT_ORDER: usize = 5;

/// The rules, of which the first that is certain counts: what was put into the schedule comes before
/// what only shows in it.
const RULES: [Rule; 20] = [
    locks::self_deadlock,
    locks::joins_itself,
    locks::forgotten_unlock,
    locks::deadlock_by_order,
    locks::sleeps_with_lock,
    freed::double_free,
    freed::use_after_free,
    freed::leak,
    injected::reused_address,
    injected::missing_recheck,
    injected::weak_exchange_trusted,
    injected::trusts_wake_order,
    orderings::unpublished_write,
    orderings::stale_value,
    parked::given_up,
    changes::looked_too_early,
    parked::too_few,
    sleepers::waiting,
    atomics::written_over_unseen,
    plain::spins_forever,
];

/// Finds out what a record shows.
pub fn diagnose(places: Places<'_>) -> Diagnosis {
    let facts = Facts::of(places);
    // On real threads nobody knows in which order things happened; who holds what is known all the same.
    let rules = match places.record.search {
        Some(_) => &RULES[..],
        None => &RULES[..WITHOUT_ORDER],
    };
    let found = rules.iter().find_map(|rule| rule(&facts));
    found.unwrap_or_else(|| plain::told(&facts))
}
