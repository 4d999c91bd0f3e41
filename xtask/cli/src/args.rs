//! From the words of the command line to a checked request.

use std::ffi::OsString;
use std::str::FromStr;

use lexopt::{Arg, Parser};

use super::commands::{COMMANDS, CommandSpec, command};
use super::nearest::nearest;

/// A command line that made sense: a command, its words and its options.
#[derive(Debug)]
pub struct Request {
    /// The command, or none when nothing was said.
    pub command: Option<&'static CommandSpec>,
    /// Whether `--help` was among the options.
    pub help: bool,
    /// The words besides options, in order.
    pub words: Vec<String>,
    options: Vec<(&'static str, Option<OsString>)>,
}

/// A command line that made no sense, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageError(pub String);

impl Request {
    /// Whether an option was given.
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(given, _)| *given == name)
    }

    /// The value of an option as it was given, paths included.
    pub fn raw(&self, name: &str) -> Option<&OsString> {
        let given = self.options.iter().find(|(given, _)| *given == name)?;
        given.1.as_ref()
    }

    /// The value of an option as text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, UsageError> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        match value.to_str() {
            Some(value) => Ok(Some(value)),
            None => Err(UsageError(format!("the value of --{name} is not UTF-8"))),
        }
    }

    /// The value of an option as a number.
    pub fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, UsageError> {
        let Some(value) = self.text(name)? else {
            return Ok(None);
        };
        let refused = |_| UsageError(format!("--{name} takes a number, and `{value}` is none"));
        value.parse().map(Some).map_err(refused)
    }

    /// Refuses two options that contradict each other.
    pub fn at_most_one(&self, names: &[&str]) -> Result<(), UsageError> {
        let given: Vec<String> = names
            .iter()
            .filter(|name| self.has(name))
            .map(|name| format!("--{name}"))
            .collect();
        if given.len() > 1 {
            return Err(UsageError(format!(
                "{} cannot be asked for together: choose one",
                given.join(" and ")
            )));
        }
        Ok(())
    }
}

/// Reads a command line, without the name of the program.
///
/// # Errors
///
/// Unknown commands and options, missing and repeated values, words too many; each error names
/// the nearest thing that would have been understood.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Request, UsageError> {
    let mut parser = Parser::from_args(words);
    let mut request = Request {
        command: None,
        help: false,
        words: Vec::new(),
        options: Vec::new(),
    };
    while let Some(arg) = parser.next().map_err(explain)? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => request.help = true,
            Arg::Value(word) => take_word(&mut request, word)?,
            Arg::Long(name) => {
                let name = name.to_owned();
                take_option(&mut request, &name, &mut parser)?;
            }
            Arg::Short(letter) => {
                return Err(UsageError(format!(
                    "there is no option -{letter}: options are written out, such as --json"
                )));
            }
        }
    }
    Ok(request)
}

fn take_word(request: &mut Request, word: OsString) -> Result<(), UsageError> {
    let word = word
        .into_string()
        .map_err(|word| UsageError(format!("{word:?} is not UTF-8")))?;
    let Some(spec) = request.command else {
        request.command = Some(command(&word).ok_or_else(|| unknown_command(&word))?);
        return Ok(());
    };
    if request.words.len() == spec.words {
        return Err(UsageError(format!(
            "`{word}` is one word too many: the usage is `cargo xtask {}`",
            spec.usage
        )));
    }
    request.words.push(word);
    Ok(())
}

fn take_option(request: &mut Request, name: &str, parser: &mut Parser) -> Result<(), UsageError> {
    let Some(spec) = request.command else {
        return Err(UsageError(format!(
            "--{name} comes before any command: write the command first, such as `cargo xtask check --{name}`"
        )));
    };
    let Some(option) = spec.options.iter().find(|option| option.name == name) else {
        return Err(unknown_option(spec, name));
    };
    if request.has(name) {
        return Err(UsageError(format!("--{name} is given twice")));
    }
    let value = match option.value {
        None => None,
        Some(what) => Some(
            parser
                .value()
                .map_err(|_| UsageError(format!("--{name} needs a value: --{name} {what}")))?,
        ),
    };
    request.options.push((option.name, value));
    Ok(())
}

fn unknown_command(word: &str) -> UsageError {
    let names = COMMANDS.iter().map(|command| command.name);
    let hint = match nearest(word, names).first() {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`cargo xtask help` lists the commands".to_owned(),
    };
    UsageError(format!("there is no command `{word}`: {hint}"))
}

fn unknown_option(spec: &CommandSpec, name: &str) -> UsageError {
    let names = spec.options.iter().map(|option| option.name);
    let hint = match nearest(name, names).first() {
        Some(near) => format!("did you mean --{near}?"),
        None => format!("`cargo xtask help {}` lists its options", spec.name),
    };
    UsageError(format!("`{}` has no option --{name}: {hint}", spec.name))
}

fn explain(error: lexopt::Error) -> UsageError {
    match error {
        lexopt::Error::UnexpectedValue { option, value } => {
            UsageError(format!("{option} takes no value, and got {value:?}"))
        }
        other => UsageError(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, UsageError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn refusal(line: &str) -> String {
        parsed(line).expect_err("this line makes no sense").0
    }

    #[test]
    fn options_may_stand_before_and_after_the_kata() {
        let request = parsed("check --json rlock --seed=7 --thorough").unwrap();
        assert_eq!(request.command.unwrap().name, "check");
        assert_eq!(request.words, ["rlock"]);
        assert!(request.has("json") && request.has("thorough"));
        assert_eq!(request.number::<u64>("seed").unwrap(), Some(7));
    }

    #[test]
    fn an_unknown_command_gets_the_nearest_one() {
        assert_eq!(
            refusal("chekc 5"),
            "there is no command `chekc`: did you mean `check`?"
        );
    }

    #[test]
    fn an_unknown_option_gets_the_nearest_one() {
        assert_eq!(
            refusal("check --sede 4"),
            "`check` has no option --sede: did you mean --seed?"
        );
    }

    #[test]
    fn contradicting_subjects_are_refused() {
        let request = parsed("check 5 --solution --mutant owner-by-name").unwrap();
        let refused = request.at_most_one(&["solution", "file", "mutant"]);
        assert_eq!(
            refused.unwrap_err().0,
            "--solution and --mutant cannot be asked for together: choose one"
        );
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        let request = parsed("check 5 --seed many").unwrap();
        let refused = request.number::<u64>("seed").unwrap_err();
        assert_eq!(refused.0, "--seed takes a number, and `many` is none");
    }

    #[test]
    fn a_missing_value_a_repeated_option_and_a_superfluous_word_are_refused() {
        assert_eq!(refusal("check --file"), "--file needs a value: --file PATH");
        assert_eq!(refusal("check --json --json"), "--json is given twice");
        assert!(refusal("list 5").starts_with("`5` is one word too many"));
        assert!(
            refusal("list --json=yes").starts_with("--json takes no value"),
            "{}",
            refusal("list --json=yes")
        );
    }

    #[test]
    fn no_words_at_all_are_a_request_too() {
        assert!(parsed("").unwrap().command.is_none());
        assert!(parsed("--help").unwrap().help);
    }
}
