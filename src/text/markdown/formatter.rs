//! How each node of a text is written as HTML, where that is not as usual.

use std::{collections::VecDeque, fmt::Write};

use comrak::{
    create_formatter,
    html::{ChildRendering, format_node_default, render_sourcepos},
    nodes::{AstNode, NodeValue},
};

use super::{
    container::{self, Container},
    heading::Heading,
    table_files::TableCount,
    words::LINE_BREAK,
};

#[derive(Default)]
pub(super) struct State {
    /// Whether each second-level part is a section.
    pub(super) sections: bool,
    pub(super) section_open: bool,
    /// Those that are not written yet.
    pub(super) headings: VecDeque<Heading>,
    /// The ids of the terms of description lists that are not written yet.
    pub(super) terms: VecDeque<String>,
    pub(super) tables: TableCount,
    /// The number that the heading begins with whose words are written next; empty for none.
    pub(super) number: String,
}

create_formatter!(Formatter<State>, {
    NodeValue::Heading(ref heading) => |context, node, entering| {
        if !entering {
            writeln!(context, "</h{}>", heading.level)?;
            return Ok(ChildRendering::HTML);
        }
        let written = context.user.headings.pop_front();
        let words = written.as_ref().map_or("", |heading| &heading.text);
        clause_number(words).clone_into(&mut context.user.number);
        context.user.tables.begin_part(words);
        let id = written.map(|heading| heading.id).unwrap_or_default();
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
        context.write_str("\"")?;
        render_sourcepos(context, node)?;
        context.write_str(">")?;
    },
    // The number of a clause hangs in the margin.
    NodeValue::Text(ref text) => |context, node, entering| {
        let number = std::mem::take(&mut context.user.number);
        let Some(rest) = text.strip_prefix(&*number).filter(|_| entering && !number.is_empty()) else {
            return format_node_default(context, node, entering);
        };
        write!(context, "<span class=\"number\">{number}</span>")?;
        context.escape(rest)?;
    },
    NodeValue::DescriptionTerm => |context, node, entering| {
        if !entering {
            context.write_str("</dt>\n")?;
            return Ok(ChildRendering::HTML);
        }
        context.cr()?;
        context.write_str("<dt id=\"")?;
        let id = context.user.terms.pop_front().unwrap_or_default();
        context.escape(&id)?;
        context.write_str("\"")?;
        render_sourcepos(context, node)?;
        context.write_str(">")?;
    },
    // What looks like HTML is shown as text, in a paragraph of its own.
    NodeValue::HtmlBlock(ref html) => |context, node, entering| {
        if entering {
            context.cr()?;
            context.write_str("<p")?;
            render_sourcepos(context, node)?;
            context.write_str(">")?;
            context.escape(html.literal.trim_end())?;
            context.write_str("</p>\n")?;
        }
    },
    // A wide table scrolls inside its own frame, which the keyboard can reach.
    NodeValue::Table(_) => |context, node, entering| {
        if entering {
            context.user.tables.begin_table();
            let caption = context.user.tables.caption();
            context.cr()?;
            context.write_str("<div class=\"table-frame\" role=\"group\" tabindex=\"0\" aria-label=\"Table")?;
            context.escape(&if caption.is_empty() { String::new() } else { format!(": {caption}") })?;
            context.write_str("\">\n")?;
            let rendering = format_node_default(context, node, entering)?;
            if !caption.is_empty() {
                context.write_str("<caption class=\"visually-hidden\">")?;
                context.escape(&caption)?;
                context.write_str("</caption>\n")?;
            }
            return Ok(rendering);
        }
        let rendering = format_node_default(context, node, entering)?;
        context.cr()?;
        context.write_str("</div>\n")?;
        if let Some(address) = context.user.tables.address(node) {
            let caption = context.user.tables.caption();
            context.write_str("<p class=\"table-file\"><a href=\"")?;
            context.escape(&address)?;
            context.write_str("\" type=\"text/csv\">Download as CSV")?;
            if !caption.is_empty() {
                context.write_str("<span class=\"visually-hidden\">: ")?;
                context.escape(&caption)?;
                context.write_str("</span>")?;
            }
            context.write_str("</a></p>\n")?;
        }
        return Ok(rendering);
    },
    NodeValue::BlockDirective(_) => |context, node, entering| {
        let Some(container) = container::of(node) else { return format_node_default(context, node, entering) };
        context.cr()?;
        if !entering {
            context.write_str(if container == Container::Figure { "</figure>\n" } else { "</div>\n" })?;
            return Ok(ChildRendering::HTML);
        }
        let (element, class) = match container {
            Container::Notice(kind) => ("div", format!("callout callout-{}", kind.label().1)),
            Container::Steps => ("div", "steps".to_owned()),
            Container::KeyFacts => ("div", "key-facts".to_owned()),
            Container::Figure => ("figure", "figure".to_owned()),
            Container::Children | Container::Labelled => ("div", "listed-pages".to_owned()),
            Container::Question => ("div", "embedded-question".to_owned()),
            Container::Download => ("div", "download".to_owned()),
        };
        write!(context, "<{element} class=\"{class}\"")?;
        render_sourcepos(context, node)?;
        context.write_str(">\n")?;
        if let Container::Notice(kind) = container {
            writeln!(context, "<p class=\"callout-label\" lang=\"en\">{}</p>", kind.label().0)?;
        }
    },
    // The last paragraph of a figure is its caption.
    NodeValue::Paragraph => |context, node, entering| {
        if !is_caption(node) {
            return format_node_default(context, node, entering);
        }
        if !entering {
            context.write_str("</figcaption>\n")?;
            return Ok(ChildRendering::HTML);
        }
        context.cr()?;
        context.write_str("<figcaption")?;
        render_sourcepos(context, node)?;
        context.write_str(">")?;
    },
    // A box that is only shown needs words, not a control.
    NodeValue::TaskItem(ref item) => |context, node, entering| {
        if !entering {
            context.write_str("</li>\n")?;
            return Ok(ChildRendering::HTML);
        }
        context.cr()?;
        let (class, words) = if item.symbol.is_some() { ("task done", "Done: ") } else { ("task", "To do: ") };
        write!(context, "<li class=\"{class}\"")?;
        render_sourcepos(context, node)?;
        write!(context, "><span class=\"visually-hidden\">{words}</span>")?;
    },
});

fn is_caption<'a>(node: &'a AstNode<'a>) -> bool {
    node.next_sibling().is_none()
        && node.previous_sibling().is_some()
        && node.parent().is_some_and(|parent| container::of(parent) == Some(Container::Figure))
        && !shows_picture(node)
}

/// Whether there is a picture within, of the media library or not.
fn shows_picture<'a>(node: &'a AstNode<'a>) -> bool {
    let is_picture = |value: &NodeValue| match value {
        NodeValue::Image(_) => true,
        NodeValue::Raw(html) => html != LINE_BREAK,
        _ => false,
    };
    node.descendants().any(|below| is_picture(&below.data().value))
}

/// The number that a heading begins with, such as 8.5.1.1; empty for none.
fn clause_number(heading: &str) -> &str {
    let number = heading.split(' ').next().filter(|word| *word != heading).unwrap_or_default();
    let are_numbers = number.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if are_numbers && number.contains('.') { number } else { "" }
}

fn at_top(node: &AstNode<'_>) -> bool {
    node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document))
}

#[cfg(test)]
mod tests {
    use crate::text::markdown::{HeadingContext, render};

    #[test]
    fn the_number_of_a_clause_is_an_element_of_its_heading() {
        let html = |text: &str| render(text, HeadingContext::Page).html;
        let numbered = html("## 8.5.1.1 *Change* policy");
        assert!(numbered.contains("<span class=\"number\">8.5.1.1</span> <em>Change</em> policy</h2>"), "{numbered}");
        for other in ["2018 edition", "8.5", "8. First", ".5 x", "1.a x", "x 8.5 y"] {
            assert!(!html(&format!("## {other}\n\n8.5 y")).contains("number"), "{other}");
        }
    }
}
