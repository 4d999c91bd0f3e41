//! Interview questions: those of the katas, and those of `book/interview` that belong to no single kata.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::directive::{Expander, link_to};
use crate::library::{Library, Shelf};
use crate::{BookError, html, outline};

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
    /// The katas that prove it.
    katas: Vec<String>,
    /// Claims of those katas that show it: `kata-04-lock/model::both_increments_survive`.
    #[serde(default)]
    claims: Vec<String>,
    /// The chapter that tells more.
    chapter: Option<String>,
    /// Whether the Python tutorial asks it as well.
    #[serde(default)]
    seed: bool,
}

/// A question as the page has it.
struct Told<'a> {
    question: &'a str,
    answer: &'a str,
    deep: &'a str,
    seed: bool,
    /// What proves it, as Markdown.
    proof: String,
}

/// The page of the questions that belong to no single kata.
///
/// # Errors
///
/// When a file cannot be read, or names a kata, a claim or a chapter that does not exist.
pub fn page(library: &Library) -> Result<String, BookError> {
    let mut count = 0;
    let mut body = String::new();
    for file in topics(library)? {
        let text = library.read(&file)?;
        let topic: Topic = toml::from_str(&text).map_err(|error| BookError::file(&file, error))?;
        body += &format!("## {}\n\n", topic.title);
        for asked in topic.questions {
            let line = line_with(&text, &asked.question);
            let proof = proof_of(library, &asked);
            let proof = proof.map_err(|problem| BookError::at(&file, line, problem))?;
            let deep = Expander::new(library, &file).expand(&asked.deep)?;
            body += &told(&Told {
                question: &asked.question,
                answer: &asked.answer,
                deep: &deep,
                seed: asked.seed,
                proof,
            });
            count += 1;
        }
    }
    let katas = library.shelves.iter();
    let more: usize = katas.map(|shelf| shelf.kata.meta.questions.len()).sum();
    Ok(format!(
        "# Interview questions\n\n{}\n\n{body}",
        format_args!(
            "{count} questions, each with what one says first and what one says when asked to go on, and \
             with the kata that proves it. Say your answer aloud before you open the fold. The questions of \
             the Python tutorial are marked ★. {more} more, one kata after the other, are on \
             [the next page](interview-katas.md)."
        )
    ))
}

/// The page of the questions that single katas answer.
///
/// # Errors
///
/// When a question names a claim that does not exist.
pub fn of_katas(library: &Library) -> Result<String, BookError> {
    let mut out =
        "# Questions kata by kata\n\nWhat each kata lets you answer. Say your answer aloud before \
                   you open the fold.\n\n"
            .to_owned();
    for shelf in &library.shelves {
        let questions = &shelf.kata.meta.questions;
        if questions.is_empty() {
            continue;
        }
        out += &format!("## {}\n\n", shelf.kata.meta.title);
        let file = Path::new("katas").join(&shelf.kata.id).join("kata.toml");
        for asked in questions {
            let claims = asked.claims.iter().map(|id| claim(shelf, id));
            let claims: Result<Vec<String>, String> = claims.collect();
            let claims = claims.map_err(|problem| BookError::file(&file, problem))?;
            let deep = Expander::new(library, &file).expand(&asked.deep)?;
            out += &told(&Told {
                question: &asked.question,
                answer: &asked.answer,
                deep: &deep,
                seed: asked.seed,
                proof: format!("Proved by {}.\n\n{}", link_to(shelf), claims.concat()),
            });
        }
    }
    Ok(out)
}

/// The files of questions, by name.
fn topics(library: &Library) -> Result<Vec<PathBuf>, BookError> {
    let folder = Path::new("book/interview");
    let entries = std::fs::read_dir(library.root.join(folder));
    let mut files = Vec::new();
    for entry in entries.map_err(|error| BookError::file(folder, error))? {
        let entry = entry.map_err(|error| BookError::file(folder, error))?;
        files.push(folder.join(entry.file_name()));
    }
    files.sort();
    Ok(files)
}

fn line_with(text: &str, words: &str) -> usize {
    let found = text.lines().position(|line| line.contains(words));
    found.map_or(1, |index| index + 1)
}

/// The katas and claims that prove an answer, and the chapter that tells more.
fn proof_of(library: &Library, asked: &Asked) -> Result<String, String> {
    let find = |name: &str| {
        let found = library.shelf(name);
        found.ok_or_else(|| format!("there is no kata `{name}`"))
    };
    let katas = asked.katas.iter().map(|name| find(name).map(link_to));
    let katas = katas.collect::<Result<Vec<String>, String>>()?;
    if katas.is_empty() {
        return Err("name the kata that proves it".to_owned());
    }
    let mut proof = format!("Proved by {}.", katas.join(", "));
    if let Some(name) = &asked.chapter {
        let mut chapters = library.outline.parts.iter().flat_map(|part| &part.chapters);
        if !chapters.any(|known| known == name) {
            return Err(format!("there is no chapter `{name}`"));
        }
        let title = outline::title_of(&library.root, name);
        proof += &format!(" More in [{title}]({name}.md).");
    }
    proof += "\n\n";
    for id in &asked.claims {
        let (kata, id) = id
            .split_once('/')
            .ok_or_else(|| format!("`{id}` is no claim of a kata: write `KATA/{id}`"))?;
        proof += &claim(find(kata)?, id)?;
    }
    Ok(proof)
}

/// A claim as an entry of a list.
fn claim(shelf: &Shelf, id: &str) -> Result<String, String> {
    let claim = shelf.kata.claims.iter().find(|claim| claim.id() == id);
    let claim = claim.ok_or_else(|| format!("{} has no claim `{id}`", shelf.kata.id))?;
    Ok(format!(
        "- {} <span class=\"phase\">{}</span>\n",
        claim.sentence, claim.phase
    ))
}

fn told(told: &Told<'_>) -> String {
    let star = if told.seed { " ★" } else { "" };
    let body = format!(
        "**{}**\n\n{}\n\n{}",
        told.answer.trim(),
        told.deep.trim(),
        told.proof.trim_end()
    );
    format!(
        "### {}{star}\n\n{}\n",
        told.question,
        html::fold("Answer", &body)
    )
}
