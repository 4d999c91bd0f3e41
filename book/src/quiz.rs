//! The quizzes between chapters: `quizzes/NAME.toml` as part of a page.
//!
//! A quiz is a form that works with keys, a mouse and a screen reader. Without its script, and on
//! paper, it is its questions with the answers behind them, each with its reason.

mod error;
mod file;
mod markdown;
mod outcomes;
mod render;
mod schedule;

use std::path::Path;

use heddle_terms::record::Counterexample;

use crate::library::Library;

pub use error::QuizError;
pub use render::render;

/// The style that a page with quizzes needs, once.
pub const STYLE: &str = include_str!("quiz/style.css");

/// The script that a page with quizzes needs, once and behind them.
pub const SCRIPT: &str = include_str!("quiz/quiz.js");

/// Some questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Quiz {
    /// What stands above them.
    pub title: Option<String>,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question with its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked, as Markdown.
    pub prompt: String,
    /// How it is answered.
    pub form: Form,
    /// What may be answered; of a text those answers that have a reason of their own.
    pub answers: Vec<Answer>,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// By choosing one answer.
    One,
    /// By choosing every right answer.
    Many,
    /// By typing it.
    Text {
        /// What is said to an answer that is not among those with a reason of their own.
        other: String,
    },
    /// By choosing every result that a program can have.
    Outcome {
        /// The source of the program.
        listing: String,
    },
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer, as Markdown; what is typed, plainly.
    pub text: String,
    /// Whether it is right.
    pub right: bool,
    /// Why, as Markdown.
    pub reason: String,
    /// The schedule that leads to it, where it is a result that a program can have.
    pub schedule: Option<Counterexample>,
}

impl Quiz {
    /// Reads `quizzes/NAME.toml` in the book's folder, and the data of the programs it asks about.
    ///
    /// # Errors
    ///
    /// When a file is missing, or says too little or too much.
    pub fn load(book: &Path, name: &str) -> Result<Quiz, QuizError> {
        file::read(book, name)
    }
}

/// The quiz of that name as a part of a page.
///
/// # Errors
///
/// When there is no such quiz, or it cannot be asked.
pub fn component(library: &Library, name: &str) -> Result<String, String> {
    let quiz = Quiz::load(&library.root.join("book"), name).map_err(|error| error.to_string())?;
    Ok(render(&quiz, name))
}
