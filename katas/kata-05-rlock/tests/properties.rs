//! The re-entrant lock against a model that is one number.

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::any;
use heddle::proptest::sample::select;
use heddle::thread;
use heddle::time::Duration;

use kata_05_rlock::{NotOwner, RLock, RawRLock, Wait};

/// One call that does not wait, by the owner or by another thread.
#[derive(Clone, Copy, Debug)]
enum Call {
    Acquire(Wait),
    Release,
    GiveUpAll,
    Restore,
    Stranger,
}

/// What is more likely stands more often.
const CALLS: [Call; 8] = [
    Call::Acquire(Wait::No),
    Call::Acquire(Wait::For(Duration::ZERO)),
    Call::Acquire(Wait::Forever),
    Call::Release,
    Call::Release,
    Call::GiveUpAll,
    Call::Restore,
    Call::Stranger,
];

/// Any sequence of calls counts the levels as one number would, and a stranger gets in at 0 only.
#[test]
fn the_levels_are_counted() {
    heddle::property(vec(select(&CALLS[..]), 0..12), |calls| {
        let raw = RawRLock::new();
        let mut depth = 0_usize;
        let mut given_up = Vec::new();
        for call in calls {
            let held = if depth > 0 { Ok(()) } else { Err(NotOwner) };
            match call {
                Call::Acquire(wait) => {
                    assert!(raw.acquire(wait), "{call:?}");
                    depth += 1;
                }
                Call::Release => {
                    assert_eq!(raw.release(), held);
                    depth = depth.saturating_sub(1);
                }
                Call::GiveUpAll => {
                    let levels = raw.give_up_all();
                    assert_eq!(levels.is_ok(), held.is_ok());
                    given_up.extend(levels.ok().map(|levels| (levels, depth)));
                    depth = 0;
                }
                Call::Restore => {
                    if let Some((levels, count)) = given_up.pop() {
                        raw.restore(levels);
                        depth += count;
                    }
                }
                Call::Stranger => thread::scope(|scope| {
                    scope.spawn(|| {
                        assert_eq!((raw.is_owned(), raw.depth()), (false, 0));
                        assert_eq!(raw.release(), Err(NotOwner));
                        if raw.acquire(Wait::No) {
                            assert_eq!(depth, 0, "got into a held lock");
                            raw.release().expect("acquired just now");
                        } else {
                            assert_ne!(depth, 0, "kept out of a free lock");
                        }
                    });
                }),
            }
            assert_eq!((raw.is_owned(), raw.depth()), (depth > 0, depth));
        }
    });
}

/// Guards may be dropped in any order: the depth is their number.
#[test]
fn the_depth_is_the_number_of_guards() {
    heddle::property(vec(any::<(bool, usize)>(), 0..12), |steps| {
        let lock = RLock::new(());
        let mut guards = Vec::new();
        for (take, place) in steps {
            if take || guards.is_empty() {
                guards.push(lock.lock());
            } else {
                drop(guards.swap_remove(place % guards.len()));
            }
            assert_eq!(lock.depth(), guards.len());
        }
    });
}
