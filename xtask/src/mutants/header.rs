//! The header of a patch: the story, and what must catch the bug.

use std::fmt;

use super::error::MutantError;
use heddle_terms::report::{Kind, Phase};

/// How the declared claim must fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MutantKind {
    /// With a failure of that kind.
    Claim(Kind),
    /// By not compiling with the mutant.
    Build,
}

impl MutantKind {
    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "build" => Some(Self::Build),
            // These are no verdict on the subject.
            "inconclusive" | "todo" | "not-run" => None,
            name => Kind::named(name).map(Self::Claim),
        }
    }

    /// The kind's name, as headers have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Claim(kind) => kind.name(),
        }
    }
}

impl fmt::Display for MutantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The header of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// What goes wrong.
    pub(super) story: String,
    /// The phase that must catch it.
    pub(super) phase: Phase,
    /// The claim that must catch it.
    pub(super) claim: String,
    /// How that claim must fail.
    pub(super) kind: MutantKind,
    /// The numbered behaviour or mistake it is about.
    pub(super) behaviour: Option<String>,
}

/// The keys of a header; all but the last are needed.
const KEYS: [&str; 5] = ["story", "phase", "claim", "kind", "behaviour"];

/// Splits a patch into its header and the diff below it, and reads the header.
pub(super) fn read<'a>(file: &str, text: &'a str) -> Result<(Header, &'a str), MutantError> {
    let length: usize = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'))
        .map(str::len)
        .sum();
    let (head, diff) = text.split_at(length);
    let entries = Entries::read(file, head)?;
    let (line, phase) = entries.needed("phase")?;
    let phase = Phase::TESTING
        .into_iter()
        .find(|known| known.name() == phase)
        .ok_or_else(|| {
            let known = Phase::TESTING.map(Phase::name).join(", ");
            entries.wrong(
                line,
                format!("`{phase}` is no phase of claims; there are {known}"),
            )
        })?;
    let (line, kind) = entries.needed("kind")?;
    let kind = MutantKind::named(kind).ok_or_else(|| {
        let known = Kind::ALL.map(Kind::name).join(", ");
        entries.wrong(
            line,
            format!("`{kind}` is no kind of failure; there are build, {known}"),
        )
    })?;
    let header = Header {
        story: entries.needed("story")?.1.to_owned(),
        phase,
        claim: entries.needed("claim")?.1.to_owned(),
        kind,
        behaviour: entries.get("behaviour").map(|(_, value)| value.to_owned()),
    };
    Ok((header, diff))
}

/// The lines of a header.
struct Entries<'a> {
    file: &'a str,
    lines: usize,
    all: Vec<(usize, &'a str, String)>,
}

impl<'a> Entries<'a> {
    fn read(file: &'a str, head: &'a str) -> Result<Self, MutantError> {
        let mut entries = Self {
            file,
            lines: head.lines().count(),
            all: Vec::new(),
        };
        for (index, line) in head.lines().enumerate() {
            entries
                .line(index + 1, line)
                .map_err(|problem| entries.wrong(index + 1, problem))?;
        }
        Ok(entries)
    }

    fn line(&mut self, number: usize, line: &'a str) -> Result<(), String> {
        if let Some(more) = line.strip_prefix("#   ") {
            let (.., value) = self
                .all
                .last_mut()
                .ok_or("a line that goes on needs one before it")?;
            value.push(' ');
            value.push_str(more.trim());
            return Ok(());
        }
        let (key, value) = line
            .strip_prefix("# ")
            .and_then(|entry| entry.split_once(": "))
            .ok_or("a header line reads `# key: value`, and goes on with `#   more`")?;
        if !KEYS.contains(&key) {
            return Err(format!("`{key}` is no key; there are {}", KEYS.join(", ")));
        }
        if self.get(key).is_some() {
            return Err(format!("`{key}` is given twice"));
        }
        self.all.push((number, key, value.trim().to_owned()));
        Ok(())
    }

    fn get(&self, key: &str) -> Option<(usize, &str)> {
        let entry = self.all.iter().find(|(_, known, _)| *known == key);
        entry.map(|(line, _, value)| (*line, value.as_str()))
    }

    fn needed(&self, key: &str) -> Result<(usize, &str), MutantError> {
        self.get(key)
            .filter(|(_, value)| !value.is_empty())
            .ok_or_else(|| self.wrong(self.lines + 1, format!("the header lacks `# {key}: …`")))
    }

    fn wrong(&self, line: usize, problem: String) -> MutantError {
        MutantError::Header {
            file: self.file.to_owned(),
            line,
            problem,
        }
    }
}
