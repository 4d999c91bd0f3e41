//! A quiz as its file has it, and what it has to be.
//!
//! ```toml
//! title = "What would you do?"         # may be left out
//!
//! [[questions]]
//! kind = "choice"                      # several right answers: all of them are to be chosen
//! prompt = "Which of these is atomic?" # Markdown, with listings where it needs them
//! answers = [
//!     { text = "`fetch_add`", right = true, reason = "It is one operation." },
//!     { text = "A load and a store", reason = "They are two." },
//! ]
//!
//! [[questions]]
//! kind = "text"                        # typed; case, spaces and backticks do not matter
//! prompt = "Which ordering publishes?"
//! other = "What is said to any other answer."
//! answers = [{ text = "Release", right = true, reason = "…" }]
//!
//! [[questions]]
//! kind = "outcome"                     # every result in outcomes/lost-update.json, and no other;
//! program = "lost-update"              # the data say which are right
//! answers = [{ text = "1", reason = "…" }, { text = "2", reason = "…" }, { text = "0", reason = "…" }]
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::outcomes::Outcomes;
use super::{Answer, Form, Question, Quiz, QuizError};

/// What is asked about a program when its question does not say.
const OUTCOME_PROMPT: &str = "Which of these can `program()` return?";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuizFile {
    title: Option<String>,
    questions: Vec<QuestionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFile {
    kind: Kind,
    prompt: Option<String>,
    program: Option<String>,
    other: Option<String>,
    answers: Vec<AnswerFile>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Choice,
    Text,
    Outcome,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFile {
    text: String,
    right: Option<bool>,
    reason: Option<String>,
}

/// Reads a quiz and everything that it refers to.
pub(super) fn read(book: &Path, name: &str) -> Result<Quiz, QuizError> {
    let file = book.join("quizzes").join(format!("{name}.toml"));
    let text = fs::read_to_string(&file).map_err(|error| QuizError::Unreadable {
        file: file.clone(),
        error,
    })?;
    let quiz: QuizFile = toml::from_str(&text).map_err(|error| QuizError::Misspelt {
        file: file.clone(),
        error: error.to_string(),
    })?;
    if quiz.questions.is_empty() {
        return Err(QuizError::Misspelt {
            file,
            error: "a quiz has at least one question".to_owned(),
        });
    }
    let mut questions = Vec::new();
    for (index, question) in quiz.questions.into_iter().enumerate() {
        let question = sound(book, question).map_err(|what| QuizError::Unsound {
            file: file.clone(),
            number: index + 1,
            what,
        })?;
        questions.push(question);
    }
    Ok(Quiz {
        title: quiz.title,
        questions,
    })
}

/// The question, if it can be asked like this.
fn sound(book: &Path, file: QuestionFile) -> Result<Question, String> {
    let kind = file.kind;
    let needless = [
        ("program", file.program.is_some(), Kind::Outcome),
        ("other", file.other.is_some(), Kind::Text),
    ];
    for (name, is_there, belongs_to) in needless {
        if is_there && kind != belongs_to {
            return Err(format!(
                "`{name}` belongs to a question of another kind: take it away"
            ));
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = file
        .answers
        .iter()
        .find(|one| !seen.insert(plain(&one.text)))
    {
        return Err(format!("the answer `{}` stands there twice", twice.text));
    }
    match kind {
        Kind::Outcome => outcome(book, file),
        Kind::Text => typed(file),
        Kind::Choice => choice(file),
    }
}

fn choice(file: QuestionFile) -> Result<Question, String> {
    let prompt = filled("prompt", file.prompt)?;
    let answers = answers(file.answers)?;
    if answers.len() < 2 {
        return Err("a lone answer is no choice: give at least two".to_owned());
    }
    let form = match answers.iter().filter(|answer| answer.right).count() {
        0 => return Err("no answer is right: mark one with `right = true`".to_owned()),
        1 => Form::One,
        _ => Form::Many,
    };
    Ok(Question {
        prompt,
        form,
        answers,
    })
}

fn typed(file: QuestionFile) -> Result<Question, String> {
    let prompt = filled("prompt", file.prompt)?;
    let other = filled("other", file.other)?;
    let answers = answers(file.answers)?;
    if !answers.iter().any(|answer| answer.right) {
        return Err("no answer is right: mark one with `right = true`".to_owned());
    }
    Ok(Question {
        prompt,
        form: Form::Text { other },
        answers,
    })
}

fn outcome(book: &Path, file: QuestionFile) -> Result<Question, String> {
    let program = filled("program", file.program)?;
    let mut outcomes = Outcomes::load(book, &program)?;
    let mut all = Vec::new();
    for answer in file.answers {
        if answer.right.is_some() {
            return Err(format!(
                "`right` of `{}` is what the data of {program} say: take it away",
                answer.text
            ));
        }
        let schedule = outcomes
            .take(&answer.text)
            .ok_or_else(|| format!("{program} has no result `{}`: see its data", answer.text))?;
        all.push(Answer {
            right: schedule.is_some(),
            reason: reason(&answer.text, answer.reason)?,
            text: answer.text,
            schedule,
        });
    }
    if let Some(left) = outcomes.first_left() {
        return Err(format!("the result `{left}` of {program} has no reason"));
    }
    Ok(Question {
        prompt: file.prompt.unwrap_or_else(|| OUTCOME_PROMPT.to_owned()),
        form: Form::Outcome {
            listing: outcomes.listing,
        },
        answers: all,
    })
}

fn answers(files: Vec<AnswerFile>) -> Result<Vec<Answer>, String> {
    let answer = |file: AnswerFile| {
        Ok(Answer {
            right: file.right.unwrap_or(false),
            reason: reason(&file.text, file.reason)?,
            text: filled("text", Some(file.text))?,
            schedule: None,
        })
    };
    files.into_iter().map(answer).collect()
}

fn reason(answer: &str, reason: Option<String>) -> Result<String, String> {
    filled("reason", reason).map_err(|_| format!("the answer `{answer}` has no reason"))
}

fn filled(name: &str, value: Option<String>) -> Result<String, String> {
    let value = value.filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| format!("`{name}` is missing"))
}

/// An answer as it is compared.
fn plain(answer: &str) -> String {
    let kept = answer.chars().filter(|c| !c.is_whitespace() && *c != '`');
    kept.flat_map(char::to_lowercase).collect()
}
