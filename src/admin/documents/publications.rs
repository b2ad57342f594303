//! What publishing a document would make public, for documents of every kind: the whole difference from what visitors
//! see, and whose changes these are. `model::document::saving` decides when to ask. Also publishes when the user
//! agrees.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{
    checks::ChecksView,
    inbound_links, link_check, menu_notice, paths, save,
    version_diff::{self, DocumentHeading, VersionDiff, VersionView},
};
use crate::{
    admin::{
        paths::PublicationPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{lineage, record::Document, revision::Revision, with_newest},
        policy::Action,
        publishing,
        seen_version::SeenVersion,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Publish, show).post(Action::Publish, publish)
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

async fn show(PublicationPath { id }: PublicationPath, admin: AdminContext) -> Result<Response> {
    let (document, newest) = with_newest::get(admin.app.read(), id).await?;
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
        key: SeenVersion { id: page.id, version: newest.version }.to_string(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublishForm {
    version: String,
    /// Pages above, each in its newest version.
    above: Vec<String>,
}

async fn publish(
    PublicationPath { id }: PublicationPath,
    admin: AdminContext,
    Form(decision): Form<PublishForm>,
) -> Result<Response> {
    let version = decision.version.trim().parse().unwrap_or(0);
    let above = SeenVersion::parse_all(&decision.above);
    let published = admin.change(async |write| {
        let (mut document, newest) = with_newest::get(write, id).await?;
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
pub(super) async fn refuse(admin: &AdminContext, id: i64, error: Error) -> Result<Response> {
    let reason = error.validation_errors()?.sentence();
    let edit = paths::find_edit_screen(admin, id).await?;
    admin.not_done(&edit, format!("Nothing was published. {reason}.")).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/publication.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, action, schedules, version, path, live, base, pending, others, difference, above, checks, dead, missing, listed, places, note }
    AboveView { title, version, author, edit, key }
}
