//! One claim from the entry of its runner to its end in the record.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::grader::{self, Grader};
use super::panics::{self, Scope, Seen};
use super::record::{Event, Failure, Passed, Runner, ThreadState};
use super::threads;
use super::watchdog::Watchdog;

/// A claim that is running.
#[derive(Debug)]
pub(crate) struct Session {
    runner: Runner,
    grader: Option<Grader>,
    case: Arc<Mutex<Case>>,
    scope: Scope,
    watchdog: Option<Watchdog>,
}

/// The input that a property is trying, kept where the watchdog finds it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) input: Option<String>,
    pub(crate) seed: Option<u64>,
    pub(crate) kept: Option<String>,
}

/// How a claim, or one case of it, was broken.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) cause: Seen,
    threads: Vec<ThreadState>,
    /// What left the claim; `None` when a `todo!()` was caught on the way.
    payload: Option<Box<dyn Any + Send>>,
}

impl Session {
    /// Takes the grader, says that the claim has started, and watches over it.
    pub(crate) fn begin(runner: Runner) -> Self {
        let grader = grader::take();
        let scope = match grader {
            Some(_) => Scope::Process,
            None => Scope::Thread(thread::current().id()),
        };
        threads::enter();
        panics::listen();
        panics::forget(scope);
        let case = Arc::new(Mutex::new(Case::default()));
        let watchdog = grader.as_ref().map(|grader| {
            grader.write(&Event::Started { runner });
            panics::leave_to_the_record();
            tell_before_abort(grader.clone(), runner, Arc::clone(&case));
            let case = Arc::clone(&case);
            Watchdog::start(grader, runner, move |failure| {
                blame_todo(failure);
                add_case(failure, &case);
            })
        });
        Session {
            runner,
            grader,
            case,
            scope,
            watchdog,
        }
    }

    #[cfg(feature = "property")]
    /// What the grader asks for; defaults where there is none.
    pub(crate) fn settings(&self) -> grader::Settings {
        self.grader
            .as_ref()
            .map(|grader| grader.settings().clone())
            .unwrap_or_default()
    }

    #[cfg(feature = "property")]
    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    #[cfg(feature = "property")]
    /// Names the input that is tried from now on.
    pub(crate) fn set_case(&self, case: Case) {
        threads::begin_case();
        *self.case.lock().unwrap_or_else(PoisonError::into_inner) = case;
    }

    /// Runs a part of the claim and tells how it was broken, if it was.
    pub(crate) fn attempt<R>(&self, part: impl FnOnce() -> R) -> Result<R, Box<Broken>> {
        let broken = |cause, payload| {
            Box::new(Broken {
                cause,
                threads: panics::elsewhere(self.scope),
                payload,
            })
        };
        match panic::catch_unwind(AssertUnwindSafe(part)) {
            Ok(value) => match panics::first_todo(self.scope) {
                Some(todo) => Err(broken(todo, None)),
                None => Ok(value),
            },
            Err(payload) => {
                let cause = panics::cause_of(&*payload, self.scope);
                Err(broken(cause, Some(payload)))
            }
        }
    }

    /// The claim holds.
    pub(crate) fn pass(self, passed: Passed) {
        self.end(&Event::Passed(passed));
    }

    /// The claim is broken: says so in the record, then to the test harness.
    pub(crate) fn fail(self, broken: Broken) -> ! {
        let cause = &broken.cause;
        let mut failure = Failure::new(self.runner, cause.kind(), &cause.message);
        failure.place.clone_from(&cause.place);
        failure.threads = broken.threads;
        add_case(&mut failure, &self.case);
        let (message, told) = (failure.message.clone(), for_a_person(&failure));
        let is_silent = self.runner == Runner::Property && self.grader.is_none();
        self.end(&Event::Failed(Box::new(failure)));
        if is_silent {
            eprintln!("{told}");
        }
        match broken.payload {
            // The panic has been printed by now, by the hook or above.
            Some(payload) => panic::resume_unwind(payload),
            None => panic!("a `todo!()` was reached: {message}"),
        }
    }

    #[cfg(feature = "property")]
    /// The claim cannot be judged, and the subject is not to blame.
    pub(crate) fn fault(self, message: String) -> ! {
        self.end(&Event::Fault {
            message: message.clone(),
        });
        panic!("heddle: {message}");
    }

    fn end(self, event: &Event) {
        let Some(grader) = self.grader else { return };
        if !grader.end(event) {
            // The watchdog has ended this claim, and the process ends any moment.
            loop {
                thread::park();
            }
        }
        if let Some(watchdog) = self.watchdog {
            watchdog.stop();
        }
    }
}

/// A destructor that panics while another panic unwinds aborts the process: the record is
/// written before that.
fn tell_before_abort(grader: Grader, runner: Runner, case: Arc<Mutex<Case>>) {
    panics::before_abort(move |last| {
        let mut failure = Failure::new(runner, last.kind(), &last.message);
        failure.place.clone_from(&last.place);
        failure.threads = panics::elsewhere(Scope::Process);
        if let Some((first, in_drop)) = panics::behind_abort(last) {
            failure.kind = first.kind();
            failure.message = match &in_drop {
                Some(_) => format!("{} (then a second panic while it unwinds)", first.message),
                None => format!("{} (then: {})", first.message, last.message),
            };
            failure.place = first.place;
            // Either may be the mistake: the claim may have provoked the first.
            let second = in_drop
                .map(|seen| seen.doing("panicked while that unwound, which ends the process"));
            failure.threads.splice(0..0, second);
        }
        add_case(&mut failure, &case);
        let _ = grader.end(&Event::Failed(Box::new(failure)));
    });
}

/// What a property has found; its panics were not printed as they came.
fn for_a_person(failure: &Failure) -> String {
    let input = failure.minimal.as_deref().unwrap_or("none was given yet");
    let place = failure.place.as_ref().map_or(String::new(), |place| {
        format!("\n  at {}:{}", place.file, place.line)
    });
    format!("{}{place}\n  with the input {input}", failure.message)
}

/// A thread that died of a `todo!()` is why the others wait for ever.
fn blame_todo(failure: &mut Failure) {
    if let Some(todo) = panics::first_todo(Scope::Process) {
        failure.kind = todo.kind();
        failure.message = todo.message;
        failure.place = todo.place;
    }
    failure.threads.extend(panics::elsewhere(Scope::Process));
}

fn add_case(failure: &mut Failure, case: &Mutex<Case>) {
    let case = case.lock().unwrap_or_else(PoisonError::into_inner);
    failure.minimal.clone_from(&case.input);
    failure.seed = case.seed;
    failure.kept.clone_from(&case.kept);
}
