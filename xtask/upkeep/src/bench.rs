//! `cargo xtask bench`: how long things take, and where the time goes.

mod clone;
mod edit;
mod matrix;
mod processor;
mod python;
mod recording;
mod search;
mod statistics;

use heddle_cli::args::Request;
use heddle_cli::console::{Done, Outcome, Trouble};
use heddle_cli::nearest::nearest;

const MEASURES: &[&str] = &["check", "clone", "matrix", "model", "python"];

/// Measures what the first word names.
pub fn run(request: &Request) -> Outcome {
    let rounds = request.number::<usize>("rounds")?;
    if rounds == Some(0) {
        return Err(Trouble::Usage("--rounds 0 measures nothing".to_owned()));
    }
    match request.words.first().map(String::as_str) {
        Some("check") => edit::run(request, rounds.unwrap_or(15))?,
        Some("clone") => clone::run(request, rounds.unwrap_or(1))?,
        Some("matrix") if request.words.len() > 1 => {
            return Err(Trouble::Usage(
                "the matrix is of no kata: `cargo xtask bench matrix`".to_owned(),
            ));
        }
        Some("matrix") => matrix::run(rounds.unwrap_or(5))?,
        Some("model") if request.has("recording") => recording::run(request)?,
        Some("model") => search::run(request, rounds.unwrap_or(5))?,
        Some("python") => python::run(request, rounds.unwrap_or(5))?,
        Some(other) => {
            let near = nearest(other, MEASURES.iter().copied());
            return Err(Trouble::Usage(match near.first() {
                Some(near) => format!("there is no measure `{other}`: did you mean `{near}`?"),
                None => {
                    format!("there is no measure `{other}`: check, clone, matrix, model or python")
                }
            }));
        }
        None => {
            return Err(Trouble::Usage(
                "bench what? check, clone, matrix, model or python (`cargo xtask help bench`)"
                    .to_owned(),
            ));
        }
    }
    Ok(Done::Passed)
}
