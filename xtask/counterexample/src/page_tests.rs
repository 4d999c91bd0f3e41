//! Pages of records built by hand.

use super::page::{Setting, page};
use super::samples::{SUBJECT, Sample, load, notify_one, record, store, wait};
use heddle_terms::record::{Inside, Op};
use heddle_terms::report::Kind;
use heddle_terms::sources::Sources;

fn shown(record: &Sample, width: usize) -> String {
    let sources = Sources::default().with(SUBJECT, String::new());
    let setting = Setting {
        subject: SUBJECT,
        sources: &sources,
        width,
    };
    page(record, setting).text()
}

fn lost_wakeup() -> Sample {
    record(Kind::Deadlock)
        .objects("Mutex", &["items"])
        .objects("Condvar", &["not_empty"])
        .step(1, 3, Op::Lock { object: 0 })
        .step(1, 4, Op::Unlock { object: 0 })
        .step(0, 9, notify_one(1, &[]))
        .step(1, 5, Op::Lock { object: 0 })
        .step(1, 6, wait(1, 0))
        .blocked(1, 6, Inside::Wait, 1)
}

#[test]
fn a_wide_page_has_a_column_for_each_thread() {
    let text = shown(&lost_wakeup(), 80);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.lines().map(words).collect();
    assert!(lines.contains(&"main one".to_owned()), "{text}");
    let switched = "3 » notify_one not_empty → nobody waits :9".to_owned();
    assert!(lines.contains(&switched), "{text}");
}

#[test]
fn a_narrow_page_names_the_thread_whenever_another_goes_on() {
    let text = shown(&lost_wakeup(), 40);
    let order: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| ["main", "one"].contains(line))
        .collect();
    assert_eq!(order, ["one", "main", "one"], "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 40, "{line}");
    }
}

/// On real threads there is no order between threads, so none is shown, and no rule may build on it.
#[test]
fn real_threads_are_told_one_after_the_other() {
    let mut real = lost_wakeup();
    real.search = None;
    let text = shown(&real, 80);
    assert!(text.contains("one did last"), "{text}");
    assert!(!text.contains('»'), "{text}");
    assert!(
        text.contains("one sleeps, and nobody is left to wake it."),
        "{text}"
    );
}

#[test]
fn rounds_of_a_loop_are_folded() {
    let mut spins = record(Kind::Livelock).objects("AtomicBool", &["ready"]);
    spins = spins.step(0, 2, store(0, "false", "true", "SeqCst"));
    for _ in 0..30 {
        spins = spins.step(1, 3, load(0, "false", "SeqCst"));
    }
    let text = shown(&spins.blocked(1, 3, Inside::Spin, 0), 80);
    assert!(text.contains("… the same 29 times more"), "{text}");
}
