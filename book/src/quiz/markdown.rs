//! Markdown as HTML that can stand inside an HTML block: without an empty line.

use pulldown_cmark::{Event, Parser, html};

/// Paragraphs, lists and listings.
pub(super) fn block(markdown: &str) -> String {
    let mut out = String::new();
    // Quizzes are written by hand: what looks like a tag is meant to be read.
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    html::push_html(&mut out, events);
    in_one_piece(out.trim_end())
}

/// One paragraph, without its element.
pub(super) fn inline(markdown: &str) -> String {
    let html = block(markdown);
    let inner = html
        .strip_prefix("<p>")
        .and_then(|rest| rest.strip_suffix("</p>"));
    match inner {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => html,
    }
}

/// Text for an element or an attribute.
pub(super) fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Text that is no Markdown but for what stands between two backticks, which is code.
pub(super) fn prose(plain: &str) -> String {
    let parts = plain.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        1 => format!("<code>{}</code>", text(part)),
        _ => text(part),
    });
    parts.collect()
}

/// A listing in Rust, which nobody is asked to run.
pub(super) fn listing(source: &str) -> String {
    in_one_piece(&format!(
        "<pre><code class=\"language-rust noplayground\">{}\n</code></pre>",
        text(source)
    ))
}

/// An empty line would end the block of HTML that this stands in; in a listing it is kept.
fn in_one_piece(html: &str) -> String {
    html.replace("\n\n", "\n&#10;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_stands_without_its_element_and_two_keep_theirs() {
        assert_eq!(
            inline("a `b<c>` *d*"),
            "a <code>b&lt;c&gt;</code> <em>d</em>"
        );
        assert_eq!(inline("a\n\nb"), "<p>a</p>\n<p>b</p>");
    }

    #[test]
    fn what_looks_like_a_tag_is_read_as_text() {
        assert_eq!(inline("an Arc<T> <b>"), "an Arc&lt;T&gt; &lt;b&gt;");
    }

    #[test]
    fn an_empty_line_of_a_listing_does_not_end_the_block() {
        let html = block("```rust\na\n\n\nb\n```");
        assert!(!html.contains("\n\n"), "{html}");
        assert!(html.replace("&#10;", "\n").contains("a\n\n\nb"), "{html}");
    }
}
