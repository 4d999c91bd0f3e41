//! A buffer whose items may not change threads cannot be shared.
//@ error: E0277

use std::num::NonZeroUsize;
use std::rc::Rc;

use kata_08_condition::BoundedBuffer;

fn shared<T: Sync>(_: &T) {}

fn main() {
    shared(&BoundedBuffer::<u8>::new(NonZeroUsize::MIN));
    #[cfg(refused)]
    shared(&BoundedBuffer::<Rc<u8>>::new(NonZeroUsize::MIN));
}
