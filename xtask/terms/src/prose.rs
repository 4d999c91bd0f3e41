//! Text laid out for people.

/// Breaks text into lines of at most `width` columns, at spaces, each with `indent` before it.
///
/// Line breaks of the text are kept; a word longer than a line stays whole, and so does what stands
/// in backticks, unless it is longer than a line: a command is there to be copied.
pub fn wrap(text: &str, indent: &str, width: usize) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut column = 0;
        // A line that begins with spaces is laid out on purpose.
        let lead: String = line.chars().take_while(|c| *c == ' ').collect();
        for word in words(
            line,
            width.saturating_sub(indent.chars().count() + lead.len()),
        ) {
            let length = word.chars().count();
            if column == 0 {
                wrapped += indent;
                wrapped += &lead;
                column = indent.chars().count() + lead.len();
            } else if column + 1 + length > width {
                wrapped += "\n";
                wrapped += indent;
                wrapped += &lead;
                column = indent.chars().count() + lead.len();
            } else {
                wrapped += " ";
                column += 1;
            }
            wrapped += &word;
            column += length;
        }
        wrapped += "\n";
    }
    wrapped
}

/// The words of a line, those between two backticks as one where they fit into `room` columns.
fn words(line: &str, room: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    // Where the words begin that belong to a backtick that is still open.
    let mut open: Option<usize> = None;
    for word in line.split_whitespace() {
        words.push(word.to_owned());
        if word.matches('`').count().is_multiple_of(2) {
            continue;
        }
        let Some(first) = open.take() else {
            open = Some(words.len() - 1);
            continue;
        };
        let whole = words[first..].join(" ");
        if whole.chars().count() <= room {
            words.truncate(first);
            words.push(whole);
        }
    }
    words
}

/// `1 claim`, `2 claims`.
pub fn count(number: impl Into<u64>, one: &str) -> String {
    let number = number.into();
    if number == 1 {
        return format!("1 {one}");
    }
    match one.strip_suffix('y') {
        Some(stem) => format!("{} {stem}ies", grouped(number)),
        None if one.ends_with(['s', 'x']) || one.ends_with("ch") => {
            format!("{} {one}es", grouped(number))
        }
        None => format!("{} {one}s", grouped(number)),
    }
}

/// A number with its thousands apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Text of a subject or a claim without what would disturb a terminal.
pub fn clean(text: &str) -> String {
    let mut clean = String::new();
    for character in text.chars() {
        match character {
            '\n' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            '\r' => {}
            odd if odd.is_control() => clean.extend(odd.escape_default()),
            plain => clean.push(plain),
        }
    }
    clean
}

/// The text cut to so many columns, with a sign that something is missing.
pub fn cut(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    let kept: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_indented() {
        assert_eq!(wrap("one two three", "  ", 9), "  one two\n  three\n");
    }

    #[test]
    fn a_word_longer_than_the_line_stays_whole() {
        assert_eq!(
            wrap("a incomprehensible b", "", 6),
            "a\nincomprehensible\nb\n"
        );
    }

    #[test]
    fn a_command_in_backticks_is_not_torn_apart() {
        assert_eq!(
            wrap("Stuck? (`cargo xtask hint 05`).", "  ", 28),
            "  Stuck?\n  (`cargo xtask hint 05`).\n"
        );
        assert_eq!(wrap("a `b c d` e ` f", "", 5), "a `b\nc d`\ne ` f\n");
    }

    #[test]
    fn line_breaks_and_layout_of_the_text_are_kept() {
        assert_eq!(wrap("one\n\n  two", "> ", 40), "> one\n\n>   two\n");
    }

    #[test]
    fn plurals_and_thousands_are_written_as_people_do() {
        assert_eq!(count(1_u64, "claim"), "1 claim");
        assert_eq!(count(1234567_u64, "property"), "1,234,567 properties");
        assert_eq!(count(2_u64, "process"), "2 processes");
        assert_eq!(count(2_u64, "switch"), "2 switches");
    }

    #[test]
    fn escape_sequences_of_a_subject_do_not_reach_the_terminal() {
        assert_eq!(clean("a\x1b[31mb\r\n"), "a\\u{1b}[31mb\n");
    }
}
