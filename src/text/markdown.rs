//! The one door from Markdown to HTML, for pages, answers, previews, old revisions and notices alike.
//! Safe by construction: raw HTML comes out as the text it is, dangerous links lose their address, and no
//! picture is ever fetched from elsewhere. Knows no page and no template.

use std::{fmt::Write, time::Duration};

use comrak::{
    Arena, Options, create_formatter,
    html::{Anchorizer, ChildRendering, format_node_default},
    nodes::{AstNode, NodeLink, NodeValue},
    parse_document,
};
use serde::Serialize;

use super::{bounded::Bounded, nesting};

/// Most bytes of HTML. Text that nobody wrote to attack us becomes two or three times as long as it was.
const HTML_MAX: usize = 2_000_000;
/// How long writing the HTML may take; usual texts take a thousandth of it.
const TIME: Duration = Duration::from_secs(2);

/// HTML of a text, and the headings to find one's way by.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Safe to insert as it is.
    pub html: String,
    /// Headings of the two uppermost levels, in order.
    pub headings: Vec<Heading>,
}

/// A heading that can be linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Value of the `id` attribute.
    pub id: String,
    /// Its words without markup.
    pub text: String,
}

/// Where the text will stand.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// The body of a page below its `h1`: headings from `h2`, each second-level part a `section`, footnotes.
    Page,
    /// One of several texts on a page, such as an answer: headings from `h4`, ids begin with this prefix, no footnotes.
    Part(&'a str),
}

#[derive(Default)]
struct State {
    prefix: String,
    sections: bool,
    section_open: bool,
    anchors: Anchorizer,
    headings: Vec<Heading>,
    ids: Vec<String>,
}

create_formatter!(Formatter<State>, {
    NodeValue::Heading(ref heading) => |context, node, entering| {
        if !entering {
            writeln!(context, "</h{}>", heading.level)?;
            return Ok(ChildRendering::HTML);
        }
        let text = node.collect_text();
        let id = format!("{}{}", context.user.prefix, context.user.anchors.anchorize(&text));
        context.cr()?;
        if context.user.sections && heading.level == 2 && at_top(node) {
            if std::mem::replace(&mut context.user.section_open, true) {
                context.write_str("</section>\n")?;
            }
            context.write_str("<section aria-labelledby=\"")?;
            context.escape(&id)?;
            context.write_str("\">\n")?;
        }
        write!(context, "<h{} id=\"", heading.level)?;
        context.escape(&id)?;
        context.write_str("\">")?;
        if heading.level <= 3 {
            context.user.headings.push(Heading { level: heading.level, id: id.clone(), text });
        }
        context.user.ids.push(id);
    },
    // A wide table scrolls inside its own frame, which the keyboard can reach.
    NodeValue::Table(_) => |context, node, entering| {
        if entering {
            context.cr()?;
            context.write_str("<div class=\"table-frame\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">\n")?;
            return format_node_default(context, node, entering);
        }
        let rendering = format_node_default(context, node, entering)?;
        context.cr()?;
        context.write_str("</div>\n")?;
        return Ok(rendering);
    },
    // A box that is only shown needs words, not a control.
    NodeValue::TaskItem(ref item) => |context, entering| {
        if !entering {
            context.write_str("</li>\n")?;
            return Ok(ChildRendering::HTML);
        }
        context.cr()?;
        let (class, words) = if item.symbol.is_some() { ("task done", "Done: ") } else { ("task", "To do: ") };
        write!(context, "<li class=\"{class}\"><span class=\"visually-hidden\">{words}</span>")?;
    },
});

/// Renders `text` for `place`. Never fails: whatever is typed has some rendering. What [`check`] refuses is shown as it
/// was typed.
#[must_use]
pub fn render(text: &str, place: Place<'_>) -> Rendered {
    render_within(text, place, HTML_MAX).unwrap_or_else(|| as_typed(text))
}

/// Whether a text may be saved.
///
/// # Errors
/// A sentence for its author, when it would make a page that takes too much.
pub fn check(text: &str) -> Result<(), String> {
    if nesting::is_too_deep(text) {
        return Err(format!("Nest lists and quotations at most {} levels deep", nesting::DEEPEST));
    }
    if render_within(text, Place::Page, HTML_MAX).is_none() {
        return Err(format!(
            "Shorten the text or divide it: as a page it would be larger than {} MB",
            HTML_MAX / 1_000_000
        ));
    }
    Ok(())
}

/// None when it would be longer than `most` bytes.
fn render_within(text: &str, place: Place<'_>, most: usize) -> Option<Rendered> {
    let arena = Arena::new();
    let options = options(place);
    let text = nesting::bounded(text);
    let root = parse_document(&arena, &text, &options);
    let lowest = match place {
        Place::Page => 2,
        Place::Part(_) => 4,
    };
    shift_headings(root, lowest);
    unlink_foreign_pictures(root);
    let state = State {
        prefix: match place {
            Place::Page => String::new(),
            Place::Part(prefix) => format!("{prefix}-"),
        },
        sections: matches!(place, Place::Page),
        ..State::default()
    };
    let mut html = Bounded::new(text.len() * 3 / 2, most, TIME);
    let state = Formatter::format_document(root, &options, &mut html, state).ok()?;
    let mut html = html.into_text();
    if state.section_open {
        html.push_str("</section>\n");
    }
    Some(Rendered { html, headings: state.headings })
}

/// The characters as they are.
fn as_typed(text: &str) -> Rendered {
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
    Rendered { html, headings: Vec::new() }
}

/// The words alone, for a description or a search result; at most `limit` characters.
#[must_use]
pub fn plain(text: &str, limit: usize) -> String {
    let arena = Arena::new();
    let text = nesting::bounded(text);
    let root = parse_document(&arena, &text, &options(Place::Page));
    let mut words = String::new();
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::Text(literal) => words.push_str(literal),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            value if value.block() => words.push(' '),
            _ => {}
        }
        if words.len() > limit * 8 {
            break;
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

/// The words of all headings, in order.
#[must_use]
pub fn headings(text: &str) -> Vec<String> {
    let arena = Arena::new();
    let text = nesting::bounded(text);
    let root = parse_document(&arena, &text, &options(Place::Page));
    let is_heading = |node: &&AstNode<'_>| matches!(node.data().value, NodeValue::Heading(_));
    root.descendants().filter(is_heading).map(AstNode::collect_text).collect()
}

/// The addresses within the site that a text links to, without fragment and query.
#[must_use]
pub fn local_links(text: &str) -> Vec<String> {
    let arena = Arena::new();
    let text = nesting::bounded(text);
    let root = parse_document(&arena, &text, &options(Place::Page));
    let mut links = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Link(link) = &node.data().value
            && is_local(&link.url)
        {
            links.push(link.url.split(['#', '?']).next().unwrap_or_default().to_owned());
        }
    }
    links
}

fn options(place: Place<'_>) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.description_lists = true;
    options.extension.autolink = true;
    options.extension.footnotes = matches!(place, Place::Page);
    options.parse.smart = true;
    options.render.escape = true;
    options
}

fn at_top(node: &AstNode<'_>) -> bool {
    node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document))
}

/// Headings begin at `lowest` and never skip a level on the way down, whatever was typed.
fn shift_headings<'a>(root: &'a AstNode<'a>, lowest: u8) {
    let mut before = lowest - 1;
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            let shifted =
                if lowest == 2 { heading.level.max(2) } else { (heading.level + lowest - 2).clamp(lowest, 6) };
            heading.level = shifted.min(before + 1);
            before = heading.level;
        }
    }
}

/// The content security policy would not load them; a link to look at them is better than a gap.
fn unlink_foreign_pictures<'a>(root: &'a AstNode<'a>) {
    for node in root.descendants() {
        let mut data = node.data_mut();
        if let NodeValue::Image(image) = &data.value
            && !is_local(&image.url)
        {
            let link = NodeLink { url: image.url.clone(), title: image.title.clone() };
            data.value = NodeValue::Link(Box::new(link));
        }
    }
}

fn is_local(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(text: &str) -> String {
        render(text, Place::Page).html
    }

    #[test]
    fn hostile_text_comes_out_harmless() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<svg/onload=alert(1)>",
            "<style>*{display:none}</style>",
            "<iframe src=//evil.example></iframe>",
        ] {
            let html = page(text);
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<svg"), "{html}");
            assert!(!html.contains("<style") && !html.contains("<iframe") && !html.contains("<a "), "{html}");
            assert!(html.contains("&lt;"), "nothing typed is lost: {html}");
        }
        for link in [
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,x)",
            "[x](vbscript:x)",
            "<javascript:alert(1)>",
        ] {
            assert!(!page(link).to_lowercase().contains("href=\"javascript"), "{}", page(link));
            assert!(!page(link).contains("href=\"vbscript") && !page(link).contains("href=\"data"), "{}", page(link));
        }
        assert!(!page("[x](data:text/html,<script>alert(1)</script>)").contains("href=\"data:"));
        assert!(page("# a\" onclick=\"x").contains("id=\"a-onclickx\""));
        assert!(!page("a\0b").contains('\0'));
    }

    #[test]
    fn headings_make_sections_and_a_list() {
        let rendered = render("intro\n\n# One\n\n## Two *words*\n\n### Three\n\n#### Four", Place::Page);
        let list: Vec<_> = rendered.headings.iter().map(|h| (h.level, h.id.as_str(), h.text.as_str())).collect();
        assert_eq!(list, [(2, "one", "One"), (2, "two-words", "Two words"), (3, "three", "Three")]);
        assert_eq!(rendered.html.matches("<section").count(), 2);
        assert_eq!(rendered.html.matches("</section>").count(), 2);
        let skipping = page("### First\n\n##### Second");
        assert!(skipping.contains("<h2 id=\"first\">") && skipping.contains("<h3 id=\"second\">"), "{skipping}");
        assert!(page("> # quoted\n").contains("<blockquote>\n<h2 id=\"quoted\">"));
    }

    #[test]
    fn parts_share_a_page_without_clashing() {
        let part = render("## Head\n\ntext[^1]\n\n[^1]: note", Place::Part("q1"));
        assert!(part.html.contains("<h4 id=\"q1-head\">"), "{}", part.html);
        assert!(!part.html.contains("footnote"));
    }

    #[test]
    fn tables_task_lists_and_descriptions_are_understood() {
        let html = page("|a|b|\n|-|-|\n|1|2|\n\n- [x] done\n- [ ] open\n\nTerm\n: Meaning\n");
        assert!(html.contains("class=\"table-frame\"") && html.contains("<th>a</th>"), "{html}");
        assert!(html.contains("<li class=\"task done\"><span class=\"visually-hidden\">Done: </span>"), "{html}");
        assert!(!html.contains("<input") && html.contains("<dt>Term</dt>"), "{html}");
    }

    #[test]
    fn pictures_from_elsewhere_become_links() {
        assert!(page("![a](https://x.example/a.png)").contains("<a href=\"https://x.example/a.png\">a</a>"));
        assert!(page("![a](//x.example/a.png)").contains("<a href"));
        assert!(page("![a](/media/a.png)").contains("<img src=\"/media/a.png\" alt=\"a\""));
    }

    #[test]
    fn plain_words_and_links_are_found() {
        assert_eq!(plain("## Head\n\nSome *fine* `code`\n\n- [x](/a#b)", 100), "Head Some fine code x");
        assert_eq!(plain("one two three", 7), "one two…");
        assert_eq!(local_links("[a](/x#y) [b](https://z.example) [c](//z.example)"), ["/x"]);
    }

    #[test]
    fn deep_nesting_does_not_bring_it_down() {
        for text in [">".repeat(50_000), "[".repeat(50_000), "- ".repeat(5_000), "*a ".repeat(20_000)] {
            let _ = page(&text);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_live_element_it_may_not(text in "[<>a-z\"'=:/!\\[\\]()#*`|\\-\\n ]{0,200}") {
            let html = page(&text).to_lowercase();
            for tag in ["<script", "<style", "<iframe", "<form", "<object", "javascript:"] {
                prop_assert!(!html.contains(tag) || tag == "javascript:" && !html.contains("href=\"javascript:"), "{}", html);
            }
        }
    }
}
