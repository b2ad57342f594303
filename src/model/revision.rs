//! Revisions: immutable, numbered, complete versions of a document, and the rules for what one may hold.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{cursor::Cursor, document::DocumentKind};
use crate::{
    db::conn::Conn,
    error::{Result, ValidationErrors},
    text::{clean, limit, markdown, slug, time::Timestamp},
    work,
};

/// Longest title, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest summary, in characters.
pub const SUMMARY_MAX: usize = 400;
/// Longest body, in bytes of UTF-8.
pub const BODY_MAX: usize = 400_000;

/// Where a page is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Menu {
    /// In the main menu, or in the navigation of its section.
    #[default]
    Main,
    /// At the foot of every page.
    Footer,
    /// In no menu, no list of pages and no reading order (previous and next). It is public all the same: links, search, the
    /// site map and the near matches of a missing address lead to it. What nobody shall find is not published.
    Hidden,
}

impl Menu {
    /// All of them with the words for the form.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Main, "main", "Main menu and section navigation"),
        (Self::Footer, "footer", "Foot of every page"),
        (Self::Hidden, "hidden", "No menu; links, search and the site map lead to it"),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name, _)| *name == text).map(|(menu, ..)| menu)
    }

    /// Name in forms and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Footer => "footer",
            Self::Hidden => "hidden",
        }
    }
}

/// How a page shows itself and its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A text.
    #[default]
    Article,
    /// Children as cards.
    Section,
    /// Children as steps of a drawn path.
    Path,
    /// Children as a tree of numbered clauses.
    Outline,
    /// All live questions by category.
    Faq,
    /// The contact form.
    Contact,
    /// The front page: lists become doors and cards, descriptions become figures.
    Home,
}

impl Layout {
    /// All of them with the words for the form.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::Article, "article", "Article: the text alone"),
        (Self::Section, "section", "Section: the pages below as cards"),
        (Self::Path, "path", "Path: the pages below as steps"),
        (Self::Outline, "outline", "Outline: the pages below as numbered clauses"),
        (Self::Faq, "faq", "Questions: all published questions by category"),
        (Self::Contact, "contact", "Contact: the text and the contact form"),
        (Self::Home, "home", "Front page: lists as doors, descriptions as figures"),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name, _)| *name == text).map(|(layout, ..)| layout)
    }

    /// Name in forms, files and templates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Section => "section",
            Self::Path => "path",
            Self::Outline => "outline",
            Self::Faq => "faq",
            Self::Contact => "contact",
            Self::Home => "home",
        }
    }
}

/// What was typed, before it is known to be good. Fields that a kind does not use stay empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentInput {
    /// Title of a page, or the question.
    pub title: String,
    /// Address; empty to make one of the title. For a page: the last part. For an FAQ item: its slug.
    pub slug: String,
    /// Id of the category of an FAQ item.
    pub category: String,
    /// Clause or part number.
    pub number: String,
    /// Short label for menus; empty for the title.
    pub menu_label: String,
    /// A name of [`Menu`].
    pub menu: String,
    /// A name of [`Layout`].
    pub layout: String,
    /// Lead paragraph.
    pub summary: String,
    /// Markdown; the answer of an FAQ item.
    pub body: String,
    /// Who keeps it right: a role or a name.
    pub owner: String,
    /// When it has to be looked at again, `YYYY-MM-DD`.
    pub review_by: String,
    /// What this version changes; shown to visitors.
    pub note: String,
}

/// What a revision holds. Made by [`Content::parse`], so it is never out of bounds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[allow(missing_docs, reason = "the same fields as in DocumentInput")]
pub struct Content {
    pub title: String,
    pub slug: String,
    pub category_id: Option<i64>,
    pub number: String,
    pub menu_label: String,
    pub menu: Menu,
    pub layout: Layout,
    pub summary: String,
    pub body: String,
    pub owner: String,
    pub review_by: Option<String>,
    pub note: String,
}

impl Content {
    /// Checks and cleans what was typed.
    ///
    /// # Errors
    /// One sentence for each field at fault.
    pub fn parse(typed: &DocumentInput, kind: DocumentKind) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let noun = if kind == DocumentKind::Page { "title" } else { "question" };
        let title = clean::line(&typed.title);
        if title.is_empty() {
            errors.add("title", format!("Enter a {noun}"));
        }
        within(&mut errors, "title", &title, noun, TITLE_MAX);
        let category_id = typed.category.parse().ok();
        if kind == DocumentKind::FaqItem && category_id.is_none() {
            errors.add("category", "Choose a category");
        }
        let slug = parse_slug(&mut errors, &typed.slug, &title);
        let number = clean::line(&typed.number);
        within(&mut errors, "number", &number, "number", 20);
        let menu_label = clean::line(&typed.menu_label);
        within(&mut errors, "menu_label", &menu_label, "menu label", 60);
        let menu = choice(&mut errors, "menu", &typed.menu, Menu::parse);
        let layout = choice(&mut errors, "layout", &typed.layout, Layout::parse);
        let summary = clean::line(&typed.summary);
        within(&mut errors, "summary", &summary, "summary", SUMMARY_MAX);
        let body = clean::lines(&typed.body);
        let noun = if kind == DocumentKind::Page { "the text" } else { "the answer" };
        let check = |()| work::blocking(|| markdown::check(&body));
        errors.take("body", limit::bytes(&body, noun, BODY_MAX).and_then(check));
        if kind == DocumentKind::FaqItem && !work::blocking(|| markdown::shows_anything(&body)) {
            errors.add("body", "Enter an answer");
        }
        let owner = clean::line(&typed.owner);
        within(&mut errors, "owner", &owner, "owner", 100);
        let review_by = day(&mut errors, &typed.review_by);
        let note = clean::line(&typed.note);
        within(&mut errors, "note", &note, "note on the change", 300);
        errors.finish(|| Self {
            title,
            slug,
            category_id,
            number,
            menu_label,
            menu,
            layout,
            summary,
            body,
            owner,
            review_by,
            note,
        })
    }

    /// The same as it would be typed, to fill a form.
    #[must_use]
    pub fn to_input(&self) -> DocumentInput {
        DocumentInput {
            title: self.title.clone(),
            slug: self.slug.clone(),
            category: self.category_id.map_or_else(String::new, |id| id.to_string()),
            number: self.number.clone(),
            menu_label: self.menu_label.clone(),
            menu: self.menu.as_str().to_owned(),
            layout: self.layout.as_str().to_owned(),
            summary: self.summary.clone(),
            body: self.body.clone(),
            owner: self.owner.clone(),
            review_by: self.review_by.clone().unwrap_or_default(),
            note: self.note.clone(),
        }
    }

    /// Nothing but a title.
    #[must_use]
    pub fn empty(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            slug: slug::from_title(title),
            category_id: None,
            number: String::new(),
            menu_label: String::new(),
            menu: Menu::default(),
            layout: Layout::default(),
            summary: String::new(),
            body: String::new(),
            owner: String::new(),
            review_by: None,
            note: String::new(),
        }
    }

    /// The words for menus and breadcrumbs.
    #[must_use]
    pub fn label(&self) -> &str {
        label(&self.title, &self.menu_label)
    }
}

/// The words for menus and breadcrumbs of a page with this title and label.
#[must_use]
pub const fn label<'a>(title: &'a str, menu_label: &'a str) -> &'a str {
    if menu_label.is_empty() { title } else { menu_label }
}

fn within(errors: &mut ValidationErrors, field: &str, value: &str, what: &str, max: usize) {
    errors.take(field, limit::characters(value, &format!("the {what}"), max));
}

fn parse_slug(errors: &mut ValidationErrors, typed: &str, title: &str) -> String {
    let typed = typed.trim();
    if typed.is_empty() && !title.is_empty() {
        let made = slug::from_title(title);
        if made.is_empty() {
            errors.add("slug", "Enter an address; none can be made of this title");
        }
        return made;
    }
    if typed.is_empty() {
        return String::new();
    }
    errors.take("slug", slug::parse(typed))
}

fn choice<T: Default>(errors: &mut ValidationErrors, field: &str, typed: &str, parse: impl Fn(&str) -> Option<T>) -> T {
    if typed.is_empty() {
        return T::default();
    }
    errors.take(field, parse(typed).ok_or_else(|| "Choose one of the list".to_owned()))
}

fn day(errors: &mut ValidationErrors, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    match typed.parse::<Date>() {
        Ok(date) if (1990..=2200).contains(&date.year()) => Some(date.to_string()),
        _ => {
            errors.add("review_by", "Enter a day as year-month-day, for example 2027-06-30");
            None
        }
    }
}

/// A revision as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Revision {
    /// Its id among all revisions.
    pub id: i64,
    /// The document it is a version of.
    pub document_id: i64,
    /// 1, 2, 3 … within the document.
    pub version: i64,
    /// What it says.
    #[sqlx(flatten)]
    pub content: Content,
    /// Who saved it, by id; none for the program itself.
    pub author_id: Option<i64>,
    /// Who saved it, by name.
    pub author_name: String,
    /// When.
    pub created_at: Timestamp,
    /// The version that was the newest then; none for the first.
    pub made_from: Option<i64>,
}

/// The revision with this id.
pub async fn find(db: &Conn, id: i64) -> Result<Option<Revision>> {
    Ok(db.optional("select * from revision where id = $1", (id,)).await?)
}

/// One version of a document.
pub async fn version(db: &Conn, document_id: i64, version: i64) -> Result<Option<Revision>> {
    Ok(db.optional("select * from revision where document_id = $1 and version = $2", (document_id, version)).await?)
}

/// The version of a document that the next one is made from: the newest that was not discarded.
pub async fn latest(db: &Conn, id: i64) -> Result<Option<Revision>> {
    let sql = "select r.* from document d join revision r on r.id = d.latest_revision_id where d.id = $1";
    Ok(db.optional(sql, (id,)).await?)
}

/// Versions of a document, the newest first; the key is the version.
pub async fn history(db: &Conn, document_id: i64, cursor: Cursor, limit: i64) -> Result<Vec<Revision>> {
    match cursor {
        Cursor::Before(version) => Ok(db
            .all(
                "select * from revision where document_id = $1 and version < $2 order by version desc limit $3",
                (document_id, version, limit),
            )
            .await?),
        Cursor::After(version) => {
            let mut versions: Vec<Revision> = db
                .all(
                    "select * from revision where document_id = $1 and version > $2 order by version limit $3",
                    (document_id, version, limit),
                )
                .await?;
            versions.reverse();
            Ok(versions)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(typed: &DocumentInput, kind: DocumentKind) -> Vec<String> {
        Content::parse(typed, kind).unwrap_err().fields.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let typed = DocumentInput {
            slug: "No Good".to_owned(),
            layout: "cinema".to_owned(),
            review_by: "soon".to_owned(),
            ..DocumentInput::default()
        };
        assert_eq!(fields(&typed, DocumentKind::Page), ["title", "slug", "layout", "review_by"]);
        assert_eq!(fields(&DocumentInput::default(), DocumentKind::FaqItem), ["title", "category", "body"]);
    }

    #[test]
    fn what_is_typed_is_cleaned_but_kept() {
        let typed = DocumentInput {
            title: "  A\ttitle\0 of \r\n two ".to_owned(),
            body: "one\r\ntwo\0\u{7}\n".to_owned(),
            ..DocumentInput::default()
        };
        let content = Content::parse(&typed, DocumentKind::Page).unwrap();
        assert_eq!(content.title, "A title of two");
        assert_eq!(content.slug, "a-title-of-two");
        assert_eq!(content.body, "one\ntwo");
        assert_eq!(Content::parse(&content.to_input(), DocumentKind::Page).unwrap(), content);
    }
}
