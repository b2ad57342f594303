//! Old versions of a document, page or question: look at them, compare, bring one back. What is brought back is saved
//! as a new version; nothing here changes what visitors see.

use std::{collections::BTreeSet, sync::Arc};

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    field_view::in_words,
    paths,
    publication_status::PublicationStatus,
    reading_diff::{ReadingDiff, RestoreChangeView},
    version_diff::is_text,
};
use crate::{
    admin::{
        paths::{RestoreRevisionPath, RevisionPath, RevisionsPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::{
            field::Field,
            fields::names,
            lineage,
            record::Document,
            restoring::{self, BroughtBack},
            revision::{self, Revision},
            with_newest,
        },
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    text::isolate::isolate,
    web::form::Form,
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).get(Action::Edit, show).post(Action::Edit, restore)
}

/// The document as both screens name it.
#[derive(Serialize)]
struct RevisionsHeading {
    id: i64,
    title: String,
    kind: &'static str,
    /// Path of its edit screen; empty while it is in the trash.
    edit: String,
    versions: String,
    publication_status: PublicationStatus,
}

impl RevisionsHeading {
    async fn of(admin: &AdminContext, document: &Document, newest: &Revision) -> Result<Self> {
        let edit = paths::edit_screen(document.kind, document.id);
        Ok(Self {
            id: document.id,
            title: newest.content.title.clone(),
            kind: document.kind.noun(),
            edit: if document.trashed_at.is_none() { edit } else { String::new() },
            versions: paths::revisions(document.id),
            publication_status: PublicationStatus::of(&admin.app, document, newest).await?,
        })
    }
}

#[derive(Serialize)]
struct Item {
    version: i64,
    path: String,
    when: When,
    by: String,
    note: String,
    live: bool,
    newest: bool,
    /// Whether no later version was made from it.
    discarded: bool,
}

fn item(admin: &AdminContext, document: &Document, line: &BTreeSet<i64>, revision: &Revision) -> Item {
    Item {
        discarded: !line.contains(&revision.version),
        version: revision.version,
        path: paths::revision(document.id, revision.version),
        when: admin.when(revision.created_at),
        by: revision.author_name.clone(),
        note: revision.content.change_note.clone(),
        live: document.published_revision_id == Some(revision.id),
        newest: document.latest_revision_id == Some(revision.id),
    }
}

#[derive(Serialize)]
struct ListView {
    document: RevisionsHeading,
    /// Path of the screen that compares two of them.
    compare: String,
    items: Vec<Item>,
    pages: Pagination,
}

pub(crate) async fn index(
    RevisionsPath { id }: RevisionsPath,
    admin: AdminContext,
    Query(cursor): Query<CursorQuery>,
) -> Result<Response> {
    let (document, newest) = with_newest::find(admin.app.read(), id).await?;
    let from = cursor.read();
    let path = paths::revisions(id);
    let list = List { path: &path, query: &[], order: ListOrder::NewestFirst, size: ROWS };
    let mut found = revision::history(admin.app.read(), id, from.unwrap_or_default(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |revision| revision.version);
    let line = lineage::versions(admin.app.read(), id).await?;
    let items = found.iter().map(|revision| item(&admin, &document, &line, revision)).collect();
    let title = format!("Versions of “{}”", newest.content.title);
    let document = RevisionsHeading::of(&admin, &document, &newest).await?;
    let view = ListView { compare: paths::compare(id), document, items, pages };
    admin.screen("admin/documents/revisions.html", &title, &view).await
}

#[derive(Serialize)]
struct ShowView {
    document: RevisionsHeading,
    revision: Item,
    /// Short fields that are not empty, as this version has them.
    fields: Vec<FieldValue>,
    texts: Vec<FieldValue>,
    difference: ReadingDiff,
    restore: Option<RestoreChangeView>,
    /// The newest version, which bringing back builds on.
    base: i64,
}

#[derive(Serialize)]
struct FieldValue {
    key: String,
    label: String,
    value: String,
}

pub(crate) async fn show(RevisionPath { id, version }: RevisionPath, admin: AdminContext) -> Result<Response> {
    let (document, newest) = with_newest::find(admin.app.read(), id).await?;
    let revision = revision::version(admin.app.read(), id, version).await?.ok_or(Error::NotFound)?;
    let fields = &admin.app.rules.fields.of(document.kind, &revision.content.document_type);
    let words = in_words(&admin, fields, &revision.content.to_input()).await?;
    let shown = fields.of_document().map(|field| {
        let value = words.get(&field.key).to_owned();
        (is_text(&field.control), FieldValue { key: field.key.to_string(), label: field.label.to_string(), value })
    });
    let (texts, fields): (Vec<_>, Vec<_>) =
        shown.filter(|(_, field)| !field.value.is_empty()).partition(|(is_text, _)| *is_text);
    let without_mark = |shown: Vec<(bool, FieldValue)>| shown.into_iter().map(|(_, field)| field).collect();
    let view = ShowView {
        document: RevisionsHeading::of(&admin, &document, &newest).await?,
        revision: item(&admin, &document, &lineage::versions(admin.app.read(), id).await?, &revision),
        fields: without_mark(fields),
        texts: without_mark(texts),
        difference: ReadingDiff::between(&admin, document.kind, (&revision.content, &newest.content)).await?,
        restore: RestoreChangeView::of(&document, &revision, &newest),
        base: newest.version,
    };
    let title = format!("Version {version} of “{}”", newest.content.title);
    admin.screen("admin/documents/revision.html", &title, &view).await
}

/// Which newest version the user saw.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RestoreForm {
    base: String,
}

pub(crate) async fn restore(
    RestoreRevisionPath { id, version }: RestoreRevisionPath,
    admin: AdminContext,
    Form(form): Form<RestoreForm>,
) -> Result<Response> {
    let base = form.base.trim().parse().unwrap_or(0);
    let restored = admin.change(async |write| {
        let mut document = Document::find(write, id).await?.ok_or(Error::NotFound)?;
        let old = revision::version(write, id, version).await?.ok_or(Error::NotFound)?;
        if document.trashed_at.is_some() {
            return Err(Error::Conflict("Restore it from the trash first.".to_owned()));
        }
        Ok((document.kind, restoring::bring_back(write, &mut document, base, old).await?))
    });
    let here = paths::revision(id, version);
    match restored.await {
        Ok((kind, BroughtBack::Saved { version: new, kept })) => {
            let kept = describe_kept(&kept);
            let sentence =
                format!("Version {version} is back as version {new}{kept}. It is not public until you publish it.");
            admin.done(&paths::edit_screen(kind, id), sentence).await
        }
        Ok((_, BroughtBack::Same)) => {
            admin.not_done(&here, format!("Version {version} says what the newest version says.")).await
        }
        Ok((_, BroughtBack::Newer(newest))) => admin.not_done(&here, describe_newer(&admin, &newest)).await,
        Err(error) => admin.refuse(&here, error).await,
    }
}

/// Why nothing was brought back: `newest` was saved since the user looked.
#[must_use]
pub(super) fn describe_newer(admin: &AdminContext, newest: &Revision) -> String {
    let who = match newest.author_id {
        Some(id) if id == admin.user.id => "You, in another window,".to_owned(),
        _ => isolate(&newest.author_name),
    };
    format!("{who} saved version {} in the meantime. Compare with that one first.", newest.version)
}

/// `, but keeps its present slug`, or nothing.
fn describe_kept(kept: &[Arc<Field>]) -> String {
    if kept.is_empty() {
        return String::new();
    }
    format!(", but keeps its present {}", names(kept).replace("the ", ""))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/documents/revisions.html", crate::admin::shared::admin_context::sample_screen::<ListView>),
    ("admin/documents/revision.html", crate::admin::shared::admin_context::sample_screen::<ShowView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    RevisionsHeading { id, title, kind, edit, versions, publication_status }
    Item { version, path, when, by, note, live, newest, discarded }
    ListView { document, compare, items, pages }
    ShowView { document, revision, fields, texts, difference, restore, base }
    FieldValue { key, label, value }
}
