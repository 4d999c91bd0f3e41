//! What the types must accept; what they must refuse is under `compile_fail`.

use std::cell::Cell;
use std::fmt::Debug;
use std::num::NonZeroUsize;

use kata_15_thread_pool::{AsCompleted, Future, Map, Pending, Pool, TaskError, Wait, as_completed};

fn shared_between_threads<T: Send + Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Copy + PartialEq + Debug>() {}

type NextCompleted = fn(&mut AsCompleted<u8>) -> Option<(usize, Result<u8, TaskError>)>;

/// A pool is shared between threads, so that tasks may submit tasks.
#[test]
fn a_pool_is_shared_between_threads() {
    heddle::spec(|| {
        shared_between_threads::<Pool>();
        sent_to_another_thread::<Pool>();
    });
}

/// A future needs a value that changes threads, and not one that is shared: it has one reader.
#[test]
fn a_future_needs_a_value_that_is_only_send() {
    heddle::spec(|| {
        shared_between_threads::<Future<Cell<u8>>>();
        sent_to_another_thread::<AsCompleted<Cell<u8>>>();
        sent_to_another_thread::<TaskError>();
    });
}

/// The ways to shut down are plain values.
#[test]
fn ways_to_shut_down_are_plain_values() {
    heddle::spec(|| {
        plain_value::<Pending>();
        plain_value::<Wait>();
        assert_ne!(Pending::Run, Pending::Cancel);
        assert_ne!(Wait::Workers, Wait::Nothing);
    });
}

/// The inputs of a map may borrow, as long as the map does not outlive what they borrow.
#[test]
fn a_map_may_take_its_inputs_from_a_borrow() {
    fn lengths<'p>(pool: &'p Pool, texts: &'p [String]) -> Map<'p, usize> {
        let copies = texts.iter().cloned();
        pool.map(copies, NonZeroUsize::MIN, |text: String| text.len())
    }
    heddle::spec(|| {
        let _: for<'p> fn(&'p Pool, &'p [String]) -> Map<'p, usize> = lengths;
        sent_to_another_thread::<String>();
    });
}

/// The calls have the types that the other claims use.
#[test]
fn calls_have_their_types() {
    type Task = fn() -> String;

    fn map<'p>(pool: &'p Pool, inputs: Vec<String>) -> Map<'p, usize> {
        pool.map(inputs, NonZeroUsize::MAX, |text: String| text.len())
    }
    fn completed(futures: Vec<Future<String>>) -> AsCompleted<String> {
        as_completed(futures)
    }
    heddle::spec(|| {
        let _: fn(NonZeroUsize) -> Pool = Pool::new;
        let _: fn(&Pool, Task) -> Future<String> = Pool::submit;
        let _: fn(Pool, Wait, Pending) = Pool::shutdown;
        let _: for<'p> fn(&'p Pool, Vec<String>) -> Map<'p, usize> = map;
        let _: fn(Vec<Future<String>>) -> AsCompleted<String> = completed;
        let _: fn(Future<String>) -> Result<String, TaskError> = Future::result;
        let _: fn(&Future<String>) -> bool = Future::cancel;
        let _: fn(&Future<String>) -> bool = Future::is_done;
        let _: fn(&mut Map<'static, u8>) -> Option<Result<u8, TaskError>> = Map::next;
        let _: NextCompleted = AsCompleted::next;
    });
}
