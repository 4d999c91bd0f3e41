//! Cutting lines out of a text so that what is left is still formatted.

use std::ops::Range;

/// Takes whole lines out, and the blank lines that would be left double or against a brace.
pub(super) fn cut(text: &mut String, range: Range<usize>) {
    let at = range.start;
    text.replace_range(range, "");
    while let (before, Some(after)) = around(text, at)
        && text[after.clone()].trim().is_empty()
        && before.is_none_or(|before| {
            let before = text[before].trim_end();
            before.is_empty() || before.ends_with('{')
        })
    {
        text.replace_range(after, "");
    }
    let (Some(before), Some(after)) = around(text, at) else {
        return;
    };
    if !text[after.clone()].trim_start().starts_with('}') {
        return;
    }
    if text[before.clone()].trim().is_empty() {
        text.replace_range(before, "");
    } else if opens(&text[before.clone()]) {
        // Nothing is left between the braces: `struct Empty {}`.
        let brace = before.start + text[before].trim_end().len();
        let close = after.start + (text[after.clone()].len() - text[after].trim_start().len());
        text.replace_range(brace..close, "");
    }
}

/// Whether the line is code that opens a brace.
fn opens(line: &str) -> bool {
    let line = line.trim();
    line.ends_with('{') && !line.starts_with("//")
}

/// The line that ends at `at` and the one that begins there.
fn around(text: &str, at: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let before = at.checked_sub(1).map(|last| {
        let start = text[..last].rfind('\n').map_or(0, |end| end + 1);
        start..at
    });
    let after = (at < text.len()).then(|| {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        at..end
    });
    (before, after)
}
