//! A generated input in one line of text, and where the random numbers of a claim come from.
//!
//! proptest makes an input in two steps: a seed gives a first value, and shrinking walks from it
//! by simplifying and complicating. Both together name the input exactly, so a kept line holds
//! the seed and the steps: `1:9c41d2a07be35f18:s12c1s3`. Tried again, it gives the very input
//! that failed, whatever the subject does by then.

use std::fmt;
use std::str::FromStr;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{
    Config, Reason, RngAlgorithm, RngSeed, TestRng, TestRunner, noop_result_cache,
};

/// The version of the line, and the only one there is.
const VERSION: &str = "1";

/// One step of shrinking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Simplify,
    Complicate,
}

/// The name of one generated input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) seed: u64,
    pub(super) steps: Vec<Step>,
}

/// A line that names no input.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotKept;

impl Kept {
    /// The input that `seed` gives before any shrinking.
    pub(super) fn fresh(seed: u64) -> Self {
        Kept {
            seed,
            steps: Vec::new(),
        }
    }

    /// Generates the input anew.
    ///
    /// Steps that the strategy no longer takes are passed over: the strategy was changed, and
    /// what comes out is still an input of it.
    pub(super) fn tree<S: Strategy>(&self, strategy: &S) -> Result<S::Tree, Reason> {
        let mut runner = runner(self.seed);
        let mut tree = strategy.new_tree(&mut runner)?;
        for step in &self.steps {
            match step {
                Step::Simplify => tree.simplify(),
                Step::Complicate => tree.complicate(),
            };
        }
        Ok(tree)
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{VERSION}:{:016x}:", self.seed)?;
        for run in self.steps.chunk_by(|one, next| one == next) {
            let letter = match run[0] {
                Step::Simplify => 's',
                Step::Complicate => 'c',
            };
            write!(out, "{letter}{}", run.len())?;
        }
        Ok(())
    }
}

impl FromStr for Kept {
    type Err = NotKept;

    fn from_str(line: &str) -> Result<Self, NotKept> {
        let mut parts = line.trim().splitn(3, ':');
        if parts.next() != Some(VERSION) {
            return Err(NotKept);
        }
        let seed = parts.next().ok_or(NotKept)?;
        let seed = u64::from_str_radix(seed, 16).map_err(|_| NotKept)?;
        let steps = steps_of(parts.next().ok_or(NotKept)?).ok_or(NotKept)?;
        Ok(Kept { seed, steps })
    }
}

/// The seed of the case with this number, under a claim's own seed.
pub(super) fn case_seed(seed: u64, case: u64) -> u64 {
    // Neighbouring claims' seeds must not give neighbouring cases: both pass the mixer.
    mixed(mixed(seed).wrapping_add(case))
}

/// The seed of a claim that nobody has chosen one for: FNV-1a over its kata and its name.
///
/// Written out here because it must not change with a toolchain: a seed in an old report has to
/// mean the same inputs.
pub(super) fn seed_of(kata: &str, claim: &str) -> u64 {
    let name = kata.bytes().chain(*b"::").chain(claim.bytes());
    name.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A generator that depends on `seed` and on nothing else.
fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    for (index, chunk) in bytes.chunks_exact_mut(8).enumerate() {
        chunk.copy_from_slice(&case_seed(seed, index as u64).to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(config(), rng)
}

/// Every option of proptest, by name: `Config::default()` would read the environment.
fn config() -> Config {
    Config {
        cases: 1,
        max_local_rejects: 65_536,
        max_global_rejects: 1024,
        max_flat_map_regens: 1_000_000,
        failure_persistence: None,
        source_file: None,
        test_name: None,
        max_shrink_iters: 0,
        max_default_size_range: 100,
        result_cache: noop_result_cache,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0),
        _non_exhaustive: (),
    }
}

/// The finaliser of SplitMix64: every bit of the input reaches every bit of the output.
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Reads runs such as `s12c1`.
fn steps_of(mut text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    while let Some(letter) = text.chars().next() {
        let step = match letter {
            's' => Step::Simplify,
            'c' => Step::Complicate,
            _ => return None,
        };
        let digits = &text[1..];
        let end = digits
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(digits.len());
        let count: usize = digits[..end].parse().ok()?;
        // More than shrinking ever takes: a line that somebody has edited.
        if steps.len() + count > super::search::MOST_STEPS {
            return None;
        }
        steps.extend(std::iter::repeat_n(step, count));
        text = &digits[end..];
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line gives back the input it was written for.
    #[test]
    fn a_kept_line_reads_back() {
        let mut kept = Kept::fresh(0x9c41_d2a0_7be3_5f18);
        kept.steps.extend([Step::Simplify; 12]);
        kept.steps.push(Step::Complicate);
        kept.steps.push(Step::Simplify);
        let line = kept.to_string();
        assert_eq!(line, "1:9c41d2a07be35f18:s12c1s1");
        assert_eq!(line.parse(), Ok(kept));
    }

    /// Lines that nobody wrote are told apart.
    #[test]
    fn a_foreign_line_is_refused() {
        for line in [
            "",
            "cc 123",
            "2:0:s1",
            "1:xyz:s1",
            "1:0:q1",
            "1:0:s",
            "1:0:s99999999",
        ] {
            assert_eq!(line.parse::<Kept>(), Err(NotKept), "{line:?}");
        }
    }

    /// Seeds in old reports go on meaning the same inputs.
    #[test]
    fn the_seed_of_a_name_never_changes() {
        assert_eq!(seed_of("", ""), seed_of("", ""));
        assert_ne!(seed_of("kata-05-rlock", "a"), seed_of("kata-04-lock", "a"));
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
    }
}
