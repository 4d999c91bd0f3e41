//! What the property claims of children call.

use std::thread;

use heddle::proptest::prelude::Strategy;
use heddle::proptest::strategy::{NewTree, ValueTree};
use heddle::proptest::test_runner::TestRunner;

pub fn hang() -> ! {
    loop {
        thread::park();
    }
}

pub fn print(input: impl std::fmt::Debug) {
    eprintln!("tries {input:?}");
}

pub fn unwraps_a_join_after_an_expected_panic(number: u8) {
    let expected = thread::spawn(|| panic!("expected"));
    if number < 128 {
        assert!(expected.join().is_err());
    } else {
        drop(expected.join());
        thread::spawn(|| panic!("not expected")).join().unwrap();
    }
}

/// A strategy whose only input shrinks to one that can't be left again.
#[derive(Clone, Copy, Debug)]
pub struct NineOrThree;

#[derive(Debug)]
pub struct Nine {
    is_three: bool,
}

impl Strategy for NineOrThree {
    type Tree = Nine;
    type Value = u8;

    fn new_tree(&self, _: &mut TestRunner) -> NewTree<Self> {
        Ok(Nine { is_three: false })
    }
}

impl ValueTree for Nine {
    type Value = u8;

    fn current(&self) -> u8 {
        if self.is_three { 3 } else { 9 }
    }

    fn simplify(&mut self) -> bool {
        !std::mem::replace(&mut self.is_three, true)
    }

    fn complicate(&mut self) -> bool {
        false
    }
}

pub fn fails_from_500() {
    heddle::property(0_u32..100_000, |number| {
        eprintln!("tries {number}");
        assert!(number < 500, "too big");
    });
}
