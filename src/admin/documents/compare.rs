//! Any two versions of a document side by side in one text: what readers see differently, field by field and word by word.
//! One change alone can be brought back; it is saved as a new version, and visitors see no difference.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    paths,
    reading_diff::{ReadingDiff, RestoreChangeView},
    revisions::describe_newer,
    version_diff::{DocumentHeading, VersionView},
};
use crate::{
    admin::{
        paths::{ComparePath, RestoreChangePath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{
            record::Document,
            restoring::{self, BroughtBack},
            revision, with_newest,
        },
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show).post(Action::Edit, restore_change)
}

/// Which two versions; the newest one, and the one before it, when none is named.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CompareQuery {
    old: String,
    new: String,
}

#[derive(Serialize)]
struct CompareView {
    head: DocumentHeading,
    /// Path of the list of versions.
    versions: String,
    /// Path of this screen without a query.
    compare: String,
    old: VersionView,
    new: VersionView,
    difference: ReadingDiff,
    restore: Option<RestoreChangeView>,
}

pub(crate) async fn show(
    ComparePath { id }: ComparePath,
    admin: AdminContext,
    Query(query): Query<CompareQuery>,
) -> Result<Response> {
    let (document, newest) = with_newest::find(admin.app.read(), id).await?;
    let new = query.new.trim().parse().unwrap_or(newest.version);
    let old = query.old.trim().parse().unwrap_or(new - 1);
    let find = async |version| revision::version(admin.app.read(), id, version).await?.ok_or(Error::NotFound);
    let (old, new) = (find(old).await?, find(new).await?);
    let view = CompareView {
        head: DocumentHeading::of(&document, &newest),
        versions: paths::revisions(id),
        compare: paths::compare(id),
        difference: ReadingDiff::between(&admin, document.kind, (&old.content, &new.content)).await?,
        restore: RestoreChangeView::of(&document, &old, &new),
        old: VersionView::of(&admin, &old),
        new: VersionView::of(&admin, &new),
    };
    let title = format!("Versions {} and {} of “{}”", old.version, new.version, newest.content.title);
    admin.screen("admin/documents/compare.html", &title, &view).await
}

/// Which change, and which newest version the user saw.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RestoreChangeForm {
    base: String,
    field: String,
    change: String,
}

pub(crate) async fn restore_change(
    RestoreChangePath { id, version }: RestoreChangePath,
    admin: AdminContext,
    Form(form): Form<RestoreChangeForm>,
) -> Result<Response> {
    let base = form.base.trim().parse().unwrap_or(0);
    let number = form.change.trim().parse().map_err(|_| Error::NotFound)?;
    let restored = admin.change(async |write| {
        let mut document = Document::find(write, id).await?.ok_or(Error::NotFound)?;
        let old = revision::version(write, id, version).await?.ok_or(Error::NotFound)?;
        if document.trashed_at.is_some() {
            return Err(Error::Conflict("Restore it from the trash first.".to_owned()));
        }
        let change = (form.field.as_str(), number);
        let outcome = restoring::bring_change_back(write, &mut document, base, &old, change).await?;
        Ok((document.kind, outcome))
    });
    let here = format!("{}?old={version}", paths::compare(id));
    match restored.await {
        Ok((kind, BroughtBack::Saved { version: new, .. })) => {
            let sentence = format!(
                "A part of version {version} is back, and saved as version {new}. It is not public until you publish it."
            );
            admin.done(&paths::edit_screen(kind, id), sentence).await
        }
        Ok((_, BroughtBack::Same)) => admin.not_done(&here, "It says that already.".to_owned()).await,
        Ok((_, BroughtBack::Newer(newest))) => admin.not_done(&here, describe_newer(&admin, &newest)).await,
        Err(error) => admin.refuse(&here, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/compare.html", crate::admin::shared::admin_context::sample_screen::<CompareView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    CompareView { head, versions, compare, old, new, difference, restore }
}
