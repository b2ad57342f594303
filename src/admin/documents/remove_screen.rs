//! The screen before a document is unpublished or moved to the trash: it lists the consequences. If these have changed
//! when the button is pressed, it asks again.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    inbound_links::{self, LinkedFrom},
    paths,
    version_diff::DocumentHeading,
};
use crate::{
    admin::shared::{admin_context::AdminContext, document_kinds::screens},
    crypto,
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement, record::Document, revision},
        redirect::editing::{self, CheckedRedirect, RedirectInput, TO},
        trash::{self, PageBelow},
        write::Write,
    },
    web::form_errors::FormErrors,
};

/// What a screen asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Removal {
    Unpublish,
    Trash,
}

/// Pages below that are named.
const NAMED: usize = 20;

#[derive(Serialize)]
struct View {
    head: DocumentHeading,
    action: String,
    /// The path that visitors know; empty for what has none of its own.
    path: String,
    live: bool,
    /// What the form sends as `live`.
    live_base: String,
    deletes: bool,
    /// How many pages are below, and how many of these visitors see.
    below: usize,
    live_below: usize,
    /// Those that go along, as far as they are named.
    along: Vec<PageBelow>,
    /// What the form sends as `below`.
    base: String,
    /// What has changed since the screen was first shown, in a sentence; or empty.
    changed: String,
    linked_from: LinkedFrom,
    becomes: &'static str,
    /// Whether visitors can be led to another page from its path.
    can_lead_on: bool,
    target: String,
    errors: FormErrors,
}

/// What is shown again of a form that changed nothing.
#[derive(Debug, Default)]
pub(super) struct RemovalState {
    /// What has changed since the screen was first shown, in a sentence; or empty.
    pub(super) changed: String,
    target: String,
    errors: FormErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RemovalForm {
    /// The pages that go along, see [`base`]; a form without it has shown none.
    below: String,
    /// The revision that visitors saw of the document itself, or `no`; a form may also just say `yes`.
    live: String,
    /// Where visitors are led who come to its path; empty: nowhere.
    target: String,
}

impl RemovalForm {
    /// What is shown again when something has changed.
    pub(super) fn after(&self, changed: String) -> RemovalState {
        RemovalState { changed, target: self.target.clone(), errors: FormErrors::default() }
    }

    /// Leads visitors on from the `path` that the document had, if the user named a target; gives a sentence about that.
    /// `Validation` on the target.
    pub(super) async fn lead_on(&self, write: &Write, path: Option<String>) -> Result<String> {
        let Some(from) = path.filter(|_| !self.target.trim().is_empty()) else { return Ok(String::new()) };
        let input = RedirectInput { from, to: self.target.clone(), covers_below: false };
        match editing::create(write, &input).await {
            Ok(CheckedRedirect { to, is_unpublished: true, .. }) => {
                Ok(format!(" Its path leads to {to}, where visitors find nothing until that page is published."))
            }
            Ok(CheckedRedirect { to, .. }) => Ok(format!(" Its path leads to {to} now.")),
            Err(Error::Validation(mut errors)) => {
                for error in &mut errors.list {
                    TO.clone_into(&mut error.field);
                }
                Err(errors.into())
            }
            Err(other) => Err(other),
        }
    }

    /// What has changed since the screen was shown, in a sentence; empty when nothing has.
    pub(super) async fn describe_change(&self, write: &Write, document: &Document, removal: Removal) -> Result<String> {
        let path = placement::tree_path(write, document).await?;
        let along = trash::pages_along(write, path.as_deref(), removal == Removal::Trash).await?;
        Ok(self.compare(document, &along))
    }

    fn compare(&self, document: &Document, along: &[PageBelow]) -> String {
        let is_same = if self.below.is_empty() { along.is_empty() } else { self.below == base(along) };
        if !is_same {
            return "What is below it has changed since this screen was shown.".to_owned();
        }
        let sentence = match (self.live.as_str(), document.published_revision_id) {
            ("no", Some(_)) => "It was published since this screen was shown.",
            ("" | "no", None) | ("" | "yes", Some(_)) => "",
            (_, None) => "It was unpublished since this screen was shown.",
            (shown, Some(_)) if shown == live_base(document) => "",
            (_, Some(_)) => "Another version of it was published since this screen was shown.",
        };
        sentence.to_owned()
    }
}

/// The same text for equal lists of pages.
fn base(along: &[PageBelow]) -> String {
    let line = |page: &PageBelow| format!("{} {}\n", page.id, page.live);
    crypto::hash(&along.iter().map(line).collect::<String>())
}

/// What the form sends as `live`.
fn live_base(document: &Document) -> String {
    document.published_revision_id.map_or_else(|| "no".to_owned(), |id| id.to_string())
}

/// Draws the screen again when the target was refused; says any other error on the document's own screen.
pub(super) async fn refuse(
    admin: &AdminContext,
    (kind, id): (DocumentKind, i64),
    removal: Removal,
    form: &RemovalForm,
    error: Error,
) -> Result<Response> {
    match error {
        Error::Validation(errors) if errors.list.iter().any(|error| error.field == TO) => {
            let document = Document::get_of(admin.app.read(), id, kind).await?;
            let state = RemovalState { errors: errors.into(), ..form.after(String::new()) };
            draw(admin, &document, removal, state).await
        }
        other => admin.refuse(&paths::edit_screen(kind, id), other).await,
    }
}

/// Draws the screen.
pub(super) async fn draw(
    admin: &AdminContext,
    document: &Document,
    removal: Removal,
    state: RemovalState,
) -> Result<Response> {
    let db = admin.app.read();
    let row = screens(document.kind);
    let head = DocumentHeading::of(document, &revision::latest(db, document.id).await?);
    let path = placement::tree_path(db, document).await?;
    let deletes = removal == Removal::Trash;
    let along = trash::pages_along(db, path.as_deref(), deletes).await?;
    let view = View {
        action: format!("{}/{}", head.edit, if deletes { "delete" } else { "unpublish" }),
        head,
        live: document.is_live(),
        live_base: live_base(document),
        deletes,
        below: along.len(),
        live_below: along.iter().filter(|page| page.live).count(),
        base: base(&along),
        along: along.into_iter().take(NAMED).collect(),
        linked_from: inbound_links::to(admin, document, path.as_deref()).await?,
        becomes: if deletes { row.links_trashed } else { row.links_unpublished },
        can_lead_on: document.is_live() && path.is_some(),
        path: path.unwrap_or_default(),
        changed: state.changed,
        target: state.target,
        errors: state.errors,
    };
    let status = if view.changed.is_empty() { view.errors.status() } else { StatusCode::CONFLICT };
    let noun = document.kind.noun();
    let heading = if deletes { format!("Move the {noun} to the trash") } else { format!("Unpublish the {noun}") };
    admin.screen_as(status, "admin/documents/remove.html", &heading, &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/remove.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageBelow { id, title, live }
    View { head, action, path, live, live_base, deletes, below, live_below, along, base, changed, linked_from, becomes, can_lead_on, target, errors }
}
