//! A verdict belongs to the bytes that were judged.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use heddle_terms::report::Verdict;
use xtask::grade::{Event, Options, grade};
use xtask::overlay::{Fingerprint, Overlay};
use xtask::subject::Subject;
use xtask::toolchain::Toolchain;

use crate::world::{empty_folder, kata, with_body};

const RIGHT: &str = "number * 2";
const WRONG: &str = "number + 21";

/// A file that is older than the one graded before it, at the same path, is graded anew.
#[test]
fn an_older_file_moved_over_a_newer_one_is_graded_anew() {
    let folder = empty_folder("older");
    let (file, older) = (folder.join("lib.rs"), folder.join("older.rs"));
    fs::write(&older, with_body(WRONG)).expect("writable");
    let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
    let handle = File::options().write(true).open(&older).expect("writable");
    handle.set_modified(long_ago).expect("its time can be set");
    fs::write(&file, with_body(RIGHT)).expect("writable");
    let verdict = |file| {
        let subject = Subject::File(file);
        grade(&kata("1"), &subject, &Options::default())
            .expect("no fault")
            .verdict
    };
    assert!(matches!(verdict(file.clone()), Verdict::Passed { .. }));
    fs::rename(&older, &file).expect("movable");
    assert!(matches!(verdict(file), Verdict::SpecFailed { .. }));
}

/// Two subjects of one kata that are graded at the same time each get their own verdict, fifty times.
#[test]
fn two_gradings_at_a_time_do_not_mix() {
    let kata = kata("1");
    let round = |number: u32| {
        let grade_body = |body: &str| {
            // A text of its own each time, so that nothing is found ready.
            let text = format!("{}\n// Round {number}.\n", with_body(body));
            let subject = Subject::Source {
                label: format!("round {number}"),
                text,
            };
            grade(&kata, &subject, &Options::default())
                .expect("no fault")
                .verdict
        };
        let (right, wrong) = std::thread::scope(|scope| {
            let right = scope.spawn(|| grade_body(RIGHT));
            let wrong = grade_body(WRONG);
            (right.join().expect("no panic"), wrong)
        });
        assert!(
            matches!(right, Verdict::Passed { .. }),
            "round {number}: {right:?}"
        );
        assert!(
            matches!(wrong, Verdict::SpecFailed { .. }),
            "round {number}: {wrong:?}"
        );
    };
    (0..50).for_each(round);
}

/// A file that is saved while it is built is graded as it is in the end.
#[test]
fn a_file_saved_during_the_build_is_graded_as_saved() {
    let file = empty_folder("saved").join("lib.rs");
    fs::write(&file, with_body(RIGHT)).expect("writable");
    let started_over = std::sync::atomic::AtomicU32::new(0);
    let events = |event: Event| match event {
        Event::Building { .. } if started_over.load(std::sync::atomic::Ordering::SeqCst) == 0 => {
            fs::write(&file, with_body(WRONG)).expect("writable");
        }
        Event::StartedOver => {
            started_over.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        _ => (),
    };
    let options = Options {
        events: &events,
        ..Options::default()
    };
    let report = grade(&kata("1"), &Subject::File(file.clone()), &options).expect("no fault");
    assert!(
        matches!(report.verdict, Verdict::SpecFailed { .. }),
        "{:?}",
        report.verdict
    );
    assert!(started_over.into_inner() > 0);
}

/// A text that was saved only while another was built is not found built later on.
#[test]
fn what_was_built_from_a_changing_file_is_not_used_again() {
    let file = empty_folder("unstable").join("lib.rs");
    fs::write(&file, with_body(RIGHT)).expect("writable");
    let first = std::sync::atomic::AtomicBool::new(true);
    let events = |event: Event| {
        let is_first = matches!(event, Event::Building { .. })
            && first.swap(false, std::sync::atomic::Ordering::SeqCst);
        if is_first {
            // What is compiled under the name of the right text is the wrong one.
            fs::write(&file, with_body(WRONG)).expect("writable");
        }
    };
    let options = Options {
        events: &events,
        ..Options::default()
    };
    let subject = Subject::File(file.clone());
    let changed = grade(&kata("1"), &subject, &options)
        .expect("no fault")
        .verdict;
    assert!(matches!(changed, Verdict::SpecFailed { .. }), "{changed:?}");
    // The right text again, and as old as it was: only its name could find the wrong binary.
    fs::write(&file, with_body(RIGHT)).expect("writable");
    let handle = File::options().write(true).open(&file).expect("writable");
    handle
        .set_modified(SystemTime::now() - Duration::from_secs(3600))
        .expect("settable");
    let right = grade(&kata("1"), &subject, &Options::default())
        .expect("no fault")
        .verdict;
    assert!(matches!(right, Verdict::Passed { .. }), "{right:?}");
}

/// What rustc keeps from one build of a file to the next may be damaged: the verdict is the same.
#[test]
fn damaged_leftovers_of_the_compiler_change_no_verdict() {
    let file = empty_folder("damaged").join("lib.rs");
    let verdict = |text: &str| {
        fs::write(&file, text).expect("writable");
        grade(
            &kata("1"),
            &Subject::File(file.clone()),
            &Options::default(),
        )
        .expect("no fault")
        .verdict
    };
    let first = verdict(&with_body(RIGHT));
    assert!(matches!(first, Verdict::Passed { .. }), "{first:?}");
    let kept = kept_of(&file);
    assert!(damage(&kept) > 0, "nothing is kept in {}", kept.display());
    let text = format!("{}\n// An edit.\n", with_body(WRONG));
    let wrong = verdict(&text);
    assert!(matches!(wrong, Verdict::SpecFailed { .. }), "{wrong:?}");
    damage(&kept);
    let right = verdict(&format!("{}\n// Another.\n", with_body(RIGHT)));
    assert!(matches!(right, Verdict::Passed { .. }), "{right:?}");
}

/// Where rustc keeps what it has made of a file.
fn kept_of(file: &Path) -> PathBuf {
    let kata = kata("1");
    let subject = Subject::File(file.to_owned());
    let resolved = subject.resolve(&kata).expect("readable");
    let toolchain = Toolchain::find(&kata.workspace.cargo_root).expect("a compiler");
    let fingerprint = Fingerprint::take(&kata, &resolved, &toolchain).expect("readable");
    let overlay = Overlay::prepare(&kata, &resolved, fingerprint).expect("writable");
    let kept = overlay.faces()[0].incremental.clone();
    kept.expect("a file is edited again and again")
}

/// Overwrites every file below a folder with nonsense; how many there were.
fn damage(folder: &Path) -> usize {
    let mut damaged = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            damaged += damage(&path);
        } else if fs::write(&path, b"nonsense").is_ok() {
            damaged += 1;
        }
    }
    damaged
}

/// Two gradings of one file at a time: only one of them can use what rustc keeps, and both are right.
#[test]
fn two_gradings_of_one_file_agree() {
    let file = empty_folder("twice").join("lib.rs");
    fs::write(&file, with_body(WRONG)).expect("writable");
    let verdict = || {
        let subject = Subject::File(file.clone());
        grade(&kata("1"), &subject, &Options::default())
            .expect("no fault")
            .verdict
    };
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(verdict);
        let other = verdict();
        (one.join().expect("no panic"), other)
    });
    assert!(matches!(one, Verdict::SpecFailed { .. }), "{one:?}");
    assert!(matches!(other, Verdict::SpecFailed { .. }), "{other:?}");
}
