//! What `cargo xtask help` says, from the table of commands.

use super::commands::{COMMANDS, CommandSpec};

/// The list of commands, as `cargo xtask help` shows it.
pub fn overview() -> String {
    let mut text = String::from(
        "Heddle: concurrency katas, graded under every schedule.\n\n\
         Usage: cargo xtask [COMMAND]\n\n\
         Without a command it says what there is to do next.\n\n",
    );
    for command in COMMANDS {
        text += &format!("  {:<8} {}\n", command.name, command.summary);
    }
    text += "\nA kata may be named kata-05, 05, 5, rlock or kata-05-rlock. Inside a kata's\n\
             folder the name can be left out. `cargo xtask help COMMAND` says more.\n";
    text
}

/// The help of one command.
pub fn help(command: &CommandSpec) -> String {
    let mut text = format!("cargo xtask {}: {}\n\n", command.name, command.summary);
    text += &wrap_usage(command.usage);
    if !command.details.is_empty() {
        text += &format!("\n{}\n", command.details);
    }
    if !command.options.is_empty() {
        text += "\nOptions:\n";
        for option in command.options {
            let shown = match option.value {
                Some(value) => format!("--{} {value}", option.name),
                None => format!("--{}", option.name),
            };
            text += &format!("  {shown:<18}  {}\n", option.help);
        }
    }
    text
}

/// The usage line, broken before an option when it is too long for a terminal of 80 columns.
fn wrap_usage(usage: &str) -> String {
    let mut text = String::from("Usage: cargo xtask");
    let mut column = text.len();
    // An option and its value stay together, so the line is cut at " [" and " |" only.
    for part in usage
        .replace(" [", "\n[")
        .replace(" | ", "\n| ")
        .split('\n')
    {
        if column + 1 + part.len() > 80 {
            text += "\n                  ";
            column = 18;
        }
        text += " ";
        text += part;
        column += 1 + part.len();
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_help_fits_into_a_hundred_columns() {
        let mut texts = vec![overview()];
        texts.extend(COMMANDS.iter().map(help));
        for line in texts.iter().flat_map(|text| text.lines()) {
            assert!(line.chars().count() <= 100, "too long: {line}");
        }
    }

    #[test]
    fn every_option_of_a_usage_line_is_known() {
        for command in COMMANDS {
            let words = command
                .usage
                .split(|c: char| !(c.is_alphanumeric() || c == '-'));
            for name in words.filter_map(|word| word.strip_prefix("--")) {
                assert!(
                    command.options.iter().any(|option| option.name == name),
                    "`{}` shows --{name}, which it does not know",
                    command.name
                );
            }
        }
    }
}
