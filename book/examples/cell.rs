//! Heddle's cell: the model sees where each access begins and ends.

use heddle::cell::UnsafeCell;

// ANCHOR: cell
pub struct Board {
    text: UnsafeCell<String>,
}

impl Board {
    /// # Safety
    /// Nobody writes meanwhile.
    pub unsafe fn read(&self) -> &str {
        // SAFETY: the caller promises it.
        self.text.with(|text| unsafe { &*text })
    }

    /// # Safety
    /// Nobody else reads or writes meanwhile.
    pub unsafe fn wipe(&self) {
        // SAFETY: the caller promises it.
        self.text.with_mut(|text| unsafe { (*text).clear() });
    }
}
// ANCHOR_END: cell

fn main() {
    let board = Board {
        text: UnsafeCell::new(String::from("mind the gap")),
    };
    // SAFETY: there is one thread, and what was read is not used after the write.
    unsafe {
        assert_eq!(board.read(), "mind the gap");
        board.wipe();
        assert!(board.read().is_empty());
    }
}
