//! A quiz as HTML: each question a form, behind it the key with every answer and its reason.

use super::markdown::{block, inline, listing, text};
use super::{Answer, Form, Question, Quiz, schedule};

/// The result of a program that does not return, as the data name it.
const NEVER: &str = "never";

/// A block of HTML without an empty line, so that it can stand in Markdown.
///
/// `name` is the quiz's own, and makes the ids of the page's elements different from one another.
pub fn render(quiz: &Quiz, name: &str) -> String {
    let id = format!("quiz-{}", text(name));
    let title = quiz.title.as_deref().unwrap_or("Questions");
    let mut html = format!(
        "<section class=\"quiz\" id=\"{id}\" aria-labelledby=\"{id}-title\">\n\
         <p class=\"quiz-title\" id=\"{id}-title\">{}</p>\n",
        inline(title)
    );
    let all = quiz.questions.len();
    for (index, question) in quiz.questions.iter().enumerate() {
        let number = index + 1;
        let title = match all {
            1 => "Question".to_owned(),
            _ => format!("Question {number} of {all}"),
        };
        html += &form(question, &format!("{id}-{number}"), &title);
        html += &key(question, &title);
    }
    html + "</section>\n"
}

fn form(question: &Question, id: &str, title: &str) -> String {
    let mut html = format!(
        "<form class=\"quiz-question\" id=\"{id}\" autocomplete=\"off\">\
         <fieldset aria-labelledby=\"{id}-title {id}-prompt\">\
         <legend id=\"{id}-title\">{title}</legend>\n\
         {}<div class=\"quiz-prompt\" id=\"{id}-prompt\">{}</div>\n",
        // Not a part of the question's name, which is read out at every answer.
        match &question.form {
            Form::Outcome { listing: source } => listing(source),
            _ => String::new(),
        },
        block(&question.prompt),
    );
    html += &match question.form {
        Form::Text { .. } => format!(
            "<p class=\"quiz-answer\"><label for=\"{id}-typed\">Your answer</label> \
             <input type=\"text\" id=\"{id}-typed\" name=\"{id}\" autocapitalize=\"off\" \
             spellcheck=\"false\"></p>\n"
        ),
        Form::One => choices(question, id, "radio"),
        Form::Many | Form::Outcome { .. } => choices(question, id, "checkbox"),
    };
    // Of no use without the script, which shows it.
    html + "<p class=\"quiz-buttons\" hidden><button type=\"submit\">Check</button></p>\n\
           <div class=\"quiz-said\" role=\"status\" aria-live=\"polite\"></div>\
           </fieldset></form>\n"
}

fn choices(question: &Question, id: &str, kind: &str) -> String {
    let how_many = match kind {
        "checkbox" => "<p class=\"quiz-hint\">More than one may be right.</p>\n",
        _ => "",
    };
    let answers = question.answers.iter().enumerate().map(|(index, answer)| {
        format!(
            "<label class=\"quiz-answer\"><input type=\"{kind}\" name=\"{id}\" value=\"{index}\"> \
             <span>{}</span></label>\n",
            answered(question, answer)
        )
    });
    format!("{how_many}{}", answers.collect::<String>())
}

/// Every answer with its reason, and with the schedule that leads to it.
fn key(question: &Question, title: &str) -> String {
    let words = match question.form {
        Form::Outcome { .. } => ["Possible", "Impossible"],
        _ => ["Right", "Wrong"],
    };
    let hangs = |answer: &Answer| answer.right && answer.text == NEVER;
    let explored = match question.form {
        // A schedule that hangs ends the search.
        Form::Outcome { .. } if question.answers.iter().any(hangs) => {
            "<p class=\"quiz-hint\">Schedules of the program were tried until each of these was \
             found.</p>\n"
        }
        Form::Outcome { .. } => {
            "<p class=\"quiz-hint\">Every schedule of the program was tried.</p>\n"
        }
        _ => "",
    };
    let mut html = format!(
        "<details class=\"quiz-key\"><summary>Answers to {}{}</summary>\n{explored}<ul>\n",
        title[..1].to_lowercase(),
        &title[1..]
    );
    for answer in &question.answers {
        let (sign, word, right) = match answer.right {
            true => ("✓", words[0], " data-right"),
            false => ("✗", words[1], ""),
        };
        html += &format!(
            "<li{right}><p><strong><span aria-hidden=\"true\">{sign}</span> {word}:</strong> \
             <span class=\"quiz-text\">{}</span></p><p class=\"quiz-reason\">{}</p>",
            answered(question, answer),
            inline(&answer.reason)
        );
        if let Some(record) = &answer.schedule {
            let ends = match answer.text.as_str() {
                NEVER => "in which it never returns".to_owned(),
                result => format!("that returns <code>{}</code>", text(result)),
            };
            html += &format!(
                "<details class=\"quiz-witness\"><summary>A schedule {ends}</summary>{}</details>",
                schedule::table(record, &answer.text)
            );
        }
        html += "</li>\n";
    }
    if let Form::Text { other } = &question.form {
        html += &format!(
            "<li data-other><p><strong><span aria-hidden=\"true\">✗</span> Anything else:\
             </strong></p><p class=\"quiz-reason\">{}</p></li>\n",
            inline(other)
        );
    }
    html + "</ul></details>\n"
}

/// An answer as it is read.
fn answered(question: &Question, answer: &Answer) -> String {
    match (&question.form, answer.text.as_str()) {
        (Form::Outcome { .. }, NEVER) => "It never returns.".to_owned(),
        (Form::Outcome { .. } | Form::Text { .. }, plain) => {
            format!("<code>{}</code>", text(plain.trim_matches('`')))
        }
        (_, markdown) => inline(markdown),
    }
}
