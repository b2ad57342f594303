//! What is shown of a text that cannot be rendered.

/// The text as it was typed, escaped.
pub(super) fn escape(text: &str) -> String {
    let mut html = "<pre>".to_owned();
    for c in text.chars() {
        match c {
            '\0' => html.push('\u{fffd}'),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
    html.push_str("</pre>\n");
    html
}
