//! The field table: every field of every kind of document, in the order of the form. Forms, conflicts, checks,
//! comparing, merging, restoring, previews, front matter, search and the sentences of the audit log use it, so that a
//! new field is a row here. A value without a column of its own is kept in the column `fields` of its revision.

use std::borrow::Cow;

use super::{
    field::{Control, Field, FieldGroup, Required, SearchWeight as W},
    keys,
    kind::DocumentKind::{FaqItem, Page},
};
use crate::text::slug;

/// Longest body, in bytes of UTF-8.
pub(crate) const BODY_MAX: usize = 400_000;

fn to_save(sentence: &'static str) -> Required {
    Required::ToSave(sentence.into())
}

fn choice(options: &[(&'static str, &'static str)]) -> Control {
    Control::Choice(options.iter().map(|(value, label)| (Cow::Borrowed(*value), Cow::Borrowed(*label))).collect())
}

/// The rows of every site.
#[must_use]
pub fn rows() -> Vec<Field> {
    [text(), of_revision(), location(), layout(), care(), relations(), vec![template()]].concat()
}

fn text() -> Vec<Field> {
    vec![
        Field::new(&[Page], Control::Line, keys::TITLE, "Title", "")
            .required(to_save("Enter a title"))
            .searched(W::Title)
            .in_group(FieldGroup::Main),
        Field::new(&[FaqItem], Control::Line, keys::TITLE, "Question", "")
            .required(to_save("Enter a question"))
            .searched(W::Title)
            .in_group(FieldGroup::Main),
        Field::new(
            &[Page],
            Control::Paragraph(2),
            keys::SUMMARY,
            "Summary",
            "One or two sentences that tell what the page answers. Shown as its first paragraph, on cards and in search \
             engines.",
        )
        .limit(400)
        .searched(W::Heading)
        .in_group(FieldGroup::Main),
        Field::new(
            &[Page],
            Control::Markdown(22),
            keys::BODY,
            "Text",
            "Markdown: ## for a heading, - for a list, [words](/path) for a link, tables with |.",
        )
        .limit(BODY_MAX)
        .searched(W::Text)
        .in_group(FieldGroup::Main),
        Field::new(
            &[FaqItem],
            Control::Markdown(14),
            keys::BODY,
            "Answer",
            "Markdown. Headings begin below the question.",
        )
        .limit(BODY_MAX)
        .required(to_save("Enter an answer"))
        .searched(W::Text)
        .in_group(FieldGroup::Main),
    ]
}

/// What is said of a revision.
fn of_revision() -> Vec<Field> {
    let note = |kind, hint| {
        Field::new(&[kind], Control::Line, keys::CHANGE_NOTE, "Note on the change", hint)
            .limit(300)
            .in_group(FieldGroup::Revision)
    };
    vec![
        note(Page, "What this version changes. Visitors see it under “See what changed”."),
        note(FaqItem, "What this version changes, for the list of versions."),
    ]
}

/// Where a document is, and what it is called there.
fn location() -> Vec<Field> {
    let slug = |kind, hint| Field::new(&[kind], Control::Slug, keys::SLUG, "Slug", hint).limit(slug::MAX);
    vec![
        Field::new(&[FaqItem], Control::Category, keys::CATEGORY, "Category", "")
            .required(to_save("Choose a category")),
        slug(
            Page,
            "The last part of the page’s path. Leave it empty to make it from the title. If visitors know the old path, it \
             will lead to the new one.",
        ),
        slug(
            FaqItem,
            "The part behind # in links to this question: small letters, digits and hyphens. Leave it empty to make it from \
             the question.",
        ),
        Field::new(
            &[Page],
            Control::Line,
            keys::CLAUSE_NUMBER,
            "Number",
            "Clause or part number, for example 8.2.4. It is shown in the margin.",
        )
        .limit(20)
        .searched(W::Title),
        Field::new(
            &[Page],
            Control::Line,
            keys::TITLE_PREFIX,
            "Title begins with",
            "For example ISO/IEC 20000-1:2018. In browser tabs and search engines, the titles of this page and of the \
             numbered pages below it begin with it.",
        )
        .limit(60),
        Field::new(
            &[Page],
            Control::Line,
            keys::MENU_LABEL,
            "Menu label",
            "Short words for menus. Leave it empty to use the title.",
        )
        .limit(60)
        .searched(W::Title),
    ]
}

/// How a page is listed and laid out.
fn layout() -> Vec<Field> {
    vec![
        Field::new(&[Page], choice(&MENUS), keys::MENU, "Menu", "Where the page is listed.")
            // A new page is listed nowhere until someone decides where.
            .initially("hidden"),
        Field::new(&[Page], choice(&LAYOUTS), keys::LAYOUT, "Layout", ""),
        Field::new(
            &[Page],
            choice(&DRAWINGS),
            keys::DRAWING,
            "Drawing",
            "A picture of the published pages below, above the text. It follows their titles, numbers and order.",
        ),
        Field::new(
            &[Page],
            Control::Number,
            keys::ANSWER_DAYS,
            "Working days to an answer",
            "On a page with the contact form: visitors are told by which day they have an answer.",
        ),
    ]
}

const MENUS: [(&str, &str); 3] = [
    ("main", "Main menu and section navigation"),
    ("footer", "Foot of every page"),
    ("hidden", "No menu; links, search and the site map lead to it"),
];

const LAYOUTS: [(&str, &str); 9] = [
    ("article", "Article: the text alone"),
    ("section", "Section: the pages below as cards"),
    ("path", "Path: the pages below as steps"),
    ("outline", "Outline: the pages below as numbered clauses"),
    ("faq", "Questions: all published questions by category"),
    ("practice", "Practice: questions with four options, one by one and as papers"),
    ("glossary", "Glossary: terms by letter, which other texts link to"),
    ("contact", "Contact: the text and the contact form"),
    ("home", "Front page: lists as cards, descriptions as figures"),
];

const DRAWINGS: [(&str, &str); 4] = [
    ("", "None"),
    ("path", "Path: the pages below as steps; four of them end in two tracks"),
    ("family", "Family: the first numbered page in the middle, the others around it"),
    ("structure", "Structure: the pages numbered 4 to 10 as a management system"),
];

/// Who is responsible for a document, when it is due for review, and how else it is found.
fn care() -> Vec<Field> {
    let both = [Page, FaqItem];
    vec![
        Field::new(
            &both,
            Control::Line,
            keys::OWNER,
            "Public owner",
            "Who keeps this right, in words for visitors, for example a role. Who is told when a review is overdue is \
             chosen under “More”.",
        )
        .limit(100),
        Field::new(
            &both,
            Control::Date,
            keys::REVIEW_BY,
            "Review date",
            "The day by which someone looks at it again, for example 2027-06-30. After “Reviewed, still right”, the date \
             given there counts until this one is changed.",
        ),
        Field::new(
            &both,
            Control::Paragraph(2),
            keys::SEARCH_WORDS,
            "Search words",
            "Words and questions that visitors type when this is what they need, and that its text does not use. Visitors \
             never see them.",
        )
        .limit(600)
        .searched(W::Heading)
        .unseen(),
    ]
}

/// How texts find one another: by labels, and whether terms in them lead to a glossary.
fn relations() -> Vec<Field> {
    vec![
        Field::new(
            &[Page],
            Control::Labels,
            keys::LABELS,
            "Labels",
            "Words that group pages, separated by commas. Other texts can list the pages with a label.",
        )
        .limit(500)
        .searched(W::Heading),
        Field::new(
            &[Page],
            Control::YesNo,
            keys::PLAIN_TERMS,
            "Leave terms unlinked",
            "On this page, the first use of a term is not linked to the glossary.",
        )
        .unseen(),
    ]
}

fn template() -> Field {
    Field::new(
        &[Page, FaqItem],
        Control::YesNo,
        keys::TEMPLATE,
        "Template",
        "Offered to everyone who makes a new one here. Visitors never see a template.",
    )
    .internal()
}
