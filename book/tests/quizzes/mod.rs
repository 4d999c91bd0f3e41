//! A book with a quiz of every kind of question.

#![allow(dead_code, reason = "each test file uses its part of this module")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use heddle_book::quiz::Quiz;

/// A question of each kind.
pub const SAMPLE: &str = r#"title = "What would you do?"
[[questions]]
kind = "choice"
prompt = "What may `Condvar::wait` do?"
answers = [
    { text = "Return although *nobody* notified it", right = true, reason = "Std allows it." },
    { text = "Keep the lock while it sleeps", reason = "It gives the lock back, or nobody could notify." },
]

[[questions]]
kind = "choice"
prompt = """
Which of these are atomic?

```rust
let x = 1;

let y = x;
```
"""
answers = [
    { text = "`fetch_add`", right = true, reason = "One operation." },
    { text = "A load and a store", reason = "Two operations." },
    { text = "`swap`", right = true, reason = "One operation as well." },
]

[[questions]]
kind = "text"
prompt = "Which ordering does the store need?"
other = "No ordering is called that."
answers = [
    { text = "Release", right = true, reason = "It publishes." },
    { text = "Relaxed", reason = "It publishes nothing." },
]

[[questions]]
kind = "outcome"
program = "lost-update"
answers = [
    { text = "2", reason = "Nobody interferes." },
    { text = "1", reason = "Both read 0." },
    { text = "0", reason = "Both have stored." },
]

[[questions]]
kind = "outcome"
program = "two-locks"
answers = [
    { text = "110 and 90", reason = "One transfer after the other." },
    { text = "never", reason = "Each waits for the other's lock." },
]
"#;

/// A book of its own with one quiz.
pub struct Book(PathBuf);

impl Book {
    /// The book of a test.
    pub fn with(test: &str, quiz: &str) -> Book {
        let folder = env::temp_dir().join(format!("heddle-quiz-{test}-{}", std::process::id()));
        fs::create_dir_all(folder.join("quizzes")).expect("a folder can be made");
        fs::create_dir_all(folder.join("outcomes")).expect("a folder can be made");
        fs::write(folder.join("quizzes/sample.toml"), quiz).expect("a file can be written");
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("outcomes");
        for entry in fs::read_dir(own).expect("the programs are there") {
            let entry = entry.expect("an entry");
            let copy = folder.join("outcomes").join(entry.file_name());
            fs::copy(entry.path(), copy).expect("a file can be copied");
        }
        Book(folder)
    }

    /// The quiz, which is sound.
    pub fn quiz(&self) -> Quiz {
        Quiz::load(&self.0, "sample").expect("the quiz is sound")
    }

    /// Why there is no quiz.
    pub fn refused(test: &str, quiz: &str) -> String {
        let book = Book::with(test, quiz);
        let told = Quiz::load(&book.0, "sample").expect_err("the quiz is unsound");
        let told = told.to_string();
        assert!(told.contains("sample.toml"), "the file is named: {told}");
        told
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
