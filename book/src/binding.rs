//! From the outline to the pages, and from the pages to HTML.

use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem, Chapter, SectionNumber};
use mdbook_driver::config::Config;

use crate::directive::Expander;
use crate::library::Library;
use crate::{BookError, assets, chapter, gallery, interview};

/// One page before it is rendered.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its name: `glossary` becomes `glossary.html`.
    pub name: String,
    /// Its Markdown; the first line is its title.
    pub content: String,
    /// The pages below it.
    pub below: Vec<Leaf>,
}

/// A part of the book with its pages.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The part's title.
    pub title: String,
    /// Its pages.
    pub leaves: Vec<Leaf>,
}

/// What a build did.
#[derive(Clone, Debug)]
pub struct Built {
    /// Where the pages are.
    pub folder: PathBuf,
    /// How many there are.
    pub pages: usize,
}

/// Every page of the book in its order.
///
/// # Errors
///
/// What is missing or wrong, with its file.
pub fn bind(library: &Library) -> Result<Vec<Bound>, BookError> {
    let mut parts = Vec::new();
    for part in &library.outline.parts {
        let mut leaves = Vec::new();
        for name in &part.chapters {
            leaves.push(leaf(library, name)?);
        }
        parts.push(Bound {
            title: part.title.clone(),
            leaves,
        });
    }
    Ok(parts)
}

fn leaf(library: &Library, name: &str) -> Result<Leaf, BookError> {
    let (content, below) = match name {
        "katas" => (chapter::index(library), katas(library)?),
        "galleries" => (gallery::index(library), galleries(library)),
        "interview" => {
            let more = Leaf {
                name: "interview-katas".to_owned(),
                content: interview::of_katas(library)?,
                below: Vec::new(),
            };
            (interview::page(library)?, vec![more])
        }
        _ => (written(library, name)?, Vec::new()),
    };
    Ok(Leaf {
        name: name.to_owned(),
        content,
        below,
    })
}

fn katas(library: &Library) -> Result<Vec<Leaf>, BookError> {
    let leaf = |shelf| {
        chapter::of_kata(library, shelf).map(|content| Leaf {
            name: shelf.page().to_owned(),
            content,
            below: Vec::new(),
        })
    };
    library.shelves.iter().map(leaf).collect()
}

fn galleries(library: &Library) -> Vec<Leaf> {
    let pages = library.shelves.iter().flat_map(|shelf| &shelf.gallery);
    let pages = pages.map(|page| Leaf {
        name: page.name.clone(),
        content: page.content.clone(),
        below: Vec::new(),
    });
    pages.collect()
}

/// A chapter of `book/chapters`.
fn written(library: &Library, name: &str) -> Result<String, BookError> {
    let file = Path::new("book/chapters").join(format!("{name}.md"));
    let text = library.read(&file)?;
    if !text.starts_with("# ") {
        return Err(BookError::at(&file, 1, "a chapter begins with `# Title`"));
    }
    Expander::new(library, &file).expand(&text)
}

/// Renders the book of that repository into `html` below `home`. Where that fails, the last book stays.
///
/// # Errors
///
/// What is missing or wrong, with its file and line.
pub fn build(root: &Path, home: &Path) -> Result<Built, BookError> {
    let library = Library::open(root)?;
    let parts = bind(&library)?;
    let stage = home.join("stage");
    assets::lay_out(&stage)?;
    let fresh = home.join("fresh");
    let book = book(&parts);
    let pages = book.chapters().count();
    let rendered = render(&stage, &fresh, book);
    rendered.map_err(|error| BookError::Render(format!("{error:#}")))?;
    let folder = home.join("html");
    let moved = replace(&folder, &fresh);
    moved.map_err(|error| BookError::file(&folder, error))?;
    Ok(Built { folder, pages })
}

fn render(
    stage: &Path,
    fresh: &Path,
    book: Book,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut config: Config = assets::CONFIG.parse()?;
    config.build.build_dir = fresh.to_owned();
    let mut binder = MDBook::load_with_config_and_summary(stage, config, Default::default())?;
    binder.book = book;
    Ok(binder.build()?)
}

fn replace(folder: &Path, fresh: &Path) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::rename(fresh, folder)
}

fn book(parts: &[Bound]) -> Book {
    let mut book = Book::new();
    let mut number = 0;
    for part in parts {
        book.push_item(BookItem::PartTitle(part.title.clone()));
        for leaf in &part.leaves {
            number += 1;
            book.push_item(chapter_of(leaf, &[number], &[]));
        }
    }
    book
}

fn chapter_of(leaf: &Leaf, number: &[u32], parents: &[String]) -> Chapter {
    let title = title(&leaf.content);
    let file = format!("{}.md", leaf.name);
    let mut chapter = Chapter::new(&title, leaf.content.clone(), file, parents.to_vec());
    chapter.number = Some(SectionNumber::new(number));
    let parents: Vec<String> = parents.iter().cloned().chain([title]).collect();
    for (index, below) in leaf.below.iter().enumerate() {
        let number: Vec<u32> = number.iter().copied().chain([index as u32 + 1]).collect();
        let below = chapter_of(below, &number, &parents);
        chapter.sub_items.push(below.into());
    }
    chapter
}

/// The first heading as plain text.
fn title(content: &str) -> String {
    let first = content.lines().next().unwrap_or_default();
    first
        .trim_start_matches('#')
        .replace('`', "")
        .trim()
        .to_owned()
}
