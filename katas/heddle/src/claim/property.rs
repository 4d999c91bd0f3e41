//! `heddle::property`: a claim about every input that a strategy gives.

use std::panic::Location;
use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

use proptest::strategy::Strategy;

use super::kept::{Kept, seed_of};
use super::quiet;
use super::record::{Passed, Runner};
use super::search::{Plan, Search, Stopped, half_of};
use super::session::Session;

/// How many inputs a property tries when nobody asks for another number.
const CASES: u64 = 256;

/// Tries a claim on many inputs of a strategy and shrinks the first one that breaks it.
///
/// A claim breaks by a panic that leaves the closure, by a `todo!()` that is reached, or, under
/// the grader, by threads that wait for ever. The inputs depend on the kata's and the claim's
/// names alone, so that every run tries the same; no `PROPTEST_*` variable has a say, and no file
/// is written.
///
/// # Panics
///
/// When an input breaks the claim, after the smallest one found is printed. Also when the
/// strategy rejects too much to give an input.
///
/// # Examples
///
/// ```
/// use heddle::proptest::prelude::any;
///
/// heddle::property(any::<(u8, u8)>(), |(one, other)| {
///     assert_eq!(u16::from(one) + u16::from(other), u16::from(other) + u16::from(one));
/// });
/// ```
#[track_caller]
pub fn property<S: Strategy>(strategy: S, claim: impl Fn(S::Value)) {
    let kata = kata_of(Location::caller().file());
    let session = Session::begin(Runner::Property);
    let plan = match plan(&session, &kata) {
        Ok(plan) => plan,
        Err(reason) => session.fault(reason),
    };
    let hushed = quiet::hush(session.scope());
    let search = Search {
        session: &session,
        strategy: &strategy,
        claim: &claim,
        plan: &plan,
    };
    // Strategies call code too: what panics in there is told like the rest, without an input.
    let outcome = session.attempt(|| search.run());
    drop(hushed);
    match outcome {
        Ok(Ok(cases)) => session.pass(Passed::Property {
            cases,
            seed: plan.seed,
        }),
        Ok(Err(Stopped::NoInput(reason))) => {
            session.fault(format!("the strategy gives no input: {reason}"))
        }
        Ok(Err(Stopped::Broken(broken))) | Err(broken) => session.fail(*broken),
    }
}

/// What to try, or why that can't be said.
fn plan(session: &Session, kata: &str) -> Result<Plan, String> {
    let settings = session.settings();
    let cases = settings.cases.unwrap_or(CASES);
    if cases == 0 {
        return Err("a property that tries 0 inputs shows nothing".to_owned());
    }
    let kept = match &settings.kept_seeds {
        Some(file) => {
            read_kept(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?
        }
        None => Vec::new(),
    };
    Ok(Plan {
        seed: settings
            .seed
            .unwrap_or_else(|| seed_of(kata, &claim_name())),
        cases,
        kept,
        shrink_until: half_of(settings.deadline),
    })
}

/// The kept inputs of a file; lines of another kind are passed over.
fn read_kept(file: &PathBuf) -> io::Result<Vec<Kept>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().filter_map(|line| line.parse().ok()).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The folder above `tests` in the path of a claim's source, which is the kata's name.
fn kata_of(source: &str) -> String {
    Path::new(source)
        .ancestors()
        .find(|folder| folder.ends_with("tests"))
        .and_then(|tests| tests.parent()?.file_name())
        .map(|kata| kata.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The name of the test that runs on this thread, as libtest has it.
fn claim_name() -> String {
    match thread::current().name() {
        Some(name) if name != "main" => name.to_owned(),
        // libtest could not start a thread for the test.
        _ => env::args()
            .skip_while(|argument| argument != "--exact")
            .nth(1)
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name is the same from the workspace's root and by an absolute path.
    #[test]
    fn the_kata_is_named_by_its_folder() {
        let from_root = kata_of("katas/kata-05-rlock/tests/properties.rs");
        assert_eq!(from_root, "kata-05-rlock");
        let absolute = kata_of("/home/me/heddle/katas/kata-05-rlock/tests/properties.rs");
        assert_eq!(absolute, from_root);
    }
}
