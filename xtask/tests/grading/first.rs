//! What a grading begins with when the first failure is enough.

use heddle_terms::report::{ClaimReport, Face, Phase, PhaseStatus, Report};
use xtask::grade::{First, Options, grade};
use xtask::subject::Subject;

use crate::world::kata;

/// Who is satisfied with the first failure gets the same verdict without the model; what holds is tried
/// on every face all the same.
#[test]
fn failing_fast_leaves_the_verdict_as_it_is() {
    let tally = kata("2");
    let hasty = Options {
        fail_fast: Some(First::Face(Face::Trace)),
        ..Options::default()
    };
    let solution = std::fs::read_to_string(tally.solution_file()).expect("readable");
    let subject = |from: &str, to: &str| {
        assert!(solution.contains(from));
        let label = "a wrong tally".to_owned();
        let text = solution.replacen(from, to, 1);
        Subject::Source { label, text }
    };
    let wrong = subject("fetch_add(1", "fetch_add(2");
    let verdict = |options| grade(&tally, &wrong, options).expect("no fault");
    let (whole, fast) = (verdict(&Options::default()), verdict(&hasty));
    assert_eq!(fast.verdict, whole.verdict);
    let model = |report: &Report| report.phases[Phase::Model as usize].clone();
    assert_eq!(model(&whole).status, PhaseStatus::Failed);
    assert_eq!(model(&fast).status, PhaseStatus::NotReached);
    assert!(model(&fast).claims.is_empty());

    let lossy = "self.count.store(self.count.load(Ordering::Relaxed) + 1";
    let racing = subject("self.count.fetch_add(1", lossy);
    let report = grade(&tally, &racing, &hasty).expect("no fault");
    assert_eq!(model(&report).status, PhaseStatus::Failed);
    let report = grade(&tally, &Subject::Solution, &hasty).expect("no fault");
    assert!(report.passed(), "{:?}", report.verdict);
    assert_eq!(model(&report).status, PhaseStatus::Passed);
}

/// A claim that comes first and fails is enough; one that holds is followed by all others, none of them
/// twice.
#[test]
fn a_claim_that_comes_first_is_alone_if_it_fails() {
    let tally = kata("2");
    let solution = std::fs::read_to_string(tally.solution_file()).expect("readable");
    let (sound, lossy) = (
        "self.count.fetch_add(1",
        "self.count.store(self.count.load(Ordering::Relaxed) + 1",
    );
    assert!(solution.contains(sound));
    let wrong = Subject::Source {
        label: "a wrong tally".to_owned(),
        text: solution.replacen(sound, lossy, 1),
    };
    let beginning_with = |first: &str, subject: &Subject| {
        let options = Options {
            fail_fast: Some(First::Claim(first)),
            ..Options::default()
        };
        grade(&tally, subject, &options).expect("no fault")
    };
    let ids = |report: &Report| -> Vec<String> { report.claims().map(ClaimReport::id).collect() };
    let whole = grade(&tally, &wrong, &Options::default()).expect("no fault");
    let (mut failing, mut holding) = (0, 0);
    for claim in whole.claims() {
        let id = claim.id();
        let report = beginning_with(&id, &wrong);
        assert!(!report.passed(), "beginning with {id}");
        assert_eq!(report.claim(&id).expect("it ran").kind(), claim.kind());
        if claim.passed() {
            holding += 1;
            let face = |one: &&ClaimReport| one.phase.face() == claim.phase.face();
            let of_its_face: Vec<String> =
                whole.claims().filter(face).map(ClaimReport::id).collect();
            let ran = ids(&report);
            assert!(of_its_face.iter().all(|id| ran.contains(id)), "{ran:?}");
        } else if claim.phase != Phase::Types {
            failing += 1;
            assert_eq!(ids(&report), [id.as_str()]);
        }
        let held = beginning_with(&id, &Subject::Solution);
        assert!(held.passed(), "{:?}", held.verdict);
        assert_eq!(ids(&held), ids(&whole), "every claim once");
    }
    assert!(failing > 0 && holding > 0);
}
