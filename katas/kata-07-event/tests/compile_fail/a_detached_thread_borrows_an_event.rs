//! A thread that may outlive the event cannot borrow it: share it in an `Arc`, or spawn in a scope.
//@ error: E0373

use kata_07_event::Event;

fn main() {
    let event = Event::new();
    event.set();
    heddle::thread::scope(|scope| {
        scope.spawn(|| event.wait());
    });
    #[cfg(refused)]
    heddle::thread::spawn(|| event.wait());
    event.wait();
}
