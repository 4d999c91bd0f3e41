//! Who waits for an end, and ends that have come.

use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::thread::{Builder, JoinHandle, until_blocked};
use heddle::time::Duration;
use kata_14_future::{Future, Outcome, Promise, TaskError, promise};

/// Starts a thread that asks for the outcome; when this returns, it waits.
pub fn waiter<T>(future: &Future<T>) -> JoinHandle<Outcome<T>>
where
    T: Send + Sync + 'static,
{
    let future = future.clone();
    let waiter = Builder::new().name("waiter".into());
    let waiter = waiter.spawn(move || future.result()).unwrap();
    until_blocked(waiter.thread());
    waiter
}

pub fn finished(value: u32) -> Future<u32> {
    let (task, future) = promise();
    task.run(|| value);
    future
}

pub fn panicked(text: &str) -> Outcome<u32> {
    Err(TaskError::Panicked(text.into()))
}

/// The ways in which a task ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Set,
    Run,
    Panic,
    Cancel,
    Drop,
    DropBegun,
    DropInAPanic,
    DropBegunInAPanic,
}

impl End {
    pub const ALL: [Self; 8] = [
        Self::Set,
        Self::Run,
        Self::Panic,
        Self::Cancel,
        Self::Drop,
        Self::DropBegun,
        Self::DropInAPanic,
        Self::DropBegunInAPanic,
    ];

    /// Ends a task that has not begun in this way; no panic but that of a callback comes out.
    pub fn of(self, task: Promise<u32>, future: &Future<u32>) {
        let start = |task: Promise<u32>| task.start().expect("nobody has cancelled");
        match self {
            Self::Set => start(task).set(1),
            Self::Run => task.run(|| 1),
            Self::Panic => task.run(|| panic!("words")),
            Self::Cancel => assert!(future.cancel(), "nobody has begun"),
            Self::Drop => drop(task),
            Self::DropBegun => drop(start(task)),
            Self::DropInAPanic => drops_in_a_panic(task),
            Self::DropBegunInAPanic => drops_in_a_panic(start(task)),
        }
    }

    pub fn outcome(self) -> Result<u32, TaskError> {
        match self {
            Self::Set | Self::Run => Ok(1),
            Self::Panic => Err(TaskError::Panicked("words".into())),
            Self::Cancel => Err(TaskError::Cancelled),
            _ => Err(TaskError::Abandoned),
        }
    }
}

fn drops_in_a_panic<T>(duty: T) {
    let fails = move || {
        let _duty = duty;
        panic!("nothing was set");
    };
    assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
}

/// Starts a thread that waits with a limit which will not come; when this returns, it waits.
pub fn patient(future: &Future<u32>, limit: Duration) -> JoinHandle<Outcome<u32>> {
    let future = future.clone();
    let patient = Builder::new().name("patient".into());
    let patient = patient.spawn(move || future.result_timeout(limit).expect("gave up"));
    let patient = patient.unwrap();
    until_blocked(patient.thread());
    patient
}

pub fn copied(outcome: Outcome<u32>) -> Result<u32, TaskError> {
    outcome.map(|value| *value)
}
