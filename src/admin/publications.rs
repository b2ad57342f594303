//! What publishing a document would make public, for documents of every kind: asked wherever that is more than the person
//! has seen, or than the document itself. Then does it.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{document_links, document_save, documents};
use crate::{
    error::{Error, Result},
    face::{
        desk::{Desk, When},
        diff::{self, FieldChange, Line},
        routes::Routes,
        standing::noun,
    },
    model::{
        document::{self, Document},
        lineage,
        policy::Action,
        publishing,
        revision::{self, Revision},
    },
    web::{form::Form, path::Path},
};

/// Revisions that are named one by one.
const PENDING: usize = 20;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/documents/{id}/publication", Action::Publish, show)
        .post("/admin/documents/{id}/publication", Action::Publish, publish)
        .post("/admin/documents/{id}/republish", Action::Publish, republish)
}

#[derive(Serialize)]
struct View {
    /// `page` or `question`.
    kind: &'static str,
    title: String,
    edit: String,
    list: &'static str,
    action: String,
    version: i64,
    /// The version that visitors see now.
    live: Option<i64>,
    /// Who saved what since then, the newest first.
    pending: Vec<PendingView>,
    fields: Vec<FieldChange>,
    lines: Vec<Line>,
    /// Pages above that have to be published as well.
    above: Vec<AboveView>,
    /// Links and pictures that lead nowhere, in a sentence.
    dead: String,
}

#[derive(Serialize)]
struct PendingView {
    version: i64,
    path: String,
    author: String,
    when: When,
    note: String,
}

#[derive(Serialize)]
struct AboveView {
    title: String,
    version: i64,
    edit: String,
    /// What the form sends.
    key: String,
}

async fn find(desk: &Desk, id: i64) -> Result<(Document, Revision)> {
    let document = document::find(desk.app.read(), id).await?.filter(|found| found.trashed_at.is_none());
    let newest = revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    Ok((document.ok_or(Error::NotFound)?, newest))
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let (document, newest) = find(&desk, id).await?;
    let edit = documents::edit_screen(document.kind, id);
    if document.live_id == Some(newest.id) {
        let sentence = format!("There is nothing to publish: visitors see version {} already.", newest.version);
        return desk.not_done(&edit, sentence).await;
    }
    let db = desk.app.read();
    let live = match document.live_id {
        Some(live) => revision::find(db, live).await?,
        None => None,
    };
    let (before, after) = (live.as_ref().map(|live| live.content.typed()), newest.content.typed());
    let pending = lineage::pending(db, id, document.live_id, PENDING).await?;
    let above = publishing::unpublished_above(db, id).await?;
    let dead = document_links::dead(&desk, document.kind, &newest, &above).await?.sentence();
    let view = View {
        dead,
        kind: noun(document.kind),
        title: newest.content.title.clone(),
        edit,
        list: documents::list(document.kind),
        action: documents::publication(id),
        version: newest.version,
        live: live.map(|live| live.version),
        pending: pending.into_iter().map(|revision| pending_view(&desk, revision)).collect(),
        fields: before.as_ref().map(|before| diff::fields(document.kind, before, &after)).unwrap_or_default(),
        lines: before
            .filter(|before| before.body != after.body)
            .map_or_else(Vec::new, |before| diff::lines(&before.body, &after.body)),
        above: above.into_iter().map(above_view).collect(),
    };
    desk.screen("admin/documents/publication.html", &format!("Publish “{}”", view.title), &view).await
}

fn pending_view(desk: &Desk, revision: Revision) -> PendingView {
    PendingView {
        version: revision.version,
        path: format!("{}/{}", documents::versions(revision.document_id), revision.version),
        author: revision.author_name,
        when: desk.when(revision.created_at),
        note: revision.content.note,
    }
}

fn above_view(page: Revision) -> AboveView {
    AboveView {
        title: page.content.title,
        version: page.version,
        edit: documents::edit_screen(document::Kind::Page, page.document_id),
        key: format!("{}-{}", page.document_id, page.version),
    }
}

/// What the person decided on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Decision {
    version: String,
    /// Pages above, each as its id, a hyphen, its version.
    above: Vec<String>,
}

async fn publish(desk: Desk, Path(id): Path<i64>, Form(decision): Form<Decision>) -> Result<Response> {
    let (document, newest) = find(&desk, id).await?;
    let edit = documents::edit_screen(document.kind, id);
    let version = decision.version.trim().parse().unwrap_or(0);
    let above: Vec<(i64, i64)> = decision.above.iter().filter_map(|key| parse_key(key)).collect();
    let sentence = format!("Version {version} of “{}” is published. Visitors see it now.", newest.content.title);
    let kind = document.kind;
    if document.live_id == Some(newest.id) && newest.version == version {
        return desk.done(&edit, sentence).await;
    }
    let write = desk.write().await?;
    match publishing::publish_below(&write, id, kind, version, &above).await {
        Ok(()) => {
            write.commit().await?;
            document_save::tell_published(&desk, kind, id, sentence).await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            desk.not_done(&documents::publication(id), reason).await
        }
        Err(Error::Invalid(invalid)) => {
            drop(write);
            let reason = invalid.fields.into_iter().next().map(|(_, message)| message).unwrap_or_default();
            desk.not_done(&edit, format!("Nothing was published. {reason}.")).await
        }
        Err(other) => Err(other),
    }
}

fn parse_key(key: &str) -> Option<(i64, i64)> {
    let (id, version) = key.split_once('-')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

/// What the button of [`documents::again`] showed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Decided {
    /// Documents, each as its id, a hyphen, the version.
    revision: Vec<String>,
}

async fn republish(desk: Desk, Path(id): Path<i64>, Form(decided): Form<Decided>) -> Result<Response> {
    let (document, newest) = find(&desk, id).await?;
    let edit = documents::edit_screen(document.kind, id);
    let write = desk.write().await?;
    if publishing::formerly_live(&write, id).await?.is_empty() {
        drop(write);
        if document.is_live() {
            return desk.done(&edit, format!("Visitors see “{}”.", newest.content.title)).await;
        }
        return desk.not_done(&edit, "There is nothing to publish again.").await;
    }
    let decided: Vec<(i64, i64)> = decided.revision.iter().filter_map(|key| parse_key(key)).collect();
    match publishing::republish(&write, id, &decided).await {
        Ok(count) => {
            write.commit().await?;
            let others = match count - usize::from(!document.is_live()) {
                0 => String::new(),
                1 => " and the page below it".to_owned(),
                others => format!(" and the {others} pages below it"),
            };
            let sentence = if document.is_live() {
                format!(
                    "Visitors see{} “{}” again.",
                    others.trim_start_matches(" and").replace(" below it", " below"),
                    newest.content.title
                )
            } else {
                format!("Visitors see “{}”{others} again.", newest.content.title)
            };
            desk.done(&edit, sentence).await
        }
        Err(Error::Invalid(invalid)) => {
            drop(write);
            let reason = invalid.fields.into_iter().next().map(|(_, message)| message).unwrap_or_default();
            desk.not_done(&edit, format!("Nothing was published. {reason}.")).await
        }
        Err(other) => Err(other),
    }
}
