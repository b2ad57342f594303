//! What publishing a document would make public, for documents of every kind: the whole difference from what visitors
//! see, and whose changes these are. `model::document::saving` decides when to ask. Also publishes when the user
//! agrees.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{
    checks::ChecksView,
    edit_screen,
    form::DocumentForm,
    inbound_links, link_check, menu_notice, paths, save,
    version_diff::{self, DocumentHeading, VersionDiff, VersionView},
};
use crate::{
    admin::{
        paths::{PublicationPath, RepublishPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{
            lineage,
            record::Document,
            revision::{self, Revision},
        },
        policy::Action,
        publishing, republishing,
    },
    web::{form::Form, form_errors::FormErrors},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Publish, show).post(Action::Publish, publish).post_text(Action::Publish, republish)
}

#[derive(Serialize)]
struct View {
    head: DocumentHeading,
    action: String,
    /// Path of the screen that publishes it at a time.
    schedules: String,
    version: i64,
    path: String,
    live: Option<i64>,
    /// The version that they see now, or saw until it was unpublished.
    base: Option<i64>,
    /// The versions since then, the newest first.
    pending: Vec<VersionView>,
    /// The unpublished versions of others among them, in words; may be empty.
    others: String,
    /// What differs from what visitors see or saw; none when they never saw anything.
    difference: Option<VersionDiff>,
    /// Pages above that have to be published as well.
    above: Vec<AboveView>,
    /// What readers would stumble over.
    checks: ChecksView,
    /// Links and pictures that lead nowhere and are not among the checks, in a sentence.
    dead: String,
    /// Parts that others link to and that will be gone, in words.
    missing: String,
    /// Where a new page will be listed, in a sentence.
    listed: &'static str,
    /// Where visitors will find it.
    places: Vec<String>,
    /// What the new versions change, in the words of their authors.
    note: String,
}

#[derive(Serialize)]
struct AboveView {
    title: String,
    version: i64,
    author: String,
    edit: String,
    key: String,
}

async fn find(admin: &AdminContext, id: i64) -> Result<(Document, Revision)> {
    Ok((Document::get(admin.app.read(), id).await?, revision::latest(admin.app.read(), id).await?))
}

async fn show(PublicationPath { id }: PublicationPath, admin: AdminContext) -> Result<Response> {
    let (document, newest) = find(&admin, id).await?;
    let edit = paths::edit_screen(document.kind, id);
    if document.published_revision_id == Some(newest.id) {
        let sentence = format!("There is nothing to publish: visitors see version {} already.", newest.version);
        return admin.not_done(&edit, sentence).await;
    }
    let db = admin.app.read();
    let base = lineage::last_public(db, &document).await?;
    let pending = lineage::pending(db, &admin.app.rules.fields, &document, base.as_ref()).await?;
    let others = pending.iter().filter(|one| !version_diff::is_own(&admin, one));
    let above = publishing::unpublished_above(db, &document).await?;
    let difference = match &base {
        Some(base) => {
            let texts = (&base.content, &newest.content);
            Some(VersionDiff::between(&admin, document.kind, texts, &pending).await?)
        }
        None => None,
    };
    let (checks, dead) = check(&admin, &document, &newest, &above).await?;
    let view = View {
        head: DocumentHeading::of(&document, &newest),
        action: paths::publication(id),
        schedules: paths::schedules(id),
        version: newest.version,
        path: paths::revision(id, newest.version),
        live: base.as_ref().filter(|_| document.is_live()).map(|live| live.version),
        base: base.as_ref().map(|base| base.version),
        others: version_diff::authors(&admin, others),
        pending: VersionView::pending(&admin, &document, &pending),
        difference,
        checks,
        dead,
        missing: inbound_links::missing_parts(&admin, &document, &newest).await?,
        places: menu_notice::list_places(&admin.app, &document, &newest).await?,
        note: lineage::notes(db, id, newest.version).await?,
        listed: menu_notice::announce_listing(&admin.app, &document, &newest).await?,
        above: above.into_iter().map(above_view).collect(),
    };
    let title = format!("Publish “{}”", newest.content.title);
    admin.screen("admin/documents/publication.html", &title, &view).await
}

/// What readers would stumble over once the pages `above` are published too; and, in a sentence, what else leads nowhere.
async fn check(
    admin: &AdminContext,
    document: &Document,
    newest: &Revision,
    above: &[(Document, Revision)],
) -> Result<(ChecksView, String)> {
    let dead = link_check::dead_links(admin, document, newest, above).await?;
    let mut checks = ChecksView::of_version(admin, document, &newest.content).await?;
    checks.retain_links(|link| dead.has_link(link));
    let dead = dead.without(checks.links()).sentence();
    Ok((checks, dead))
}

fn above_view((page, newest): (Document, Revision)) -> AboveView {
    AboveView {
        title: newest.content.title,
        version: newest.version,
        author: newest.author_name,
        edit: paths::edit_screen(page.kind, page.id),
        key: format!("{}-{}", page.id, newest.version),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublishForm {
    version: String,
    /// Pages above, each as its id, a hyphen, its version.
    above: Vec<String>,
}

async fn publish(
    PublicationPath { id }: PublicationPath,
    admin: AdminContext,
    Form(decision): Form<PublishForm>,
) -> Result<Response> {
    let version = decision.version.trim().parse().unwrap_or(0);
    let above: Vec<(i64, i64)> = decision.above.iter().filter_map(|key| parse_key(key)).collect();
    let published = admin.change(async |write| {
        let mut document = Document::get(write, id).await?;
        let newest = revision::latest(write, id).await?;
        let is_done = document.published_revision_id == Some(newest.id) && newest.version == version;
        if !is_done {
            publishing::publish_below(write, &mut document, &newest, version, &above).await?;
        }
        Ok((document, newest, is_done))
    });
    match published.await {
        Ok((document, newest, is_done)) => {
            let title = &newest.content.title;
            let sentence = format!("Version {version} of “{title}” is published. Visitors see it now.");
            if is_done {
                return admin.done(&paths::edit_screen(document.kind, id), sentence).await;
            }
            save::tell_published(&admin, &document, &newest, sentence).await
        }
        Err(Error::Conflict(reason)) => admin.not_done(&paths::publication(id), reason).await,
        Err(error) => refuse(&admin, id, error).await,
    }
}

/// Says on the document's own screen which rule forbids it.
async fn refuse(admin: &AdminContext, id: i64, error: Error) -> Result<Response> {
    let reason = error.validation_errors()?.sentence();
    let edit = paths::find_edit_screen(admin, id).await?;
    admin.not_done(&edit, format!("Nothing was published. {reason}.")).await
}

fn parse_key(key: &str) -> Option<(i64, i64)> {
    let (id, version) = key.split_once('-')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

/// What the button of [`flash_actions::again`](super::flash_actions::again) showed, and what was typed beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
struct RepublishForm {
    /// Documents, each as its id, a hyphen, the version.
    decided: Vec<(i64, i64)>,
    /// The form of the editor; none when the button was in a notice.
    document: Option<DocumentForm>,
}

impl From<Vec<(String, String)>> for RepublishForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let (revisions, typed): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "revision");
        let decided = revisions.iter().filter_map(|(_, key)| parse_key(key)).collect();
        let document = typed.iter().any(|(name, _)| name == "base").then(|| typed.into());
        Self { decided, document }
    }
}

async fn republish(
    RepublishPath { id }: RepublishPath,
    admin: AdminContext,
    Form(form): Form<RepublishForm>,
) -> Result<Response> {
    let response = bring_back(&admin, id, &form.decided).await?;
    let (document, newest) =
        (Document::get(admin.app.read(), id).await?, revision::latest(admin.app.read(), id).await?);
    let fields = admin.app.rules.fields.of(document.kind);
    match form.document {
        Some(typed) if typed.differs_from(fields, &newest) => {
            edit_screen::draw_document(&admin, &document, &newest, &typed, FormErrors::default()).await
        }
        _ => Ok(response),
    }
}

async fn bring_back(admin: &AdminContext, id: i64, decided: &[(i64, i64)]) -> Result<Response> {
    let republished = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let title = revision::latest(write, id).await?.content.title;
        let count = if republishing::list_formerly_live(write, &document).await?.is_empty() {
            0
        } else {
            republishing::republish(write, &document, decided).await?
        };
        Ok((document, title, count))
    });
    match republished.await {
        Ok((document, title, count)) => {
            let edit = paths::edit_screen(document.kind, id);
            match (document.is_live(), count) {
                (true, 0) => admin.done(&edit, format!("Visitors see “{title}”.")).await,
                (false, 0) => admin.not_done(&edit, "There is nothing to publish again.").await,
                (is_live, count) => admin.done(&edit, describe_republished(&title, is_live, count)).await,
            }
        }
        Err(error) => refuse(admin, id, error).await,
    }
}

/// The sentence about `count` documents; `was_live` says whether the first, with this title, is not among them.
fn describe_republished(title: &str, was_live: bool, count: usize) -> String {
    match (was_live, count) {
        (true, 1) => format!("Visitors see the page below “{title}” again."),
        (true, pages) => format!("Visitors see the {pages} pages below “{title}” again."),
        (false, 1) => format!("Visitors see “{title}” again."),
        (false, 2) => format!("Visitors see “{title}” and the page below it again."),
        (false, count) => format!("Visitors see “{title}” and the {} pages below it again.", count - 1),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/publication.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, action, schedules, version, path, live, base, pending, others, difference, above, checks, dead, missing, listed, places, note }
    AboveView { title, version, author, edit, key }
}
