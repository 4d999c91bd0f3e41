//! A queue whose items may not change threads cannot be shared.
//@ error: E0277

use std::rc::Rc;

use kata_12_queue::Queue;

fn shared<T: Sync>(_: &T) {}

fn main() {
    shared(&Queue::<u8>::new(1));
    #[cfg(refused)]
    shared(&Queue::<Rc<u8>>::new(1));
}
