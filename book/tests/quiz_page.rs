//! Quizzes in a real browser: by mouse, by keys, for screen readers, without their script, on paper.
//!
//! With `HEDDLE_SCREENSHOTS=FOLDER` pictures of a quiz are left there.

mod quizzes;

use std::env;
use std::path::Path;

use heddle_book::quiz::{Quiz, SCRIPT, STYLE, render};
use heddle_browser::{Browser, Key, Page, Screen};
use quizzes::{Book, SAMPLE};

/// The sample as a page; with the script or without.
fn html(quiz: &Quiz, script: bool) -> String {
    let script = if script { SCRIPT } else { "" };
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Quiz</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><style>:root {{ color-scheme: light dark; \
         font: 16px/1.5 sans-serif; }} pre {{ overflow: auto; }}\n{STYLE}</style>\
         <body>\n{}<script>{script}</script></body></html>",
        render(quiz, "sample")
    )
}

fn said(page: &mut Page<'_>, question: usize) -> String {
    page.text(&format!("#quiz-sample-{question} .quiz-said"))
        .unwrap()
}

fn is_open(page: &mut Page<'_>, question: usize) -> bool {
    let script =
        format!("document.querySelector('#quiz-sample-{question}').nextElementSibling.open");
    page.evaluate(&script).unwrap() == true
}

fn focus(page: &mut Page<'_>, selector: &str) {
    page.evaluate(&format!("document.querySelector('{selector}').focus()"))
        .unwrap();
}

fn choose(page: &mut Page<'_>, question: usize, answer: usize) {
    page.click(&format!("#quiz-sample-{question} input[value='{answer}']"))
        .unwrap();
}

fn submit(page: &mut Page<'_>, question: usize) {
    page.click(&format!("#quiz-sample-{question} button"))
        .unwrap();
}

/// A wrong answer gets its reason and may be mended; a right one opens the whole key.
#[test]
fn an_answer_is_judged_with_its_reason() {
    let Some(mut browser) = Browser::start_or_skip("an answer is judged") else {
        return;
    };
    let quiz = Book::with("judged", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, true), &Screen::DESKTOP).unwrap();
    submit(&mut page, 1);
    assert_eq!(said(&mut page, 1), "Nothing is answered yet.");
    choose(&mut page, 1, 1);
    submit(&mut page, 1);
    assert_eq!(
        said(&mut page, 1),
        "✗ Not right.✗ Wrong: Keep the lock while it sleepsIt gives the lock back, or nobody could notify."
    );
    assert!(!is_open(&mut page, 1));
    choose(&mut page, 1, 0);
    assert_eq!(said(&mut page, 1), "");
    submit(&mut page, 1);
    assert!(said(&mut page, 1).starts_with("✓ Right.✓ Right: Return"));
    assert!(is_open(&mut page, 1));
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
    assert_eq!(page.requests().unwrap(), Vec::<String>::new());
}

/// Of several right answers all have to be chosen, and no other.
#[test]
fn every_right_answer_has_to_be_chosen() {
    let Some(mut browser) = Browser::start_or_skip("every right answer") else {
        return;
    };
    let quiz = Book::with("every", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, true), &Screen::DESKTOP).unwrap();
    choose(&mut page, 4, 0);
    submit(&mut page, 4);
    assert!(said(&mut page, 4).starts_with("✗ Not complete"));
    choose(&mut page, 4, 2);
    submit(&mut page, 4);
    assert!(said(&mut page, 4).starts_with("✗ Not right: one"));
    choose(&mut page, 4, 2);
    choose(&mut page, 4, 1);
    submit(&mut page, 4);
    assert!(said(&mut page, 4).starts_with("✓ Right."));
}

/// What is typed is compared without case and spaces, and anything has an answer.
#[test]
fn what_is_typed_is_compared_leniently() {
    let Some(mut browser) = Browser::start_or_skip("what is typed") else {
        return;
    };
    let quiz = Book::with("typed", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, true), &Screen::DESKTOP).unwrap();
    let cases = [
        (" `release` ", "✓ Right.✓ Right: Release"),
        ("RELAXED", "✗ Not right.✗ Wrong: Relaxed"),
        ("Consume", "✗ Not right.✗ Anything else:No ordering"),
    ];
    for (typed, expected) in cases {
        let script = format!("document.querySelector('#quiz-sample-3-typed').value = '{typed}'");
        page.evaluate(&script).unwrap();
        submit(&mut page, 3);
        let said = said(&mut page, 3);
        assert!(said.starts_with(expected), "{typed}: {said}");
    }
}

/// A question is answered by keys alone, and no key reaches the page around it that would turn it.
#[test]
fn keys_answer_a_question() {
    let Some(mut browser) = Browser::start_or_skip("keys answer a question") else {
        return;
    };
    let quiz = Book::with("keys", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, true), &Screen::DESKTOP).unwrap();
    let listen = "document.addEventListener('keydown', e => { document.title = e.key; })";
    page.evaluate(listen).unwrap();
    focus(&mut page, "#quiz-sample-1 input");
    page.press(Key::Right).unwrap();
    assert_eq!(page.evaluate("document.title").unwrap(), "Quiz");
    focus(&mut page, "#quiz-sample-3-typed");
    page.press(Key::Character('s')).unwrap();
    assert_eq!(page.evaluate("document.title").unwrap(), "Quiz");
    focus(&mut page, "#quiz-sample-1 input[value=\"1\"]");
    let value = page.evaluate("document.activeElement.value").unwrap();
    assert_eq!(value, "1");
    page.press(Key::Left).unwrap();
    focus(&mut page, "#quiz-sample-1 button");
    page.press(Key::Enter).unwrap();
    assert!(said(&mut page, 1).starts_with("✓ Right."));
}

/// Every field has a name that a screen reader can say, and what is said is said without the focus.
#[test]
fn a_screen_reader_is_told_everything() {
    let Some(mut browser) = Browser::start_or_skip("a screen reader") else {
        return;
    };
    let quiz = Book::with("reader", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, true), &Screen::DESKTOP).unwrap();
    let nameless = "[...document.querySelectorAll('input')].filter(i => !i.labels.length).length";
    assert_eq!(page.evaluate(nameless).unwrap(), 0);
    let dangling = "[...document.querySelectorAll('fieldset')].filter(f => \
        f.getAttribute('aria-labelledby').split(' ').some(id => !document.getElementById(id))).length";
    assert_eq!(page.evaluate(dangling).unwrap(), 0);
    let quiet = "[...document.querySelectorAll('.quiz-said')].filter(s => \
        s.getAttribute('aria-live') !== 'polite' || getComputedStyle(s).display === 'none').length";
    assert_eq!(page.evaluate(quiet).unwrap(), 0);
    let title = page.text("#quiz-sample-title").unwrap();
    assert_eq!(title, "What would you do?");
    let twice = "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); \
        return ids.length - new Set(ids).size; })()";
    assert_eq!(page.evaluate(twice).unwrap(), 0);
}

/// Without its script no button is there that does nothing, and the key can be opened.
#[test]
fn without_its_script_it_is_questions_and_answers() {
    let Some(mut browser) = Browser::start_or_skip("without its script") else {
        return;
    };
    let quiz = Book::with("plain", SAMPLE).quiz();
    let mut page = browser.show(&html(&quiz, false), &Screen::DESKTOP).unwrap();
    assert!(page.click("#quiz-sample-1 button").is_err());
    page.click("#quiz-sample-1 + details summary").unwrap();
    assert!(is_open(&mut page, 1));
}

/// It is read on every screen and on paper, where all answers stand behind all questions.
#[test]
fn it_is_read_on_every_screen() {
    let Some(mut browser) = Browser::start_or_skip("read on every screen") else {
        return;
    };
    let quiz = Book::with("screens", SAMPLE).quiz();
    let screens = [
        ("desktop", Screen::DESKTOP),
        ("desktop-dark", Screen::DESKTOP.dark()),
        ("phone", Screen::PHONE),
        ("phone-dark", Screen::PHONE.dark()),
        ("paper", Screen::PAPER),
    ];
    for (name, screen) in screens {
        let mut page = browser.show(&html(&quiz, true), &screen).unwrap();
        if !screen.print {
            choose(&mut page, 1, 1);
            submit(&mut page, 1);
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                .unwrap();
        }
        assert_eq!(page.overflow().unwrap(), 0, "{name}");
        assert_eq!(page.faint_texts().unwrap(), Vec::<String>::new(), "{name}");
        if let Some(folder) = env::var_os("HEDDLE_SCREENSHOTS") {
            let file = Path::new(&folder).join(format!("quiz-{name}.png"));
            page.screenshot(&file).unwrap();
        }
        if screen.print {
            let top = |selector: &str| {
                format!("document.querySelector('{selector}').getBoundingClientRect()")
            };
            let script = format!(
                "{}.bottom <= {}.top && {}.height > 0",
                top("#quiz-sample-5"),
                top(".quiz-key"),
                top(".quiz-key li")
            );
            assert_eq!(
                page.evaluate(&script).unwrap(),
                true,
                "answers behind questions"
            );
        }
    }
}
