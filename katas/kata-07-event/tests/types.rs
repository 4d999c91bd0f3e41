//! What the types of the event accept; `compile_fail/` holds what they refuse.

use heddle::time::Duration;
use kata_07_event::Event;

fn shared_between_threads<T: Sync>(_: &T) {}
fn sent_to_another_thread<T: Send>(_: &T) {}

/// An event is shared and sent freely.
#[test]
fn an_event_is_shared_freely() {
    heddle::spec(|| {
        let event = Event::default();
        shared_between_threads(&event);
        sent_to_another_thread(&event);
    });
}

/// Everything is done through a shared reference, and only a wait with a limit has an answer.
#[test]
fn only_a_wait_with_a_limit_has_an_answer() {
    heddle::spec(|| {
        let _: [fn(&Event); 3] = [Event::set, Event::clear, Event::wait];
        let _: fn(&Event) -> bool = Event::is_set;
        let _: fn(&Event, Duration) -> bool = Event::wait_timeout;
    });
}
