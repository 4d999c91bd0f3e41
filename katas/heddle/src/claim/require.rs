//! What a model claim requires beyond the rungs that every model claim climbs.

/// More than the required rungs of a model claim's ladder; never fewer.
///
/// # Examples
///
/// ```
/// let more = heddle::Require::new().preemptions(3);
/// # let _ = more;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Require {
    preemptions: usize,
    exhaustive: bool,
}

impl Require {
    /// Requires nothing more.
    #[must_use]
    pub fn new() -> Self {
        Require::default()
    }

    /// Requires every schedule with up to this many preemptions.
    ///
    /// A number below what the ladder has anyway changes nothing.
    #[must_use]
    pub fn preemptions(mut self, preemptions: usize) -> Self {
        self.preemptions = self.preemptions.max(preemptions);
        self
    }

    /// Requires every schedule, with any number of preemptions.
    #[must_use]
    pub fn exhaustive(mut self) -> Self {
        self.exhaustive = true;
        self
    }

    /// Whether every schedule is required.
    #[cfg_attr(
        not(feature = "model"),
        expect(dead_code, reason = "only the model climbs")
    )]
    pub(crate) fn is_exhaustive(&self) -> bool {
        self.exhaustive
    }

    /// How many preemptions are required, or 0 for the ladder's own number.
    #[cfg_attr(
        not(feature = "model"),
        expect(dead_code, reason = "only the model climbs")
    )]
    pub(crate) fn most_preemptions(&self) -> usize {
        self.preemptions
    }
}
