//! Random histories, compared with what a simple sequential model says.

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::proptest::sample::select;
use heddle::sync::{Arc, Mutex};
use heddle::time::Duration;
use kata_14_future::{Future, Promise, Running, TaskError, promise};

/// One step in the life of a task.
#[derive(Clone, Copy, Debug)]
enum Step {
    Start,
    Set,
    Run,
    RunAndPanic,
    Abandon,
    Cancel,
    AddCallback,
    Ask,
}

const STEPS: [Step; 8] = [
    Step::Start,
    Step::Set,
    Step::Run,
    Step::RunAndPanic,
    Step::Abandon,
    Step::Cancel,
    Step::AddCallback,
    Step::Ask,
];

/// What is left to do about the task.
enum Duty {
    Begin(Promise<u32>),
    Finish(Running<u32>),
    Nothing,
}

/// What the sequential model knows.
struct Expected {
    begun: bool,
    outcome: Option<Result<u32, TaskError>>,
}

impl Expected {
    fn end(&mut self, outcome: Result<u32, TaskError>) {
        self.outcome.get_or_insert(outcome);
    }

    /// What `cancel` says.
    fn cancel(&mut self) -> bool {
        if !self.begun {
            self.end(Err(TaskError::Cancelled));
        }
        self.outcome == Some(Err(TaskError::Cancelled))
    }
}

fn copied(future: &Future<u32>) -> Option<Result<u32, TaskError>> {
    let outcome = future.result_timeout(Duration::ZERO)?;
    Some(outcome.map(|value| *value))
}

/// Does the step to the duty, and says what the task should have become.
fn work(step: Step, duty: Duty, expected: &mut Expected) -> Duty {
    match (step, duty) {
        (Step::Start, Duty::Begin(task)) => {
            let running = task.start();
            assert_eq!(running.is_some(), expected.outcome.is_none(), "start");
            expected.begun = true;
            running.map_or(Duty::Nothing, Duty::Finish)
        }
        (Step::Run, Duty::Begin(task)) => {
            expected.begun = true;
            expected.end(Ok(2));
            task.run(|| 2);
            Duty::Nothing
        }
        (Step::RunAndPanic, Duty::Begin(task)) => {
            expected.begun = true;
            expected.end(Err(TaskError::Panicked("words".into())));
            task.run(|| std::panic::resume_unwind(Box::new("words")));
            Duty::Nothing
        }
        (Step::Set, Duty::Finish(running)) => {
            expected.end(Ok(1));
            running.set(1);
            Duty::Nothing
        }
        (Step::Abandon, duty) => {
            expected.begun = true;
            expected.end(Err(TaskError::Abandoned));
            drop(duty_of(duty));
            Duty::Nothing
        }
        (_, duty) => duty,
    }
}

fn duty_of(duty: Duty) -> Option<Result<Promise<u32>, Running<u32>>> {
    match duty {
        Duty::Begin(task) => Some(Ok(task)),
        Duty::Finish(running) => Some(Err(running)),
        Duty::Nothing => None,
    }
}

/// Whatever is done to a task and in whatever order, it ends once and all callbacks hear of it once.
#[test]
fn a_task_ends_once_and_all_hear_of_it() {
    heddle::property(vec(select(&STEPS[..]), 0..12), |steps| {
        let (task, future) = promise();
        let mut duty = Duty::Begin(task);
        let mut expected = Expected {
            begun: false,
            outcome: None,
        };
        let called = Arc::new(Mutex::new(Vec::new()));
        let mut added = 0;
        // In the end nothing may be left open.
        for step in steps.into_iter().chain([Step::Abandon]) {
            match step {
                Step::Cancel => assert_eq!(future.cancel(), expected.cancel(), "cancel"),
                Step::Ask => {}
                Step::AddCallback => {
                    let (called, number) = (Arc::clone(&called), added);
                    added += 1;
                    let noted = move |future: &Future<u32>| {
                        called.lock().unwrap().push((number, copied(future)));
                    };
                    future.on_done(noted);
                }
                step => duty = work(step, duty, &mut expected),
            }
            assert_eq!(copied(&future), expected.outcome);
            assert_eq!(future.is_done(), expected.outcome.is_some());
            let mut heard = Vec::new();
            if let Some(outcome) = &expected.outcome {
                heard = (0..added).map(|it| (it, Some(outcome.clone()))).collect();
            }
            assert_eq!(*called.lock().unwrap(), heard, "the callbacks");
        }
    });
}

/// Whatever text a task panics with, that text is in the error.
#[test]
fn a_panic_keeps_its_text() {
    let text = vec(any::<char>(), 0..200).prop_map(String::from_iter);
    heddle::property(text, |text| {
        let (task, future) = promise::<u32>();
        let payload = Box::new(text.clone());
        task.run(|| std::panic::resume_unwind(payload));
        assert_eq!(copied(&future), Some(Err(TaskError::Panicked(text))));
    });
}

/// Every one of several readers gets the very value that was set.
#[test]
fn readers_share_one_value() {
    heddle::property((any::<u64>(), 1..5_usize), |(value, readers)| {
        let (task, future) = promise();
        let futures: Vec<_> = (0..readers).map(|_| future.clone()).collect();
        task.run(|| value);
        let first = future.result().unwrap();
        assert_eq!(*first, value);
        for future in futures {
            assert!(Arc::ptr_eq(&first, &future.result().unwrap()));
        }
    });
}
