//! The event against a model that is one `bool`.

use heddle::proptest::collection::vec;
use heddle::proptest::sample::select;
use heddle::sync::Arc;
use heddle::thread::{self, JoinHandle, until_blocked};
use heddle::time::Duration;
use kata_07_event::Event;

/// One call that does not wait; a wait without a limit only while the event is set.
#[derive(Clone, Copy, Debug)]
enum Call {
    Set,
    Clear,
    Wait,
    WaitNoTime,
}

const CALLS: [Call; 4] = [Call::Set, Call::Clear, Call::Wait, Call::WaitNoTime];

/// Any sequence of calls in one thread answers as a flag would.
#[test]
fn the_event_answers_as_a_flag() {
    heddle::property(vec(select(&CALLS[..]), 0..12), |calls| {
        let event = Event::new();
        let mut flag = false;
        for call in calls {
            match call {
                Call::Set => {
                    event.set();
                    flag = true;
                }
                Call::Clear => {
                    event.clear();
                    flag = false;
                }
                Call::Wait if flag => event.wait(),
                Call::Wait => {}
                Call::WaitNoTime => assert_eq!(event.wait_timeout(Duration::ZERO), flag),
            }
            assert_eq!(event.is_set(), flag, "after {call:?}");
        }
    });
}

/// One step in the life of an event that threads wait for.
#[derive(Clone, Copy, Debug)]
enum Step {
    Come,
    Set,
    Clear,
}

const STEPS: [Step; 4] = [Step::Come, Step::Come, Step::Set, Step::Clear];

/// Whoever comes while the event is clear waits for the next set, and everybody else goes on.
#[test]
fn threads_wait_exactly_while_it_is_clear() {
    heddle::property(vec(select(&STEPS[..]), 0..10), |steps| {
        let event = Arc::new(Event::new());
        let mut flag = false;
        let mut waiting: Vec<JoinHandle<()>> = Vec::new();
        // In the end nobody may be left behind.
        for step in steps.into_iter().chain([Step::Set]) {
            match step {
                Step::Come => waiting.push(waiter(&event)),
                Step::Clear => event.clear(),
                Step::Set => event.set(),
            }
            flag = match step {
                Step::Come => flag,
                Step::Set => true,
                Step::Clear => false,
            };
            assert_eq!(event.is_set(), flag, "after {step:?}");
            // Those who came while it was set, and those who waited until it was.
            if flag {
                for released in waiting.drain(..) {
                    released.join().unwrap();
                }
            }
            for waiter in &waiting {
                until_blocked(waiter.thread());
            }
        }
    });
}

/// Starts a thread that waits; when this returns, it waits or has gone on.
fn waiter(event: &Arc<Event>) -> JoinHandle<()> {
    let event = Arc::clone(event);
    let waiter = thread::spawn(move || event.wait());
    until_blocked(waiter.thread());
    waiter
}
