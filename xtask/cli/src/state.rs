//! What is remembered between commands: hints seen, and what the last check of a file said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};

use super::console::Trouble;
use super::files::replace;

/// What is remembered of every kata; nothing is lost with it but convenience.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    #[serde(default)]
    katas: BTreeMap<String, KataState>,
    #[serde(skip)]
    file: PathBuf,
}

/// What is remembered of one kata.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KataState {
    /// How many hints were shown.
    #[serde(default)]
    pub hints: usize,
    /// The last check of the learner's file.
    #[serde(default)]
    pub checked: Option<Checked>,
}

/// A check of the learner's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What the file was when it was checked.
    pub hash: String,
    /// Whether it passed.
    pub passed: bool,
    /// The verdict in words.
    pub verdict: String,
}

impl State {
    /// Reads what is remembered below that root; nothing, where there is nothing to be read.
    pub fn load(root: &Path) -> Self {
        let file = root.join("target/xtask-state.json");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let known: Self = serde_json::from_str(&text).unwrap_or_default();
        Self { file, ..known }
    }

    /// What is remembered of that kata.
    pub fn of(&self, kata: &str) -> KataState {
        self.katas.get(kata).cloned().unwrap_or_default()
    }

    /// Changes what is remembered of that kata, and keeps it.
    ///
    /// # Errors
    ///
    /// When the file below target/ cannot be written.
    pub fn update(
        &mut self,
        kata: &str,
        change: impl FnOnce(&mut KataState),
    ) -> Result<(), Trouble> {
        change(self.katas.entry(kata.to_owned()).or_default());
        let text = serde_json::to_string_pretty(self).map_err(Trouble::fault)?;
        replace(&self.file, text.as_bytes())
    }
}

/// What identifies the bytes of a file.
pub fn fingerprint(bytes: &[u8]) -> String {
    let digest = Hash::hash(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_there_the_next_time() {
        let root = std::env::temp_dir().join(format!("heddle-state-{}", std::process::id()));
        std::fs::create_dir_all(root.join("target")).unwrap();
        let mut state = State::load(&root);
        state
            .update("kata-05-rlock", |kata| kata.hints = 2)
            .unwrap();
        assert_eq!(State::load(&root).of("kata-05-rlock").hints, 2);
        std::fs::write(root.join("target/xtask-state.json"), "not json").unwrap();
        assert_eq!(State::load(&root).of("kata-05-rlock"), KataState::default());
        std::fs::remove_dir_all(&root).unwrap();
    }
}
