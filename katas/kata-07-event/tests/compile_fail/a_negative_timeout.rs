//! A negative timeout cannot be written: the units of a `Duration` are unsigned.
//@ error: E0600

use heddle::time::Duration;
use kata_07_event::Event;

fn main() {
    let event = Event::new();
    event.set();
    assert!(event.wait_timeout(Duration::from_millis(1)));
    #[cfg(refused)]
    assert!(event.wait_timeout(Duration::from_millis(-1_u64)));
}
