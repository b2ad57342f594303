//! Old versions of a document, page or question: look at them, compare, bring one back. What is brought back is saved
//! as a new version; nothing here changes what visitors see.

use std::collections::BTreeSet;

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    diff,
    difference::{self, Difference},
    paths,
    publication_status::{PublicationStatus, noun},
};
use crate::{
    admin::shared::{
        admin_context::{AdminContext, When},
        pagination::{self, CursorQuery, Pager},
        routes::Routes,
    },
    error::{Error, Result},
    model::{
        document::{self, Document, DocumentKind},
        faq, lineage,
        page::editing,
        policy::Action,
        revision::{self, Content, Revision},
        write::Write,
    },
    web::{form::Form, path::Path},
};

/// Versions on one page.
const SIZE: usize = 50;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/documents/{id}/revisions", Action::Edit, index)
        .get("/admin/documents/{id}/revisions/{version}", Action::Edit, show)
        .post("/admin/documents/{id}/revisions/{version}/restore", Action::Edit, restore)
}

/// The document as both screens name it.
#[derive(Serialize)]
struct Head {
    id: i64,
    /// Title of the newest version.
    title: String,
    /// `page` or `question`.
    kind: &'static str,
    /// Address of its edit screen; empty while it lies in the trash.
    edit: String,
    versions: String,
    publication_status: PublicationStatus,
}

impl Head {
    async fn of(admin: &AdminContext, document: &Document, newest: &Revision) -> Result<Self> {
        let edit = paths::edit_screen(document.kind, document.id);
        Ok(Self {
            id: document.id,
            title: newest.content.title.clone(),
            kind: noun(document.kind),
            edit: if document.trashed_at.is_none() { edit } else { String::new() },
            versions: paths::versions(document.id),
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
        path: paths::version(document.id, revision.version),
        when: admin.when(revision.created_at),
        by: revision.author_name.clone(),
        note: revision.content.note.clone(),
        live: document.published_revision_id == Some(revision.id),
        newest: document.latest_revision_id == Some(revision.id),
    }
}

async fn find(admin: &AdminContext, id: i64) -> Result<(Document, Revision)> {
    let document = document::find(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    Ok((document, newest))
}

#[derive(Serialize)]
struct ListView {
    document: Head,
    items: Vec<Item>,
    pager: Pager,
}

/// `GET /admin/documents/{id}/revisions`
pub async fn index(admin: AdminContext, Path(id): Path<i64>, Query(cursor): Query<CursorQuery>) -> Result<Response> {
    let (document, newest) = find(&admin, id).await?;
    let from = cursor.number();
    let mut found = revision::history(admin.app.read(), id, from.unwrap_or_default(), pagination::limit(SIZE)).await?;
    let path = paths::versions(id);
    let pager = pagination::paginate(&mut found, SIZE, from, &path, &[], |revision| revision.version.to_string());
    let line = lineage::versions(admin.app.read(), id).await?;
    let items = found.iter().map(|revision| item(&admin, &document, &line, revision)).collect();
    let title = format!("Versions of “{}”", newest.content.title);
    let view = ListView { document: Head::of(&admin, &document, &newest).await?, items, pager };
    admin.screen("admin/revisions/list.html", &title, &view).await
}

#[derive(Serialize)]
struct ShowView {
    document: Head,
    revision: Item,
    /// All fields but the text, as this version has them.
    fields: Vec<Field>,
    /// The text, as it was typed.
    body: String,
    /// What the newest version changes.
    difference: Difference,
    /// The newest version, which bringing back builds on.
    base: i64,
}

#[derive(Serialize)]
struct Field {
    label: &'static str,
    value: String,
}

/// `GET /admin/documents/{id}/revisions/{version}`
pub async fn show(admin: AdminContext, Path((id, version)): Path<(i64, i64)>) -> Result<Response> {
    let (document, newest) = find(&admin, id).await?;
    let revision = revision::version(admin.app.read(), id, version).await?.ok_or(Error::NotFound)?;
    let this = difference::in_words(&admin, &revision.content.to_input()).await?;
    let texts = (&revision.content, &newest.content);
    let fields = diff::label_fields(document.kind, &this);
    let view = ShowView {
        document: Head::of(&admin, &document, &newest).await?,
        revision: item(&admin, &document, &lineage::versions(admin.app.read(), id).await?, &revision),
        fields: fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| Field { label, value: value.to_owned() })
            .collect(),
        body: revision.content.body.clone(),
        difference: Difference::between(&admin, document.kind, texts, &[]).await?,
        base: newest.version,
    };
    let title = format!("Version {version} of “{}”", newest.content.title);
    admin.screen("admin/revisions/show.html", &title, &view).await
}

/// Which newest version was in front of the user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RestoreForm {
    base: String,
}

/// `POST /admin/documents/{id}/revisions/{version}/restore`
pub async fn restore(
    admin: AdminContext,
    Path((id, version)): Path<(i64, i64)>,
    Form(form): Form<RestoreForm>,
) -> Result<Response> {
    let (document, newest) = find(&admin, id).await?;
    let old = revision::version(admin.app.read(), id, version).await?.ok_or(Error::NotFound)?;
    let here = paths::version(id, version);
    if document.trashed_at.is_some() {
        return admin.not_done(&here, "Restore it from the trash first.").await;
    }
    if (Content { note: newest.content.note.clone(), ..old.content.clone() }) == newest.content {
        return admin.not_done(&here, format!("Version {version} says what the newest version says.")).await;
    }
    let base = form.base.trim().parse().unwrap_or(0);
    let content = Content { note: format!("Brings back version {version}"), ..old.content };
    if content == newest.content {
        let sentence = format!("Version {version} is back as version {}.", newest.version);
        return admin.done(&paths::edit_screen(document.kind, id), sentence).await;
    }
    match bring_back_placed(&admin, &document, base, (content, &newest.content)).await {
        Ok((new, kept)) => {
            let to = paths::edit_screen(document.kind, id);
            let sentence =
                format!("Version {version} is back as version {new}{kept}. It is not public until you publish it.");
            admin.done(&to, sentence).await
        }
        Err(Error::Conflict(_)) => {
            let sentence = "Somebody saved a newer version in the meantime. Compare with that one first.";
            admin.not_done(&here, sentence).await
        }
        Err(other) => Err(other),
    }
}

/// What its version says of its place may belong to another by now, or be gone: that keeps its present value, as the text
/// is what matters. Says which it was.
async fn bring_back_placed(
    admin: &AdminContext,
    document: &Document,
    base: i64,
    (mut content, newest): (Content, &Content),
) -> Result<(i64, String)> {
    let mut kept = Vec::new();
    loop {
        let invalid = match bring_back(admin, document, base, &content).await {
            Ok(new) if kept.is_empty() => return Ok((new, String::new())),
            Ok(new) => return Ok((new, format!(", but keeps its present {}", kept.join(" and ")))),
            Err(Error::Invalid(invalid)) => invalid,
            Err(other) => return Err(other),
        };
        let at_fault = |field: &str| invalid.fields.iter().any(|(name, _)| name == field);
        if at_fault("category") && content.category_id != newest.category_id {
            content.category_id = newest.category_id;
            kept.push("category");
        } else if at_fault("slug") && content.slug != newest.slug {
            content.slug.clone_from(&newest.slug);
            kept.push("address");
        } else {
            return Err(invalid.into());
        }
    }
}

async fn bring_back(admin: &AdminContext, document: &Document, base: i64, content: &Content) -> Result<i64> {
    let write: Write = admin.write().await?;
    let version = match document.kind {
        DocumentKind::Page => editing::save(&write, document.id, base, content).await?,
        DocumentKind::FaqItem => faq::item::save(&write, document.id, base, content).await?,
    };
    write.commit().await?;
    Ok(version)
}
