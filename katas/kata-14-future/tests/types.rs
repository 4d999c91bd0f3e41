//! What the types must accept; what they must refuse is under `compile_fail`.

use std::error::Error;
use std::fmt::Debug;

use heddle::sync::Arc;
use heddle::time::Duration;
use kata_14_future::{Future, Outcome, Promise, Running, TaskError, promise};

fn shared_between_threads<T: Send + Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Clone + PartialEq + Debug + Send + Sync + 'static>() {}

/// A value that cannot be copied.
struct Unique;

/// Futures are shared and sent, promises and begun tasks are sent.
#[test]
fn both_sides_change_threads() {
    heddle::spec(|| {
        shared_between_threads::<Future<String>>();
        sent_to_another_thread::<Promise<String>>();
        sent_to_another_thread::<Running<String>>();
    });
}

/// A future is cloned whatever its value is, because all share the one value.
#[test]
fn a_future_is_cloned_whatever_its_value() {
    heddle::spec(|| {
        let (task, future) = promise::<Unique>();
        let other: Future<Unique> = future.clone();
        drop(task);
        drop((future, other));
    });
}

/// An error is a plain value that can be compared, printed and sent.
#[test]
fn an_error_is_a_plain_value() {
    heddle::spec(|| {
        plain_value::<TaskError>();
        let errors = [
            TaskError::Cancelled,
            TaskError::Panicked(String::new()),
            TaskError::Abandoned,
        ];
        assert_ne!(errors[0], errors[2]);
        assert_ne!(errors[1], TaskError::Panicked("a text".into()));
    });
}

/// An error says what happened, and can be passed on with `?`.
#[test]
fn an_error_can_be_passed_on() {
    type Passed = Result<u8, Box<dyn Error + Send + Sync>>;

    fn asks(future: &Future<u8>) -> Passed {
        Ok(*future.result()?)
    }
    heddle::spec(|| {
        let _: fn(&Future<u8>) -> Passed = asks;
        let error = TaskError::Panicked("words".into());
        assert!(error.to_string().contains("words"), "{error}");
    });
}

/// The calls have the types that the other claims use.
#[test]
fn calls_have_their_types() {
    type Callback = fn(&Future<Unique>);

    heddle::spec(|| {
        let _: fn() -> (Promise<Unique>, Future<Unique>) = promise;
        let _: fn(Promise<Unique>) -> Option<Running<Unique>> = Promise::start;
        let _: fn(Promise<Unique>, fn() -> Unique) = Promise::run;
        let _: fn(Running<Unique>, Unique) = Running::set;
        let _: fn(&Future<Unique>) -> Result<Arc<Unique>, TaskError> = Future::result;
        let _: fn(&Future<Unique>, Duration) -> Option<Outcome<Unique>> = Future::result_timeout;
        let _: fn(&Future<Unique>) -> bool = Future::cancel;
        let _: fn(&Future<Unique>) -> bool = Future::is_done;
        let _: fn(&Future<Unique>, Callback) = Future::on_done;
    });
}
