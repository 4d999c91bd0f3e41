//! What the shared value promises, between threads and between processes. Long, as a phase is one file of short claims.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::mem;
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use heddle::process::{Owner, Word};
use heddle::sync::Arc;
use heddle::thread;
use heddle::time::Duration;

use kata_20_shared_value::{Lock, SharedWord, Taken, Value};
use shared_memory::ShmemConf;
use support::peer::Peer;
use support::segments::{cut_off, exists, remove, word_segment};
use support::told::ToldWord;
use support::values::{alive, attempt_of_another, dead, start_reading, start_writing, value};
use support::waiting::{Waiter, results, sleeps_alone, start_of, until_gone, until_it_waits};

mod support;

const MOMENT: Duration = Duration::from_millis(5);

/// Nobody falls asleep over a word whose lower half has changed.
#[test]
fn nobody_sleeps_over_a_changed_word() {
    heddle::spec(|| {
        let word = SharedWord::default();
        assert!(!word.wait(1, MOMENT), "slept");
        assert!(!word.wait(1 << 31, MOMENT), "slept");
    });
}

/// A sleep that nobody ends is over when its time is, however short, and not before, and says so;
/// none at all is over at once.
#[test]
fn a_sleep_ends_with_its_time() {
    heddle::spec(|| {
        for limit in [MOMENT, Duration::from_micros(999), Duration::ZERO] {
            for (time_up, slept) in sleeps_alone(limit) {
                assert!(time_up, "the time was up");
                assert!(slept >= limit, "slept {slept:?} of {limit:?}");
            }
        }
    });
}

/// A wake-up finds who sleeps in another process.
#[test]
fn a_wake_up_crosses_processes() {
    heddle::spec(|| {
        let (segment, word) = word_segment();
        let sleeper = Peer::until("slumber", segment.get_os_id(), "going to sleep");
        until_it_waits(Path::new(&format!("/proc/{}", sleeper.id())));
        assert!(word.wake_one(), "nobody was woken");
        sleeper.ended_well();
        assert!(!word.wake_one(), "somebody was woken where nobody slept");
    });
}

/// A wake-up wakes one of those that sleep, and the next one another, for however long they would.
#[test]
fn a_wake_up_wakes_one() {
    heddle::spec(|| {
        let word = Arc::new(SharedWord::default());
        let sleepers = [Duration::from_secs(3600), Duration::MAX].map(|limit| {
            let word = Arc::clone(&word);
            Waiter::start(move || word.wait(0, limit))
        });
        assert!(sleepers.iter().all(Waiter::waits), "does not sleep");
        assert!(word.wake_one(), "nobody was woken");
        assert!(word.wake_one(), "the first wake-up woke both");
        assert!(!word.wake_one(), "somebody was woken where nobody slept");
        let time_up = results(sleepers);
        assert_eq!(time_up, [false, false], "the time was not up");
    });
}

/// However often a sleep ends, by time or not, the next is for a millisecond to a second, and who
/// waits asks again. Once nobody waits any more, a release costs nothing.
#[test]
fn no_sleep_grows_long() {
    heddle::spec(|| {
        let [holder, waiter] = [1, 2].map(|thread| Owner { thread, started: 1 });
        let word = ToldWord::new(holder);
        let lock = Lock::new(&word);
        lock.acquire();
        word.caller.set(waiter);
        assert_eq!(lock.acquire(), Taken::FromTheDead);
        let sleeps = word.sleeps.take();
        let (shortest, longest) = (Duration::from_millis(1), Duration::from_secs(1));
        let is_bounded = |sleep: &Duration| (shortest..=longest).contains(sleep);
        let other = sleeps.iter().find(|sleep| !is_bounded(sleep));
        assert_eq!(other, None, "a sleep is too short or too long");
        // This one may look for others that wait.
        lock.release();
        word.wake_ups.set(0);
        for _ in 0..3 {
            assert_eq!(lock.acquire(), Taken::Yes);
            lock.release();
        }
        assert_eq!(word.wake_ups.get(), 0, "nobody waits any more");
    });
}

/// A new value is what it was created with, and then what was last set, also by a child.
#[test]
fn a_value_is_what_was_last_set() {
    heddle::spec(|| {
        let value = value(5);
        assert_eq!(value.get(), Ok(5));
        assert_eq!(value.set(-6), Ok(()));
        assert_eq!(value.get(), Ok(-6));
        let guard = alive(value.lock());
        guard.set(guard.get() * 2);
        drop(guard);
        assert_eq!(value.get(), Ok(-12));
        Peer::start("set", &[value.name()]).ended_well();
        assert_eq!(value.get(), Ok(42));
    });
}

/// Four processes that add one a thousand times each make four thousand.
#[test]
fn four_processes_lose_no_addition() {
    heddle::spec(|| {
        let value = value(0);
        let mut peers = [(); 4].map(|()| Peer::until("add", value.name(), "ready"));
        for peer in &mut peers {
            peer.go_on();
        }
        for peer in peers {
            peer.ended_well();
        }
        assert_eq!(value.get(), Ok(4000));
    });
}

/// The thread that holds a lock may take it again, read and write as usual, and use other values.
#[test]
fn the_owner_may_do_everything() {
    heddle::spec(|| {
        let (value, other) = (value(1), value(3));
        let outer = alive(value.lock());
        assert_eq!(other.get(), Ok(3));
        assert_eq!(attempt_of_another(&other), Some(Ok(3)), "still held");
        let inner = alive(value.lock());
        let attempt = alive(value.try_lock().expect("the lock is its own"));
        assert_eq!(value.set(2), Ok(()));
        assert_eq!(value.get(), Ok(2));
        assert_eq!((outer.get(), inner.get(), attempt.get()), (2, 2, 2));
    });
}

/// The lock is free after as many releases as acquires, in any order, and not before.
#[test]
fn the_last_release_frees_the_lock() {
    heddle::spec(|| {
        let value = value(1);
        let mut guards = [(); 3].map(|()| Some(alive(value.lock())));
        for index in [1, 0, 2] {
            assert_eq!(attempt_of_another(&value), None, "free too early");
            guards[index] = None;
        }
        assert_eq!(attempt_of_another(&value), Some(Ok(1)), "still held");
    });
}

/// Five hundred levels are counted; where there may be no more, the next one panics, by either way.
#[test]
fn many_levels_are_counted() {
    heddle::spec(|| {
        let lock = Lock::new(SharedWord::default());
        let attempt = || thread::scope(|it| it.spawn(|| lock.try_acquire()).join().unwrap());
        let deeper = |attempt: bool| {
            catch_unwind(AssertUnwindSafe(|| match attempt {
                true => lock.try_acquire(),
                false => lock.acquire(),
            }))
        };
        let levels = (0..5000)
            .take_while(|level| deeper(level % 2 == 0).is_ok())
            .count();
        for attempt in [true, false] {
            assert!(levels == 5000 || deeper(attempt).is_err(), "one too many");
        }
        assert!(levels >= 500, "only {levels} levels");
        for left in (0..levels).rev() {
            assert!(
                left + 1 < levels || attempt() == Taken::No,
                "free too early"
            );
            lock.release();
        }
        assert_eq!(attempt(), Taken::Yes, "still held");
    });
}

/// Only the thread that holds a lock can release it, a level or all; anybody else panics and changes
/// nothing.
#[test]
fn only_the_owner_releases() {
    heddle::spec(|| {
        let lock = Lock::new(SharedWord::default());
        let release = || catch_unwind(AssertUnwindSafe(|| lock.release()));
        assert!(release().is_err(), "released a free lock");
        for levels in [1, 2] {
            assert_eq!(lock.acquire(), Taken::Yes);
            let (refused, attempt) = thread::scope(|scope| {
                let stranger = scope.spawn(|| (release().is_err(), lock.try_acquire()));
                stranger.join().unwrap()
            });
            assert!(refused, "released another's lock of {levels} levels");
            assert_eq!(attempt, Taken::No, "the lock is held");
        }
        assert!(release().is_ok() && release().is_ok(), "a level is gone");
    });
}

/// A read waits while another thread is between its read and its write.
#[test]
fn a_read_waits_for_the_lock() {
    heddle::spec(|| {
        let value = value(1);
        let guard = alive(value.lock());
        let reader = start_reading(&value);
        assert!(reader.waits(), "read what is about to change");
        guard.set(2);
        drop(guard);
        assert_eq!(reader.result(), Ok(2));
    });
}

/// A write waits while another thread is between its read and its write.
#[test]
fn a_write_waits_for_the_lock() {
    heddle::spec(|| {
        let value = value(1);
        let guard = alive(value.lock());
        let writer = start_writing(&value, 7);
        assert!(writer.waits(), "wrote into what another changes");
        guard.set(guard.get() + 1);
        drop(guard);
        assert_eq!(writer.result(), Ok(()));
        assert_eq!(value.get(), Ok(7));
    });
}

/// A read and a write hold the lock to their end: who is killed in the middle has died as its owner.
#[test]
fn an_access_holds_the_lock_to_its_end() {
    heddle::spec(|| {
        for part in ["fail_reading", "fail_writing"] {
            let value = Value::create([1_u8; 4 << 16]).expect("a segment");
            let status = Peer::start(part, &[value.name()]).status();
            assert_eq!(
                status.signal(),
                Some(11),
                "{part}: not killed by the access"
            );
            drop(dead(value.try_lock().expect("its holder is dead")));
        }
    });
}

/// A panic gives back every level that it unwinds and no other, and nobody is told of a death.
#[test]
fn a_panic_releases_the_lock() {
    heddle::spec(|| {
        let value = value(1);
        let panic_under = |levels: usize| {
            let caught = catch_unwind(AssertUnwindSafe(|| {
                let _guards = Vec::from_iter((0..levels).map(|_| alive(value.lock())));
                std::panic::resume_unwind(Box::new(()));
            }));
            assert!(caught.is_err());
        };
        let outer = alive(value.lock());
        panic_under(1);
        assert_eq!(attempt_of_another(&value), None, "a level too many");
        drop(outer);
        panic_under(2);
        assert_eq!(attempt_of_another(&value), Some(Ok(1)));
    });
}

/// Two openings of one segment have one value and one lock, also within a process.
#[test]
fn two_openings_share_value_and_lock() {
    heddle::spec(|| {
        let value = value(1);
        let other = Arc::new(Value::<i64>::open(value.name()).unwrap());
        let guard = alive(value.lock());
        assert_eq!(attempt_of_another(&other), None, "a lock of its own");
        let late = Arc::new(Value::<i64>::open(value.name()).unwrap());
        assert_eq!(attempt_of_another(&late), None, "opening frees the lock");
        assert_eq!(other.set(2), Ok(()), "the owner may");
        assert_eq!(guard.get(), 2);
        drop(guard);
        assert_eq!(attempt_of_another(&other), Some(Ok(2)));
    });
}

/// A process that holds the lock keeps others out, and its last release wakes who sleeps here.
#[test]
fn a_release_in_another_process_lets_a_waiter_in() {
    heddle::spec(|| {
        let value = value(1);
        let mut holder = Peer::until("hold", value.name(), "held");
        assert!(value.try_lock().is_none(), "the lock is held");
        let waiter = start_reading(&value);
        assert!(waiter.waits(), "got into a held lock");
        holder.go_on();
        assert_eq!(holder.answer(), "released");
        assert_eq!(waiter.result(), Ok(8));
        holder.ended_well();
    });
}

/// The creator removes the segment when it drops the value, whoever holds the lock; who has it open
/// may go on using it.
#[test]
fn a_drop_removes_the_segment() {
    heddle::spec(|| {
        let value = value(1);
        let (name, other) = (value.name().to_owned(), Value::<i64>::open(value.name()));
        let other = other.expect("it was opened in time");
        let mut holder = Peer::until("hold", &name, "held");
        assert!(exists(&name));
        drop(value);
        assert!(!exists(&name), "a segment is left behind");
        assert!(Value::<i64>::open(&name).is_err(), "opened what is gone");
        holder.go_on();
        assert_eq!(holder.answer(), "released");
        assert_eq!(other.get(), Ok(8));
        assert_eq!((other.set(2), other.get()), (Ok(()), Ok(2)));
    });
}

/// A process that has opened a value removes nothing when it ends or is killed.
#[test]
fn who_opened_a_value_removes_nothing() {
    heddle::spec(|| {
        let value = value(1);
        Peer::until("look", value.name(), "open").ended_well();
        drop(Value::<i64>::open(value.name()).unwrap());
        Peer::until("look", value.name(), "open").kill_and_wait();
        assert!(exists(value.name()), "an opener has removed the segment");
        assert_eq!(value.get(), Ok(1));
    });
}

/// A creator that panics leaves no segment behind.
#[test]
fn a_panic_removes_the_segment() {
    heddle::spec(|| {
        let mut creator = Peer::start("create_and_panic", &[]);
        let name = creator.answer();
        assert!(exists(&name));
        creator.go_on();
        assert_eq!(creator.status().code(), Some(101));
        assert!(!exists(&name), "a segment is left behind");
    });
}

/// The name begins with the creating process and its start, so that its leavings can be told.
#[test]
fn the_name_says_who_created_it() {
    heddle::spec(|| {
        let mut creator = Peer::start("create", &[]);
        let (name, id) = (creator.answer(), creator.id());
        let value = Value::<i64>::open(&name).expect("the creator lives");
        creator.kill();
        let expected = format!("heddle-value-{id}-{}-", start_of(id));
        // Nobody else removes it: the creator could not.
        remove(&name);
        assert!(name.starts_with(&expected), "{name} and not {expected}…");
        assert_eq!(value.get(), Ok(1));
    });
}

/// No name is used twice, or a late opener would find another value than it was told of.
#[test]
fn no_name_is_used_twice() {
    heddle::spec(|| {
        let names = [(); 3].map(|()| value(1).name().to_owned());
        let elsewhere = thread::spawn(|| value(1).name().to_owned());
        let elsewhere = BTreeSet::from([elsewhere.join().unwrap()]);
        assert_eq!((&BTreeSet::from(names) | &elsewhere).len(), 4);
    });
}

/// A value is opened as what it was created with, by size, and a segment that is none or was cut
/// off not at all; a refusal removes nothing.
#[test]
fn a_value_of_another_size_is_refused() {
    heddle::spec(|| {
        let value = value(1);
        let stranger = ShmemConf::new().size(1).create().unwrap();
        let long = Value::create([1_u8; 1 << 16]).expect("a segment");
        cut_off(long.name());
        let refused = [
            Value::<u8>::open(value.name()).map(drop),
            Value::<i32>::open(value.name()).map(drop),
            Value::<[i64; 2]>::open(value.name()).map(drop),
            Value::<[u8; 1 << 16]>::open(value.name()).map(drop),
            Value::<i64>::open(stranger.get_os_id()).map(drop),
            Value::<[u8; 1 << 16]>::open(long.name()).map(drop),
        ];
        for result in refused {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidData);
        }
        let other = Value::<u64>::open(value.name()).expect("as many bytes");
        assert_eq!(other.get(), Ok(1));
    });
}

/// A holder that was killed is reported once, before its parent has waited for it, with what it left
/// and to whoever locks, waiting or not; who only opens the value takes no notice. Then the lock is as
/// good as new.
#[test]
fn a_killed_holder_is_reported_once() {
    heddle::spec(|| {
        let value = value(1);
        for waits in [false, true] {
            let mut holder = Peer::until("hold", value.name(), "held");
            holder.kill();
            drop(Value::<i64>::open(value.name()).expect("the creator lives"));
            let guard = dead(match waits {
                true => value.lock(),
                false => value.try_lock().expect("the holder is dead"),
            });
            assert_eq!(guard.get(), 7);
            assert_eq!(attempt_of_another(&value), None, "the successor holds it");
            drop(guard);
            assert_eq!(attempt_of_another(&value), Some(Ok(7)));
        }
    });
}

/// Reading and writing report a death as well, and are done all the same.
#[test]
fn a_read_and_a_write_report_a_death() {
    heddle::spec(|| {
        let value = value(1);
        Peer::until("hold", value.name(), "held").kill_and_wait();
        assert_eq!(dead(start_reading(&value).result()), 7);
        assert_eq!(value.get(), Ok(7));
        Peer::until("hold", value.name(), "held").kill_and_wait();
        dead(start_writing(&value, 9).result());
        assert_eq!(value.get(), Ok(9));
    });
}

/// A thread that ends while it holds the lock is a dead holder, though its process lives.
#[test]
fn a_holder_may_be_a_thread_that_has_ended() {
    heddle::spec(|| {
        let value = value(1);
        let holder = thread::spawn({
            let value = Arc::clone(&value);
            move || {
                let _kept = mem::ManuallyDrop::new(alive(value.lock()));
                Owner::current()
            }
        });
        until_gone(holder.join().unwrap().thread);
        drop(dead(value.try_lock().expect("the holder is dead")));
        assert_eq!(attempt_of_another(&value), Some(Ok(1)));
    });
}

/// Who already sleeps when the holder is killed wakes up, and only the first is told.
#[test]
fn a_killed_holder_strands_nobody() {
    heddle::spec(|| {
        let value = value(1);
        let mut holder = Peer::until("hold", value.name(), "held");
        let waiters = [(); 2].map(|()| start_reading(&value));
        assert!(waiters.iter().all(Waiter::waits), "got into a held lock");
        holder.kill();
        let mut told = results(waiters).map(|result| result.map_err(|died| died.into_inner()));
        told.sort();
        assert_eq!(told, [Ok(7), Err(7)]);
    });
}
