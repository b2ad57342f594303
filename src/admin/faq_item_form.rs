//! The form of a question: what is typed, what is wrong with it, and, when somebody else saved first, what they
//! saved and how it differs. Draws the screen; changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Invalid, Result},
    face::{
        desk::{Desk, When},
        diff::{self, Field, Line},
        problems::{Choice, Problems},
        standing::Standing,
    },
    model::{
        document::{self, Kind},
        faq::{category, item},
        page::public,
        revision::{self, Content, Layout, Revision, Typed},
    },
};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ItemForm {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) category: String,
    pub(super) slug: String,
    pub(super) owner: String,
    pub(super) review_by: String,
    pub(super) note: String,
    /// The version that was in front of the editor.
    pub(super) base: String,
    /// `save` or `publish`.
    #[serde(rename = "do")]
    pub(super) act: String,
}

impl ItemForm {
    /// Checks what was typed.
    ///
    /// # Errors
    /// One sentence for each field at fault.
    pub(super) fn parse(&self) -> Result<Content, Invalid> {
        let form = self.clone();
        let typed = Typed {
            title: form.title,
            body: form.body,
            category: form.category,
            slug: form.slug,
            owner: form.owner,
            review_by: form.review_by,
            note: form.note,
            ..Typed::default()
        };
        Content::parse(&typed, Kind::FaqItem)
    }

    /// Whether it shall be published as well.
    pub(super) fn publishes(&self) -> bool {
        self.act == "publish"
    }

    /// The version that it was made from; none fits when the field was damaged.
    pub(super) fn base(&self) -> i64 {
        self.base.trim().parse().unwrap_or(0)
    }

    /// As the form opens on a stored version. The note speaks of a version that is not public yet, so it stays with
    /// that one; what comes after a public one needs a note of its own.
    fn of(newest: &Revision, live: bool) -> Self {
        let typed = newest.content.typed();
        Self {
            title: typed.title,
            body: typed.body,
            category: typed.category,
            slug: typed.slug,
            owner: typed.owner,
            review_by: typed.review_by,
            note: if live { String::new() } else { typed.note },
            base: newest.version.to_string(),
            act: String::new(),
        }
    }
}

/// What to say beside the form.
#[derive(Debug, Default)]
pub(super) enum Remark {
    /// Nothing.
    #[default]
    None,
    /// These fields are at fault: 422.
    Faults(Invalid),
    /// Somebody saved this version in the meantime: 409.
    Conflict(Box<Revision>, Box<Content>),
    /// Somebody put the question into the trash in the meantime: 409.
    Trashed,
}

#[derive(Serialize)]
struct View<'a> {
    /// None for a new one.
    id: Option<i64>,
    action: String,
    typed: &'a ItemForm,
    errors: Problems,
    categories: Vec<Choice>,
    standing: Standing,
    saved: Option<Saved>,
    conflict: Option<Conflict>,
    /// Whether it lies in the trash by now.
    trashed: bool,
    /// Address of the answer at the portal; empty when visitors do not see it.
    portal: String,
}

#[derive(Serialize)]
struct Saved {
    version: i64,
    by: String,
    when: When,
}

/// What somebody else saved, and what the form would make of it.
#[derive(Serialize)]
struct Conflict {
    version: i64,
    by: String,
    when: When,
    note: String,
    /// Their answer, whole.
    body: String,
    /// Other fields in which the two differ: theirs before, the form's after.
    fields: Vec<Field>,
    /// From their answer to the one in the form.
    lines: Vec<Line>,
}

/// Draws the form of a new question.
pub(super) async fn draw_new(desk: &Desk, typed: &ItemForm, remark: Remark) -> Result<Response> {
    let view = View {
        id: None,
        action: "/admin/faq/new".to_owned(),
        typed,
        errors: Problems::default(),
        categories: categories(desk).await?,
        standing: Standing::new(Kind::FaqItem),
        saved: None,
        conflict: None,
        trashed: false,
        portal: String::new(),
    };
    answer(desk, view, remark, "New question").await
}

/// Draws the form of a question that is saved: with what was typed, or as it opens.
///
/// # Errors
/// `NotFound` when there is no such question, or it lies in the trash and nothing was typed that could get lost.
pub(super) async fn draw(desk: &Desk, id: i64, typed: Option<ItemForm>, remark: Remark) -> Result<Response> {
    let db = desk.app.read();
    let document = document::find(db, id).await?.filter(|found| found.kind == Kind::FaqItem).ok_or(Error::NotFound)?;
    if document.trashed_at.is_some() && typed.is_none() {
        return Err(Error::NotFound);
    }
    let newest = revision::latest(db, id).await?.ok_or(Error::NotFound)?;
    let mut standing = Standing::of(&desk.app, &document, &newest).await?;
    if typed.is_some() {
        standing.publish.clone_from(&standing.publish_edited);
    }
    let mut typed = typed.unwrap_or_else(|| ItemForm::of(&newest, standing.live && !standing.changed));
    if let Remark::Conflict(theirs, _) = &remark {
        // From here on the editor knows of that version, so saving again is meant.
        typed.base = theirs.version.to_string();
    }
    let view = View {
        id: Some(id),
        action: format!("/admin/faq/{id}"),
        typed: &typed,
        errors: Problems::default(),
        categories: categories(desk).await?,
        portal: if standing.live { portal(desk, id).await? } else { String::new() },
        standing,
        saved: Some(Saved { version: newest.version, by: newest.author_name, when: desk.when(newest.created_at) }),
        conflict: None,
        trashed: document.trashed_at.is_some(),
    };
    answer(desk, view, remark, &newest.content.title).await
}

async fn answer(desk: &Desk, mut view: View<'_>, remark: Remark, title: &str) -> Result<Response> {
    let status = match remark {
        Remark::None => StatusCode::OK,
        Remark::Faults(invalid) => {
            view.errors = invalid.into();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Remark::Trashed => StatusCode::CONFLICT,
        Remark::Conflict(theirs, ours) => {
            view.conflict = Some(conflict(desk, &theirs, &ours, &view.categories));
            StatusCode::CONFLICT
        }
    };
    desk.screen_as(status, "admin/faq/item.html", title, &view).await
}

fn conflict(desk: &Desk, theirs: &Revision, ours: &Content, categories: &[Choice]) -> Conflict {
    let named = |content: &Content| {
        let mut typed = content.typed();
        if let Some(choice) = categories.iter().find(|choice| choice.value == typed.category) {
            typed.category.clone_from(&choice.label);
        }
        typed
    };
    Conflict {
        version: theirs.version,
        by: theirs.author_name.clone(),
        when: desk.when(theirs.created_at),
        note: theirs.content.note.clone(),
        body: theirs.content.body.clone(),
        fields: diff::fields(Kind::FaqItem, &named(&theirs.content), &named(ours)),
        lines: diff::lines(&theirs.content.body, &ours.body),
    }
}

async fn categories(desk: &Desk) -> Result<Vec<Choice>> {
    let all = category::all(desk.app.read()).await?;
    Ok(all.into_iter().map(|category| Choice::new(category.id.to_string(), category.title)).collect())
}

/// Where visitors find the answer: the page with all questions, at the anchor in force.
async fn portal(desk: &Desk, id: i64) -> Result<String> {
    let page = public::with_layout(desk.app.read(), Layout::Faq).await?;
    let (_, anchor) = item::place(desk.app.read(), id).await?;
    Ok(match (page, anchor) {
        (Some(page), Some(anchor)) => format!("{}#{anchor}", page.path),
        _ => String::new(),
    })
}
