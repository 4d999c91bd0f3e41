//! The segments that there are, as the system lists them.

use std::fs::{self, File};
use std::path::PathBuf;

use kata_20_shared_value::SharedWord;
use shared_memory::{Shmem, ShmemConf};

/// Whether there is a segment of that name.
pub fn exists(name: &str) -> bool {
    path(name).exists()
}

/// Removes what a killed creator has left, unless the doctor was faster.
pub fn remove(name: &str) {
    let _ = fs::remove_file(path(name));
}

/// Shortens a segment, so that no more than its first page is left.
pub fn cut_off(name: &str) {
    let file = File::options().write(true).open(path(name));
    file.and_then(|file| file.set_len(4096))
        .expect("it can be shortened");
}

fn path(name: &str) -> PathBuf {
    PathBuf::from("/dev/shm").join(name)
}

/// A segment that begins with a word, for the word alone.
pub fn word_segment() -> (Shmem, &'static SharedWord) {
    let segment = ShmemConf::new().size(64).create().expect("a segment");
    // SAFETY: long enough, aligned and zero, and the claim keeps the segment to its end.
    let word = unsafe { &*segment.as_ptr().cast::<SharedWord>() };
    (segment, word)
}
