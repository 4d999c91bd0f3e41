//! How a failing schedule was found.

use crate::claim::json::Object;

/// How a failing schedule was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) rung: String,
    /// Whether all threads see one memory; else the subject's own orderings count.
    pub(crate) sequential: bool,
    /// How many preemptions a schedule of the search may have; `None` for any number.
    pub(crate) preemptions: Option<usize>,
    /// The call that misbehaves: its kind, its thread, and which of that thread's it is.
    pub(crate) fault: Option<(&'static str, u8, u32)>,
    /// How many schedules were tried until the first that fails, in all searches.
    pub(crate) schedules: u64,
    pub(crate) shortening: Option<Shortening>,
    /// How often the schedule switches from one thread to another.
    pub(crate) switches: u64,
}

/// The search for a shorter schedule after the first that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shortening {
    /// How many more schedules were tried.
    pub(crate) schedules: u64,
    /// How many of them fail, in whatever way.
    pub(crate) failures: u64,
    /// Whether the search has come to its end.
    pub(crate) exhausted: bool,
}

impl Search {
    /// The object `search` of a counterexample.
    pub(crate) fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("rung", &self.rung);
        let pass = if self.sequential {
            "sequential"
        } else {
            "orderings"
        };
        object.text("pass", pass);
        object.optional_number("preemptions", self.preemptions.map(|number| number as u64));
        let fault = self.fault.map(|(kind, thread, nth)| {
            let mut object = Object::new();
            object.text("kind", kind);
            object.number("thread", u64::from(thread));
            object.number("nth", u64::from(nth));
            object.finish()
        });
        object.raw("fault", fault.as_deref().unwrap_or("null"));
        object.number("schedules", self.schedules);
        let shortening = self.shortening.as_ref().map(|shortening| {
            let mut object = Object::new();
            object.number("schedules", shortening.schedules);
            object.number("failures", shortening.failures);
            object.raw(
                "exhausted",
                if shortening.exhausted {
                    "true"
                } else {
                    "false"
                },
            );
            object.finish()
        });
        object.raw("shortening", shortening.as_deref().unwrap_or("null"));
        object.number("switches", self.switches);
        object.finish()
    }
}
