//! Quizzes between chapters.

use crate::library::Library;

/// The quiz of that name as a part of a page.
///
/// # Errors
///
/// When there is no such quiz.
pub fn component(library: &Library, name: &str) -> Result<String, String> {
    let file = format!("book/quizzes/{name}.toml");
    std::fs::read_to_string(library.root.join(&file))
        .map_err(|error| format!("{file}: {error}"))?;
    Ok(String::new())
}
