//! What the book is made from: the katas with their mutants and counterexamples.

use std::path::{Path, PathBuf};

use heddle_counterexample::golden;
use heddle_terms::catalogue::{Catalogue, Kata, Workspace};
use xtask::matrix::{self, Case};
use xtask::mutants::{self, Mutant};

use crate::BookError;
use crate::gallery::{self, GalleryPage};
use crate::outline::Outline;

/// One kata with all that is known of it.
#[derive(Debug)]
pub struct Shelf {
    /// The kata.
    pub kata: Kata,
    /// Its mutants by hand, by name.
    pub mutants: Vec<Mutant>,
    /// Its mechanical mutants, in the order of the solution's text.
    pub mechanical: Vec<Case>,
    /// The pages of its mutants.
    pub gallery: Vec<GalleryPage>,
}

impl Shelf {
    /// `Kata 05`.
    pub fn number(&self) -> String {
        format!("Kata {:02}", self.kata.number)
    }

    /// The name of its page: `kata-05-rlock`.
    pub fn page(&self) -> &str {
        &self.kata.id
    }

    /// The mutant of that name.
    pub fn mutant(&self, name: &str) -> Option<&Mutant> {
        self.mutants.iter().find(|mutant| mutant.name == name)
    }

    /// Where a mutant stands: `bugs-05-rlock.md#owner-by-name`.
    pub fn address(&self, mutant: &str) -> Option<String> {
        let on = |page: &&GalleryPage| page.mutants.iter().any(|name| name == mutant);
        let page = self.gallery.iter().find(on)?;
        Some(format!("{}.md#{mutant}", page.name))
    }

    /// The committed counterexample of a mutant, without what only tests read.
    pub fn table(&self, mutant: &str) -> Option<Table> {
        let file = golden::folder(&self.kata).join(format!("{mutant}.snap"));
        let text = std::fs::read_to_string(file).ok()?;
        Table::of(&text)
    }
}

/// A committed counterexample as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The claim, how it failed and, where that is certain, the mistake.
    pub head: String,
    /// What stands below.
    pub body: String,
    /// How many rows the table has.
    pub rows: usize,
}

impl Table {
    fn of(golden: &str) -> Option<Table> {
        let rows = golden::rows(golden)?;
        let page = golden.split_once("---\n")?.1.split_once("---\n")?.1;
        let page = page.split("\nrows: ").next()?;
        let (head, below) = page.split_once('\n')?;
        // The claim's sentence stands beside the table already.
        let body = below.split_once("\n\n").map_or("", |(_, body)| body);
        Some(Table {
            head: head.to_owned(),
            body: body.trim_end().to_owned(),
            rows,
        })
    }
}

/// All katas, and where everything else of the book lies.
#[derive(Debug)]
pub struct Library {
    /// The root of the repository.
    pub root: PathBuf,
    /// The order of the book.
    pub outline: Outline,
    /// The katas by number.
    pub shelves: Vec<Shelf>,
}

impl Library {
    /// Reads everything below the root of the repository.
    ///
    /// # Errors
    ///
    /// What cannot be read.
    pub fn open(root: &Path) -> Result<Library, BookError> {
        let mut shelves = Vec::new();
        for kata in Catalogue::load(&Workspace::at(root))?.all()? {
            shelves.push(Shelf {
                mutants: mutants::load(&kata)?,
                mechanical: matrix::mechanical(&kata)?,
                kata,
                gallery: Vec::new(),
            });
        }
        let mut library = Library {
            outline: Outline::read(&root.join("book"))?,
            root: root.to_owned(),
            shelves,
        };
        for index in 0..library.shelves.len() {
            library.shelves[index].gallery = gallery::pages(&library, &library.shelves[index])?;
        }
        Ok(library)
    }

    /// The kata that goes by that name: `05`, `kata-05`, `rlock` or `kata-05-rlock`.
    pub fn shelf(&self, name: &str) -> Option<&Shelf> {
        // As `cargo xtask` knows it, so that a book may not call a kata by another name.
        self.shelves.iter().find(|shelf| {
            let kata = &shelf.kata;
            let bare = name.strip_prefix("kata-").unwrap_or(name);
            name == kata.id || name == kata.slug || bare.parse() == Ok(kata.number)
        })
    }

    /// A file of the repository.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn read(&self, file: &Path) -> Result<String, BookError> {
        let read = std::fs::read_to_string(self.root.join(file));
        read.map_err(|error| BookError::file(file, error))
    }
}
