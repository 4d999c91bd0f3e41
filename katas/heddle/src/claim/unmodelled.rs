//! `heddle::model` where there is no model: the ordinary and the trace face.
//!
//! Real threads show one schedule of very many, so running the claim here would show nothing. A
//! model claim of an ordinary `cargo test` asks the grader instead, and is red unless that says
//! that the whole kata has passed.

use std::env;
use std::ffi::OsString;
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::grader;
use super::record::Event;
use super::require::Require;

/// Checks a claim under every schedule; on this face by `cargo xtask check`.
///
/// The check runs once for all model claims of a test process.
///
/// # Panics
///
/// When the check finds the kata not passed, and when it can't be run: what was not checked does
/// not count as right.
pub fn model<F: Fn() + Send + Sync + 'static>(claim: F) {
    model_with(Require::new(), claim);
}

/// Checks a claim as [`model()`] does, under more schedules than every claim is.
///
/// # Panics
///
/// As [`model()`] does.
pub fn model_with<F: Fn() + Send + Sync + 'static>(_require: Require, _claim: F) {
    if let Some(grader) = grader::take() {
        let message = "a model claim was built without the model face".to_owned();
        // Nothing else of this process writes an end.
        let _ = grader.end(&Event::Fault {
            message: message.clone(),
        });
        panic!("heddle: {message}");
    }
    static CHECK: OnceLock<Result<(), String>> = OnceLock::new();
    if let Err(reason) = CHECK.get_or_init(check) {
        panic!("{reason}");
    }
}

/// Asks the grader about the kata whose test this is.
fn check() -> Result<(), String> {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let Some(kata) = number_of(&package) else {
        return Err("not checked: run `cargo xtask check` with the name of the kata".to_owned());
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let answer = Command::new(cargo)
        .args(["xtask", "check", &package])
        .output();
    match answer {
        Ok(answer) => verdict(kata, &answer),
        Err(error) => Err(format!(
            "not checked: run `cargo xtask check {kata}` ({error})"
        )),
    }
}

fn verdict(kata: &str, answer: &Output) -> Result<(), String> {
    if answer.status.success() {
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&answer.stdout));
    eprint!("{}", String::from_utf8_lossy(&answer.stderr));
    // 1 is a verdict about the subject; everything else means that there is none.
    if answer.status.code() == Some(1) {
        Err(format!("not passed: see `cargo xtask check {kata}`"))
    } else {
        Err(format!("not checked: run `cargo xtask check {kata}`"))
    }
}

/// The number in the name of a kata's package.
fn number_of(package: &str) -> Option<&str> {
    let number = package.strip_prefix("kata-")?.split('-').next()?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only a kata has a number to check by.
    #[test]
    fn the_number_of_a_kata_is_read_from_its_package() {
        assert_eq!(number_of("kata-05-rlock"), Some("05"));
        assert_eq!(number_of("heddle"), None);
        assert_eq!(number_of("kata-rlock"), None);
    }
}
