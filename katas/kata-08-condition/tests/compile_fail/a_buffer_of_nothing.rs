//! A buffer without room, in which every `put` would wait for ever, cannot be made.
//@ error: E0308

use std::num::NonZeroUsize;

use kata_08_condition::BoundedBuffer;

fn main() {
    let buffer: BoundedBuffer<u8> = BoundedBuffer::new(NonZeroUsize::MIN);
    buffer.put(1);
    #[cfg(refused)]
    let _: BoundedBuffer<u8> = BoundedBuffer::new(0);
}
