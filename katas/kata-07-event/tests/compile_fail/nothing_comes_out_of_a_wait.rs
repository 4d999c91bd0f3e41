//! An event carries no data and has one way to end a wait, so nothing comes out of it.
//@ error: E0308

use kata_07_event::Event;

fn main() {
    let event = Event::new();
    event.set();
    event.wait();
    #[cfg(refused)]
    if event.wait() {}
}
