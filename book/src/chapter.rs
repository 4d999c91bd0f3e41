//! The chapter of a kata, and the list of all of them.

use std::path::{Path, PathBuf};

use heddle_terms::catalogue::Contract;
use heddle_terms::report::Phase;

use crate::BookError;
use crate::directive::{Expander, link_to};
use crate::html;
use crate::library::{Library, Shelf};

/// The sections that a kata's hand-written part has; the last one closes the chapter.
pub const SECTIONS: [&str; 3] = ["Python's way", "Rust's way", "What to read next"];

/// The chapter of a kata.
///
/// # Errors
///
/// When a file of the kata cannot be read, or its hand-written part is wrong.
pub fn of_kata(library: &Library, shelf: &Shelf) -> Result<String, BookError> {
    let kata = &shelf.kata;
    let mut out = format!("# {}: {}\n\n", shelf.number(), kata.meta.title);
    out += &head(library, shelf);
    let readme = library.read(&relative(library, &kata.dir.join("README.md")))?;
    out += &format!("## The task\n\n{}\n\n", html::below(&readme, 1));
    let (ways, next) = hand_written(library, shelf)?;
    out += &ways;
    out += &contract(shelf);
    out += &bugs(shelf);
    out += &solution(library, shelf)?;
    out += &next;
    Ok(out)
}

fn relative(library: &Library, path: &Path) -> PathBuf {
    path.strip_prefix(&library.root).unwrap_or(path).to_owned()
}

fn head(library: &Library, shelf: &Shelf) -> String {
    let meta = &shelf.kata.meta;
    let before = match meta.prerequisites.is_empty() {
        true => "nothing".to_owned(),
        false => {
            let links = meta.prerequisites.iter().map(|id| match library.shelf(id) {
                Some(before) => format!("[{}]({}.md)", lower(&before.number()), before.page()),
                None => format!("`{id}`"),
            });
            links.collect::<Vec<_>>().join(", ")
        }
    };
    let platform = match meta.platform.as_str() {
        "any" => String::new(),
        other => format!(" · needs {other}"),
    };
    format!(
        "<p class=\"lede\">{}</p>\n\n{} · about {} minutes · do first: {before}{platform}\n\n```console\n$ cargo xtask check {:02}\n$ cargo xtask hint {:02}\n```\n\n",
        meta.summary,
        difficulty(meta.difficulty),
        meta.minutes,
        shelf.kata.number,
        shelf.kata.number
    )
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// `difficulty 2 of 5`.
fn difficulty(of: u8) -> String {
    format!("difficulty {of} of 5")
}

/// The hand-written part: all but its last section, and the last one.
fn hand_written(library: &Library, shelf: &Shelf) -> Result<(String, String), BookError> {
    let file = Path::new("book/katas").join(format!("{}.md", shelf.kata.id));
    if !library.root.join(&file).is_file() {
        return Ok(Default::default());
    }
    let text = library.read(&file)?;
    let mut from = 0;
    for section in SECTIONS {
        let heading = format!("## {section}");
        let found = text
            .lines()
            .skip(from)
            .position(|line| line.trim() == heading);
        let missing = || BookError::file(&file, format!("`{heading}` is missing or out of order"));
        from += found.ok_or_else(missing)? + 1;
    }
    let expanded = Expander::new(library, &file).expand(&text)?;
    let last = format!("\n## {}\n", SECTIONS[2]);
    let (ways, next) = expanded
        .split_once(&last)
        .ok_or_else(|| BookError::file(&file, "the last section stands alone"))?;
    Ok((format!("{}\n\n", ways.trim()), format!("{last}{next}")))
}

/// The numbered behaviours with the claims that check them.
fn contract(shelf: &Shelf) -> String {
    let all = &shelf.kata.meta.contract;
    let mut out =
        "## The contract\n\nWhat Python promises, by number, and the claims that hold you to it.\n\n"
            .to_owned();
    for (heading, is_mistake) in [("", false), ("### Mistakes people make\n\n", true)] {
        let entries: Vec<&Contract> = all
            .iter()
            .filter(|entry| entry.id.starts_with('W') == is_mistake)
            .collect();
        if entries.is_empty() {
            continue;
        }
        out += heading;
        out += "<dl class=\"contract\">\n";
        for entry in entries {
            out += &promise(shelf, entry);
        }
        out += "</dl>\n\n";
    }
    out
}

fn promise(shelf: &Shelf, entry: &Contract) -> String {
    let mut out = format!(
        "<dt id=\"behaviour-{}\"><b>{}</b> {}</dt>\n",
        entry.id.to_lowercase(),
        html::text(&entry.id),
        html::prose(&entry.says)
    );
    for id in &entry.claims {
        let claim = shelf.kata.claims.iter().find(|claim| claim.id() == *id);
        let sentence = claim.map_or(id.as_str(), |claim| claim.sentence.as_str());
        let phase = claim.map_or("", |claim| short(claim.phase));
        out += &format!(
            "<dd>{} <span class=\"phase\">{phase}</span></dd>\n",
            html::prose(sentence)
        );
    }
    for name in &entry.mutants {
        out += &format!(
            "<dd>the bug <a href=\"{}\">{name}</a></dd>\n",
            shelf.address(name).unwrap_or_default()
        );
    }
    if let Some(reason) = &entry.reason {
        out += &format!("<dd class=\"reason\">{}</dd>\n", html::prose(reason));
    }
    out
}

fn short(phase: Phase) -> &'static str {
    phase.name()
}

/// The mutants by name, with the way to their stories.
fn bugs(shelf: &Shelf) -> String {
    let mut out = format!(
        "## The bugs\n\n{} wrong solutions, each found out by a claim. Their stories and the schedules \
         that break them tell more than the solution; read them when you are done.\n\n",
        shelf.mutants.len()
    );
    let links = shelf.mutants.iter().map(|mutant| {
        let address = shelf.address(&mutant.name).unwrap_or_default();
        format!("<a href=\"{address}\">{}</a>", mutant.name)
    });
    out += &format!(
        "<p class=\"bugs\">{}</p>\n\n",
        links.collect::<Vec<_>>().join(" · ")
    );
    out
}

fn solution(library: &Library, shelf: &Shelf) -> Result<String, BookError> {
    let source = library.read(&relative(library, &shelf.kata.solution_file()))?;
    let notes = Path::new("solutions").join(&shelf.kata.id).join("NOTES.md");
    let notes = library.read(&notes)?;
    let mut out =
        "## The solution\n\nOne of many. Yours may look different and be right.\n\n".to_owned();
    // What tells the stub from the solution is of no use to a reader.
    let shown = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("// stub:"));
    let shown = shown.collect::<Vec<_>>().join("\n");
    out += &html::fold("Show the solution", &html::code("rust", &shown));
    out += &html::fold("Why it is right", &html::folded(&notes));
    Ok(out + "\n")
}

/// The list of all katas.
pub fn index(library: &Library) -> String {
    let mut out = "# The katas\n\nEach kata rebuilds one tool. Do them in this order, or follow your need; what a kata \
                   builds on is named at its head.\n\n"
        .to_owned();
    let mut part = "";
    for shelf in &library.shelves {
        let meta = &shelf.kata.meta;
        if meta.part != part {
            part = &meta.part;
            let mut letters = part.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            out += &format!("## {}{}\n\n", first.unwrap_or_default(), letters.as_str());
        }
        out += &format!(
            "**{}**<br>\n{}<br>\n<span class=\"facts\">{} · {} minutes</span>\n\n",
            link_to(shelf),
            meta.summary,
            difficulty(meta.difficulty),
            meta.minutes
        );
    }
    out
}
