//! Small pieces of HTML and Markdown.

/// The text with everything escaped that means something in HTML.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// A sentence in which code stands between backticks.
pub fn prose(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        0 => text(part),
        _ => format!("<code>{}</code>", text(part)),
    });
    parts.collect()
}

/// A text as it was written, such as a table of a schedule; nothing in it is read as Markdown.
pub fn preformatted(class: &str, content: &str) -> String {
    // An empty line would end the block of HTML.
    let content = text(content.trim_end()).replace("\n\n", "\n&#8203;\n");
    format!("<pre class=\"{class}\" tabindex=\"0\">{content}</pre>\n")
}

/// Markdown behind a fold.
pub fn fold(summary: &str, markdown: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{markdown}\n\n</details>\n")
}

/// A block of code that Markdown shows as it is.
pub fn code(language: &str, source: &str) -> String {
    let mut fence = "```".to_owned();
    while source.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}\n", source.trim_end())
}

/// The Markdown without its first heading, and every other heading that many levels deeper.
pub fn below(markdown: &str, levels: usize) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && line.starts_with("# ") {
            continue;
        }
        if !fenced && line.starts_with('#') {
            out.push_str(&"#".repeat(levels));
        }
        out.push_str(line);
        out.push('\n');
    }
    out.trim().to_owned()
}

/// The Markdown without its first heading, and with the others as bold lines: what stands behind a
/// fold has no place in the list of headings.
pub fn folded(markdown: &str) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && line.starts_with("# ") {
            continue;
        }
        match line.trim_start_matches('#') {
            heading if !fenced && heading.len() < line.len() => {
                out.push_str(&format!("**{}**", heading.trim()));
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a schedule prints is shown and never read as markup.
    #[test]
    fn a_table_keeps_its_signs_and_its_empty_lines() {
        let html = preformatted("table", "Arc<T>\n\n  4 » lock");
        assert_eq!(
            html,
            "<pre class=\"table\" tabindex=\"0\">Arc&lt;T&gt;\n&#8203;\n  4 » lock</pre>\n"
        );
    }

    /// A README becomes a part of a chapter, and comments of its code stay what they are.
    #[test]
    fn headings_go_deeper_and_code_does_not() {
        let markdown = "# Kata\n\nText.\n\n## What\n\n```sh\n# a comment\n```\n";
        assert_eq!(
            below(markdown, 1),
            "Text.\n\n### What\n\n```sh\n# a comment\n```"
        );
    }

    /// A fence is longer than any inside.
    #[test]
    fn code_with_a_fence_gets_a_longer_one() {
        assert_eq!(code("md", "```\nx\n```"), "````md\n```\nx\n```\n````\n");
    }
}
