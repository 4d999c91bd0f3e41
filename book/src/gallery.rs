//! The pages of mutants: each with its story, its change, and the schedule that breaks it.

use std::path::Path;

use heddle_terms::report::{Kind, Phase};
use xtask::matrix::Expected;
use xtask::mutants::{Mutant, MutantKind};

use crate::library::{Library, Shelf};
use crate::{BookError, html, step};

/// A page with more than this is split, so that it stays below 300 kB with all that it loads.
const LARGE: usize = 70_000;

/// One page of a gallery.
#[derive(Clone, Debug)]
pub struct GalleryPage {
    /// The name of the page, such as `bugs-05-rlock`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What stands on it.
    pub content: String,
    /// The mutants on it.
    pub mutants: Vec<String>,
}

/// A heading with the mutants below it that fit on one page.
struct Section {
    heading: String,
    entries: Vec<(String, String)>,
}

/// The gallery of a kata, on as many pages as it needs.
///
/// # Errors
///
/// When a schedule that is to be stepped through cannot be read.
pub fn pages(library: &Library, shelf: &Shelf) -> Result<Vec<GalleryPage>, BookError> {
    let mut sections = Vec::new();
    for phase in Phase::TESTING {
        let mut entries = Vec::new();
        for mutant in shelf.mutants.iter().filter(|mutant| mutant.phase == phase) {
            let told = entry(library, shelf, mutant).map_err(|problem| {
                let file = Path::new("book/outline.toml");
                BookError::file(
                    file,
                    format!("{}/{}: {problem}", shelf.kata.id, mutant.name),
                )
            })?;
            entries.push((mutant.name.clone(), told));
        }
        if !entries.is_empty() {
            let heading = format!("## {}\n\n", caught_by(phase));
            sections.push(Section { heading, entries });
        }
    }
    sections.push(Section {
        heading: String::new(),
        entries: vec![(String::new(), mechanical(shelf))],
    });
    Ok(bound(shelf, sections))
}

fn caught_by(phase: Phase) -> &'static str {
    match phase {
        Phase::Types => "Caught by the types",
        Phase::Spec => "Caught on real threads",
        Phase::Properties => "Caught by generated inputs",
        _ => "Caught by a schedule",
    }
}

/// Distributes the sections over pages.
fn bound(shelf: &Shelf, sections: Vec<Section>) -> Vec<GalleryPage> {
    let mut contents: Vec<(String, Vec<String>)> = vec![Default::default()];
    for section in sections {
        let mut heading = section.heading.as_str();
        for (name, entry) in &section.entries {
            if let Some((content, _)) = contents.last()
                && content.len() + entry.len() > LARGE
            {
                contents.push(Default::default());
                heading = &section.heading;
            }
            if let Some((content, names)) = contents.last_mut() {
                *content += heading;
                *content += entry;
                names.push(name.clone());
                heading = "";
            }
        }
    }
    let slug = shelf.kata.id.trim_start_matches("kata-");
    let count = contents.len();
    let pages = contents.into_iter().enumerate();
    let pages = pages.map(|(index, (content, mutants))| {
        let (name, of) = match index {
            0 => (format!("bugs-{slug}"), String::new()),
            _ => (format!("bugs-{slug}-{}", index + 1), String::new()),
        };
        let of = match count {
            1 => of,
            _ => format!(" ({} of {count})", index + 1),
        };
        let title = format!("Bugs of {}{of}", lower(&shelf.kata.meta.title));
        GalleryPage {
            content: format!("# {title}\n\n{}{content}", opening(shelf, index)),
            name,
            title,
            mutants,
        }
    });
    pages.collect()
}

/// `A queue` as it stands inside a sentence.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn opening(shelf: &Shelf, index: usize) -> String {
    let all = shelf.mutants.len();
    match index {
        0 => format!(
            "{all} wrong solutions of [{}]({}.md). Each has one mistake, and each is found out by a \
             claim. Before you open a fold, try to say which schedule breaks the code.\n\n",
            lower(&shelf.number()),
            shelf.page()
        ),
        _ => format!(
            "More mistakes in [{}]({}.md).\n\n",
            lower(&shelf.number()),
            shelf.page()
        ),
    }
}

/// One mutant on its page.
fn entry(library: &Library, shelf: &Shelf, mutant: &Mutant) -> Result<String, String> {
    let mut out = format!(
        "### {} {{#{}}}\n\n{}\n\n{}",
        spoken(&mutant.name),
        mutant.name,
        mutant.story,
        facts(shelf, mutant)
    );
    out += &html::fold("The change", &html::code("diff", change(&mutant.patch)));
    let wanted = format!("{}/{}", shelf.kata.id, mutant.name);
    if library.outline.steps.contains(&wanted) {
        let stepper = step::fragment(library, shelf, &mutant.name, 1)?;
        out += &html::fold("Step through the schedule that breaks it", &stepper);
    } else if let Some(table) = shelf.table(&mutant.name) {
        let summary = format!("The schedule that breaks it, {} rows", table.rows);
        out += &html::fold(&summary, &html::preformatted("schedule", &table.body));
    }
    Ok(out + "\n")
}

/// `unlock-relaxed` as words.
fn spoken(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Who rejects it, and how.
fn facts(shelf: &Shelf, mutant: &Mutant) -> String {
    let id = mutant.claim_id();
    let claim = shelf.kata.claims.iter().find(|claim| claim.id() == id);
    let sentence = claim.map_or("", |claim| claim.sentence.as_str());
    let how = match mutant.kind {
        MutantKind::Build => "it does not compile".to_owned(),
        MutantKind::Claim(Kind::Accepted) => "compiles where it must not".to_owned(),
        MutantKind::Claim(kind) => kind.name().replace('-', " "),
    };
    let behaviour = mutant.behaviour.as_ref();
    let behaviour = behaviour.map(|id| {
        format!(
            " · <a href=\"{}.md#behaviour-{}\">behaviour {id}</a>",
            shelf.page(),
            id.to_lowercase()
        )
    });
    format!(
        "<p class=\"verdict\"><strong>{}</strong> · <code>{}</code>{}<br>{}</p>\n\n",
        html::text(&how),
        html::text(&id),
        behaviour.unwrap_or_default(),
        html::prose(sentence)
    )
}

/// The hunks of a patch, without the names of its files.
fn change(patch: &str) -> &str {
    patch.find("@@").map_or(patch, |start| &patch[start..])
}

/// What became of the mutants that a machine made.
fn mechanical(shelf: &Shelf) -> String {
    let all = shelf.mechanical.len();
    if all == 0 {
        return String::new();
    }
    let (mut rejected, mut equivalent) = (Vec::new(), Vec::new());
    for case in &shelf.mechanical {
        match &case.expected {
            Expected::Equivalent(reason) => {
                equivalent.push(format!("- `{}`: {}\n", case.name, reason.trim()));
            }
            _ => rejected.push(match shelf.table(&case.name) {
                Some(table) => format!("- `{}`: {}\n", case.name, how(&table.head)),
                None => format!("- `{}`: on real threads\n", case.name),
            }),
        }
    }
    let mut out = format!(
        "## Made by a machine\n\nEvery memory ordering of the solution weakened, every loop round a \
         wait made to go round once, every wake-up and every release on drop taken out, one at a \
         time: {all} programs.\n\n"
    );
    out += &html::fold(
        &format!("{} are rejected", rejected.len()),
        &rejected.concat(),
    );
    if !equivalent.is_empty() {
        out += &html::fold(
            &format!(
                "{} cannot be told from the solution, for a reason",
                equivalent.len()
            ),
            &equivalent.concat(),
        );
    }
    out
}

/// `model::name · deadlock · lost wakeup`, with the claim as code.
fn how(head: &str) -> String {
    match head.split_once(" · ") {
        Some((claim, rest)) => format!("{rest}, by `{claim}`"),
        None => head.to_owned(),
    }
}

/// A mutant inside a chapter: its story, and the way to its place in the gallery.
///
/// # Errors
///
/// When it was not written by hand.
pub fn card(shelf: &Shelf, name: &str) -> Result<String, String> {
    let mutant = shelf
        .mutant(name)
        .ok_or("a mutant made by a machine has no story")?;
    Ok(format!(
        "<div class=\"bug\">\n<p><strong>{}</strong> {}</p>\n<p><a href=\"{}\">{}: {name}</a></p>\n</div>\n",
        spoken(name),
        html::prose(&mutant.story),
        shelf.address(name).unwrap_or_default(),
        shelf.number(),
    ))
}

/// The table of a mutant's schedule as text.
///
/// # Errors
///
/// When no schedule breaks it.
pub fn table(shelf: &Shelf, name: &str) -> Result<String, String> {
    let table = shelf.table(name).ok_or_else(|| {
        format!(
            "no schedule breaks {name} of {}: tests/counterexamples/{0} has no {name}.snap",
            shelf.kata.id
        )
    })?;
    Ok(html::preformatted("schedule", &table.body))
}

/// The list of all galleries.
pub fn index(library: &Library) -> String {
    let all: usize = library
        .shelves
        .iter()
        .map(|shelf| shelf.mutants.len())
        .sum();
    let mut out = format!(
        "# The bug galleries\n\nEvery kata ships with wrong solutions, {all} in all, and the tests of this \
         repository prove that each of them is rejected. Read a gallery when you have solved its \
         kata: most of what goes wrong in concurrent programs is in here.\n\n"
    );
    for shelf in &library.shelves {
        let pages = shelf.gallery.iter().enumerate();
        let links = pages.map(|(index, page)| match index {
            0 => format!("[{}]({}.md)", shelf.kata.meta.title, page.name),
            _ => format!("[page {}]({}.md)", index + 1, page.name),
        });
        let links: Vec<String> = links.collect();
        let count = shelf.mutants.len();
        out += &format!("- {}: {count} bugs\n", links.join(", "));
    }
    out
}
