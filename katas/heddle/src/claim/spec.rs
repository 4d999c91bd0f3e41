//! `heddle::spec`: a claim that has one outcome, run once.

use super::record::{Passed, Runner};
use super::session::Session;

/// Runs a deterministic claim once, on real threads or processes.
///
/// The claim holds when the closure returns. It is broken when a panic leaves the closure, when a
/// `todo!()` is reached anywhere, and, under the grader, when its threads wait for ever. Panics
/// that the claim catches, or takes out of a `join`, are its own affair.
///
/// A claim ends when its closure does: threads it has not joined are not waited for.
///
/// # Panics
///
/// When the claim is broken, so that the test that calls it fails.
///
/// # Examples
///
/// ```
/// heddle::spec(|| {
///     assert_eq!(1 + 1, 2);
/// });
/// ```
pub fn spec(claim: impl FnOnce()) {
    let mut claim = Some(claim);
    run(&mut || {
        if let Some(claim) = claim.take() {
            claim();
        }
    });
}

/// Not generic, so that it is compiled once with heddle and not once for each claim.
fn run(claim: &mut dyn FnMut()) {
    let session = Session::begin(Runner::Spec);
    match session.attempt(claim) {
        Ok(()) => session.pass(Passed::Spec),
        Err(broken) => session.fail(*broken),
    }
}
