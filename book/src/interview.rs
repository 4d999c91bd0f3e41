//! Interview questions: those of the katas, and those of `book/interview`.

use std::path::Path;

use serde::Deserialize;

use crate::BookError;
use crate::directive::{Expander, link_to};
use crate::html;
use crate::library::{Library, Shelf};

/// The contents of a file of questions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    /// The heading above them.
    title: String,
    questions: Vec<Asked>,
}

/// A question that no kata.toml asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    question: String,
    /// The short answer.
    answer: String,
    /// The deep answer, as Markdown.
    deep: String,
    /// The kata that proves it.
    kata: String,
    /// Claims of that kata that show it.
    #[serde(default)]
    claims: Vec<String>,
}

/// The page of all questions.
///
/// # Errors
///
/// When a file cannot be read, or names a kata or a claim that does not exist.
pub fn page(library: &Library) -> Result<String, BookError> {
    let mut out =
        "# Interview questions\n\nSay your answer aloud before you open the fold.\n\n".to_owned();
    let folder = Path::new("book/interview");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(library.root.join(folder))
        .into_iter()
        .flatten()
    {
        let entry = entry.map_err(|error| BookError::file(folder, error))?;
        files.push(folder.join(entry.file_name()));
    }
    files.sort();
    for file in files {
        let text = library.read(&file)?;
        let topic: Topic = toml::from_str(&text).map_err(|error| BookError::file(&file, error))?;
        out += &format!("## {}\n\n", topic.title);
        for asked in topic.questions {
            let wrong =
                |problem: String| BookError::at(&file, line_with(&text, &asked.question), problem);
            let shelf = library
                .shelf(&asked.kata)
                .ok_or_else(|| wrong(format!("there is no kata `{}`", asked.kata)))?;
            let deep = Expander::new(library, &file).expand(&asked.deep)?;
            out += &told(
                shelf,
                &asked.question,
                &asked.answer,
                Some(&deep),
                &asked.claims,
            )
            .map_err(wrong)?;
        }
    }
    for shelf in &library.shelves {
        let questions = &shelf.kata.meta.questions;
        if questions.is_empty() {
            continue;
        }
        out += &format!("## {}\n\n", shelf.kata.meta.title);
        let file = Path::new("katas").join(&shelf.kata.id).join("kata.toml");
        for asked in questions {
            let deep = Some(asked.deep.as_str());
            out += &told(shelf, &asked.question, &asked.answer, deep, &asked.claims)
                .map_err(|problem| BookError::file(&file, problem))?;
        }
    }
    Ok(out)
}

fn line_with(text: &str, words: &str) -> usize {
    let found = text.lines().position(|line| line.contains(words));
    found.map_or(1, |index| index + 1)
}

fn told(
    shelf: &Shelf,
    question: &str,
    answer: &str,
    deep: Option<&str>,
    claims: &[String],
) -> Result<String, String> {
    let mut proof = format!("Proved by {}", link_to(shelf));
    for (index, id) in claims.iter().enumerate() {
        let claim = shelf.kata.claims.iter().find(|claim| claim.id() == *id);
        let claim = claim.ok_or_else(|| format!("{} has no claim `{id}`", shelf.kata.id))?;
        proof += if index == 0 { ":\n\n" } else { "" };
        proof += &format!(
            "- {} <span class=\"phase\">{}</span>\n",
            claim.sentence, claim.phase
        );
    }
    let deep = deep
        .map(|deep| format!("{}\n\n", deep.trim()))
        .unwrap_or_default();
    let body = format!("**{}**\n\n{deep}{proof}", answer.trim());
    Ok(format!(
        "### {question}\n\n{}\n",
        html::fold("Answer", &body)
    ))
}
