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
}

create_formatter!(Formatter<State>, {
    NodeValue::Heading(ref heading) => |context, node, entering| {
        if !entering {
            writeln!(context, "</h{}>", heading.level)?;
            return Ok(ChildRendering::HTML);
        }
        let id = context.user.headings.pop_front().map(|heading| heading.id).unwrap_or_default();
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
            context.cr()?;
            context.write_str("<div class=\"table-frame\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">\n")?;
            return format_node_default(context, node, entering);
        }
        let rendering = format_node_default(context, node, entering)?;
        context.cr()?;
        context.write_str("</div>\n")?;
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

fn at_top(node: &AstNode<'_>) -> bool {
    node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document))
}
