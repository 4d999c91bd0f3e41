//! What the words say of values and of time.

use heddle_terms::record::{Op, Step};

use super::{Names, object, sentence};
use crate::samples::{self, STOLEN};
use crate::timeline::{Detail, Timeline};

/// Free, it is shown; held, it may be something else by now; changed unseen, it is not known.
#[test]
fn what_is_under_a_lock_is_shown_while_it_is_known() {
    let mut replay = samples::replay(STOLEN);
    let steps = &mut replay.record.steps;
    let is_unlock = |number: &usize| matches!(steps[*number].op, Op::Unlock { .. });
    let unlocks: Vec<usize> = (0..steps.len()).filter(is_unlock).collect();
    let [shown, looked, changed] = unlocks[..] else {
        panic!("the sample unlocks three times: {unlocks:?}");
    };
    steps[shown].value_left = Some("[7]".to_owned());
    steps[looked].only_looked = true;

    let names = Names::of(&replay);
    assert_eq!(
        sentence(&names, shown),
        "main unlocks items, which is [7] now."
    );
    assert!(sentence(&names, looked).ends_with(" unlocks items, and has changed nothing."));
    assert!(sentence(&names, changed).ends_with(" unlocks items."));

    let timeline = Timeline::of(&replay.record, Detail::Steps);
    let items = |after: usize| object(&names, 0, &timeline.state(after + 1).objects[0]);
    assert!(items(shown).starts_with("[7]; free"), "{}", items(shown));
    assert!(items(looked - 1).starts_with("held by "));
    assert!(items(looked).starts_with("[7]; free"), "{}", items(looked));
    assert!(items(changed).starts_with("free"), "{}", items(changed));
}

/// A limit is told with its length, where the record has it.
#[test]
fn a_limit_is_told_with_its_length() {
    let mut replay = samples::replay(STOLEN);
    let steps = &mut replay.record.steps;
    let waits = |step: &Step| matches!(step.op, Op::Wait { .. });
    let number = steps.iter().position(waits).expect("somebody waits");
    let Op::Wait { timed, .. } = &mut steps[number].op else {
        unreachable!("it is the step that waits");
    };
    *timed = true;
    let unknown = sentence(&Names::of(&replay), number);
    assert!(unknown.ends_with(", for a limited time."), "{unknown}");
    replay.record.steps[number].time = Some("1 s".to_owned());
    let known = sentence(&Names::of(&replay), number);
    assert!(known.ends_with(", for at most 1 s."), "{known}");
}
