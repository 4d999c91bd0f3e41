//! Quizzes: what is refused, and where the answers come from.

mod quizzes;

use std::fs;
use std::path::Path;

use heddle_book::quiz::{Form, Quiz, render};
use quizzes::{Book, SAMPLE};

#[track_caller]
fn is_refused(test: &str, quiz: &str, why: &str) {
    let told = Book::refused(test, quiz);
    assert!(told.contains(why), "`{why}` is not in: {told}");
}

fn choice(answers: &str) -> String {
    format!("[[questions]]\nkind = \"choice\"\nprompt = \"Which?\"\nanswers = [{answers}]\n")
}

fn outcome(answers: &str) -> String {
    format!("[[questions]]\nkind = \"outcome\"\nprogram = \"lost-update\"\nanswers = [{answers}]\n")
}

/// Every answer needs a reason, and the message names it.
#[test]
fn an_answer_without_a_reason_is_refused() {
    let quiz = choice(r#"{ text = "a", right = true, reason = "r" }, { text = "b" }"#);
    is_refused("reason", &quiz, "question 1: the answer `b` has no reason");
}

/// A question that nobody can answer is refused.
#[test]
fn a_question_without_a_right_answer_is_refused() {
    let quiz = choice(r#"{ text = "a", reason = "r" }, { text = "b", reason = "r" }"#);
    is_refused("right", &quiz, "question 1: no answer is right");
}

/// A misspelt key is no key.
#[test]
fn an_unknown_key_is_refused() {
    let quiz = choice(r#"{ text = "a", right = true, why = "r" }"#);
    is_refused("key", &quiz, "unknown field `why`");
}

/// The same answer twice would be right and wrong at once.
#[test]
fn an_answer_that_stands_twice_is_refused() {
    let quiz =
        choice(r#"{ text = "a", right = true, reason = "r" }, { text = "`A`", reason = "r" }"#);
    is_refused("twice", &quiz, "stands there twice");
}

/// A key of another kind of question is a mistake, not a remark.
#[test]
fn a_key_of_another_kind_is_refused() {
    let quiz = choice(r#"{ text = "a", right = true, reason = "r" }"#) + "other = \"o\"\n";
    is_refused(
        "kind",
        &quiz,
        "`other` belongs to a question of another kind",
    );
}

/// What is right about a program is what its exploration found.
#[test]
fn whoever_says_what_a_program_can_return_is_refused() {
    let quiz = outcome(r#"{ text = "0", right = true, reason = "r" }"#);
    is_refused("says", &quiz, "is what the data of lost-update say");
}

/// A question about a program asks about each of its results.
#[test]
fn a_result_that_is_left_out_or_made_up_is_refused() {
    let quiz = outcome(r#"{ text = "0", reason = "r" }, { text = "1", reason = "r" }"#);
    is_refused("left", &quiz, "the result `2` of lost-update has no reason");
    let quiz = outcome(r#"{ text = "3", reason = "r" }"#);
    is_refused("made", &quiz, "lost-update has no result `3`");
}

/// What can be returned is taken from the data, with a schedule for it.
#[test]
fn the_answers_about_a_program_come_from_its_data() {
    let quiz = Book::with("data", SAMPLE).quiz();
    let question = &quiz.questions[3];
    assert!(
        matches!(&question.form, Form::Outcome { listing } if listing.starts_with("pub fn program()"))
    );
    let rights: Vec<_> = question.answers.iter().map(|answer| answer.right).collect();
    assert_eq!(rights, [true, true, false]);
    for answer in &question.answers {
        assert_eq!(answer.right, answer.schedule.is_some());
    }
}

/// In Markdown an empty line would end the block.
#[test]
fn a_quiz_is_one_block_of_html() {
    let html = render(&Book::with("block", SAMPLE).quiz(), "sample");
    assert!(!html.contains("\n\n"), "{html}");
    assert!(html.starts_with("<section"), "{html}");
}

/// Every quiz of the book can be asked.
#[test]
fn every_quiz_of_the_book_is_sound() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(entries) = fs::read_dir(book.join("quizzes")) else {
        return;
    };
    for entry in entries {
        let file = entry.expect("an entry").path();
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        let quiz = Quiz::load(book, name).unwrap_or_else(|error| panic!("{error}"));
        assert!(!render(&quiz, name).contains("\n\n"), "{name}");
    }
}
