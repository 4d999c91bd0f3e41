//! Text as HTML.

/// Text for an element or an attribute.
pub(super) fn text(plain: &str) -> String {
    let mut html = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\t' => html.push(character),
            odd if odd.is_control() => html.extend(odd.escape_default()),
            other => html.push(other),
        }
    }
    html
}

/// Text for an element, in which what stands between two backticks is code.
pub(super) fn prose(plain: &str) -> String {
    let parts: Vec<&str> = plain.split('`').collect();
    // An odd backtick at the end opens nothing.
    let pairs = parts.len().is_multiple_of(2).then_some(parts.len() - 1);
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        if Some(index) == pairs {
            html += "`";
            html += &text(part);
        } else if index % 2 == 1 {
            html += &format!("<code>{}</code>", text(part));
        } else {
            html += &text(part);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(text("<b a='1'>\"&"), "&lt;b a=&#39;1&#39;&gt;&quot;&amp;");
    }

    #[test]
    fn backticks_make_code_and_an_odd_one_stays() {
        assert_eq!(prose("a `b<c` d"), "a <code>b&lt;c</code> d");
        assert_eq!(prose("a `b` c`d"), "a <code>b</code> c`d");
    }
}
