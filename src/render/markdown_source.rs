//! A public page as Markdown: its text as it was written, with where its links lead now, behind what a reader sees above it, and
//! before what its layout lists below.

use std::fmt::Write;

use serde_json::json;

use super::{navigation::Child, page, page_file::PageFile};
use crate::{
    error::Result,
    model::{
        document::{
            content::Content,
            field::{Control, Field, FieldPlace},
            kind::DocumentKind,
            linked_text,
        },
        faq::{category, item},
        link::addresses,
        page::public::LivePage,
        publishing,
    },
    state::{app_state::App, page_lists::PageLists},
    text::{
        clean,
        markdown::{link_source::write_into, links::LinkAddresses},
        markdown_words::escape,
    },
};

/// The whole source, with front matter.
pub(crate) async fn of_page(app: &App, live: &LivePage) -> Result<String> {
    // Takes up the types as they are under this site version.
    app.nav_cache.site_context(app.read()).await?;
    let (revision, content) = (&live.revision, &live.revision.content);
    let links = addresses::of(app.read(), &app.config.origin(), revision).await?;
    let own = (revision.document_id, live.path.as_str());
    let children = page::children(PageLists::live(app), content.layout, own).await?;
    let body = app.rendering.run(content.body.len(), || write_into(&content.body, &links)).await?;
    let mut blocks = vec![front_matter(app, live).await?, format!("# {}", escape(&content.numbered_title()))];
    if !content.summary.is_empty() {
        blocks.push(format!("> {}", escape(&content.summary)));
    }
    let (facts, sections) = fields(app, (DocumentKind::Page, "##"), content, &links).await?;
    blocks.push(facts);
    blocks.push(body);
    blocks.extend(sections);
    let mut list = String::new();
    write_list(&mut list, &children, "", 0);
    blocks.push(list);
    if content.layout.is_collection() {
        blocks.extend(questions(app, revision.document_id).await?);
    }
    let blocks = blocks.iter().map(|block| block.trim_end()).filter(|block| !block.is_empty());
    Ok(blocks.collect::<Vec<_>>().join("\n\n") + "\n")
}

/// The public fields of a document's type: key facts as a list, and sections, each with its heading, which begins with `marks`.
async fn fields(
    app: &App,
    (kind, marks): (DocumentKind, &str),
    content: &Content,
    links: &LinkAddresses,
) -> Result<(String, Vec<String>)> {
    let (mut facts, mut sections) = (String::new(), Vec::new());
    for field in app.rules.fields.of(kind, &content.document_type).all() {
        let value = content.value(&field.key);
        let (Some(place), Some(value)) = (field.place, field.public_value(&value)) else { continue };
        let words = app.rendering.run(value.len(), || words(field, value, links)).await?;
        let label = escape(&field.label);
        if place == FieldPlace::Section {
            sections.push(format!("{marks} {label}\n\n{words}"));
        } else {
            // Writing into a text never fails.
            let _ = writeln!(facts, "- **{label}**: {}", words.replace('\n', " "));
        }
    }
    Ok((facts, sections))
}

/// A value of a field; its links lead where they lead on the page.
fn words(field: &Field, value: &str, links: &LinkAddresses) -> String {
    if !field.fits(value) {
        return escape(value);
    }
    let value = linked_text::with_addresses(field, value, links);
    match &field.control {
        Control::Markdown(_) | Control::Media => value,
        Control::Url | Control::Reference => format!("<{value}>"),
        _ => escape(&field.label_of(&value).unwrap_or(value.as_str().into())),
    }
}

/// What is said of the page. Each value is a JSON text, which is one in YAML too.
async fn front_matter(app: &App, live: &LivePage) -> Result<String> {
    let content = &live.revision.content;
    let mut lines = vec![
        ("title", json!(clean::line(&content.numbered_title()))),
        ("description", json!(clean::line(&content.summary))),
        ("url", json!(format!("{}{}", app.config.origin(), live.path))),
        ("version", json!(live.revision.version)),
    ];
    if let Some(dates) = publishing::dates(app.read(), live.revision.document_id).await? {
        lines.push(("published", json!(dates.first.iso())));
        lines.push(("modified", json!(dates.latest.iso())));
    }
    let lines: Vec<_> = lines.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Ok(format!("---\n{}\n---", lines.join("\n")))
}

/// Pages as a list of links to their sources at this `origin`, which may be empty; those below them are indented.
pub(crate) fn write_list(list: &mut String, pages: &[Child], origin: &str, depth: usize) {
    for page in pages {
        list.push_str(&"  ".repeat(depth));
        write_link(
            list,
            (&page.numbered_title(), &page.summary),
            &format!("{origin}{}", PageFile::Markdown.of(&page.path)),
        );
        write_list(list, &page.children, origin, depth + 1);
    }
}

/// One line of such a list.
pub(crate) fn write_link(list: &mut String, (title, summary): (&str, &str), address: &str) {
    // Writing into a text never fails.
    let _ = write!(list, "- [{}]({address})", escape(title));
    if !summary.is_empty() {
        let _ = write!(list, ": {}", escape(summary));
    }
    list.push('\n');
}

/// All items of a page below the headings of their categories.
async fn questions(app: &App, page_id: i64) -> Result<Vec<String>> {
    let items = item::live(app.read(), page_id).await?;
    let links = addresses::of_items(app.read(), &app.config.origin(), page_id).await?;
    let none = LinkAddresses::default();
    let mut blocks = Vec::new();
    for category in category::on(app.read(), page_id).await? {
        let inside: Vec<_> = items.iter().filter(|item| item.category == category.id).collect();
        if !inside.is_empty() {
            blocks.push(format!("## {}", escape(&category.title)));
        }
        for item in inside {
            let (revision, content) = (&item.revision, &item.revision.content);
            let links = links.get(&(revision.document_id, revision.id)).unwrap_or(&none);
            blocks.push(format!("### {}", escape(&content.title)));
            let (facts, sections) = fields(app, (DocumentKind::FaqItem, "####"), content, links).await?;
            blocks.push(facts);
            blocks.push(app.rendering.run(content.body.len(), || write_into(&content.body, links)).await?);
            blocks.extend(sections);
        }
    }
    Ok(blocks)
}
