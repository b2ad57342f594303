//! Links that show one version of a document to someone without an account: made, listed and revoked.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{paths, version_diff::DocumentHeading};
use crate::{
    admin::{
        paths::{PreviewLinksPath, RevokePreviewLinkPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::{placement, record::Document, revision},
        policy::Action,
        preview_link::{self, PreviewLink},
    },
    render::site_paths::PreviewPath,
    text::count::pluralise,
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Edit, create).post(Action::Edit, revoke)
}

/// What was typed.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct PreviewLinkForm {
    version: String,
    days: String,
}

#[derive(Serialize)]
struct PreviewLinksView<'a> {
    head: DocumentHeading,
    action: String,
    links: Vec<LinkView>,
    /// The link that was just made; shown this once.
    created: Option<CreatedView>,
    /// The version that a new link shows.
    version: i64,
    options: Vec<SelectOption>,
    form: &'a PreviewLinkForm,
    errors: FormErrors,
}

#[derive(Serialize)]
struct LinkView {
    version: i64,
    by: String,
    expires: When,
    revoke: String,
}

impl LinkView {
    fn of(admin: &AdminContext, document_id: i64, link: PreviewLink) -> Self {
        Self {
            version: link.version,
            by: link.creator_name,
            expires: admin.when(admin.app.clock.on_wall(link.expires_at)),
            revoke: RevokePreviewLinkPath { id: document_id, link: link.id }.to_string(),
        }
    }
}

#[derive(Serialize)]
struct CreatedView {
    link: String,
    expires: When,
}

async fn index(PreviewLinksPath { id }: PreviewLinksPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, id, &PreviewLinkForm::default(), FormErrors::default(), None).await
}

async fn draw(
    admin: &AdminContext,
    id: i64,
    form: &PreviewLinkForm,
    errors: FormErrors,
    created: Option<CreatedView>,
) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    let newest = revision::latest(admin.app.read(), id).await?;
    let status = errors.status();
    let found = preview_link::list(admin.app.read(), id, admin.app.steady()).await?;
    let day = |days: i64| {
        let count = usize::try_from(days).unwrap_or_default();
        SelectOption::new(days.to_string(), pluralise(count, "day", "days"))
    };
    let view = PreviewLinksView {
        head: DocumentHeading::of(&document, &newest),
        action: paths::preview_links(id),
        links: found.into_iter().map(|link| LinkView::of(admin, id, link)).collect(),
        created,
        version: newest.version,
        options: preview_link::DAYS.into_iter().map(day).collect(),
        form,
        errors,
    };
    let title = format!("Private links to “{}”", newest.content.title);
    admin.screen_as(status, "admin/documents/preview_links.html", &title, &view).await
}

async fn create(
    PreviewLinksPath { id }: PreviewLinksPath,
    admin: AdminContext,
    Form(form): Form<PreviewLinkForm>,
) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    let version = form.version.trim().parse().map_err(|_| Error::NotFound)?;
    let days = form.days.trim().parse().unwrap_or_default();
    let created = admin.change(async |write| {
        let revision = revision::version(write, id, version).await?.ok_or(Error::NotFound)?;
        let created = preview_link::create(write, &document, &revision, days, admin.app.steady()).await?;
        // A question is a part of the page that shows it.
        let part = if placement::is_in_tree(document.kind) { None } else { Some(revision.content.slug) };
        Ok((created, part))
    });
    let (created, part) = match created.await {
        Ok(created) => created,
        Err(error) => return draw(&admin, id, &form, error.validation_errors()?.into(), None).await,
    };
    let part = part.map(|slug| format!("#{slug}")).unwrap_or_default();
    let link = format!("{}{}{part}", admin.app.config.origin(), PreviewPath { token: created.token });
    let view = CreatedView { link, expires: admin.when(admin.app.clock.on_wall(created.expires_at)) };
    draw(&admin, id, &PreviewLinkForm::default(), FormErrors::default(), Some(view)).await
}

async fn revoke(RevokePreviewLinkPath { id, link }: RevokePreviewLinkPath, admin: AdminContext) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    let revoked = admin.change(async |write| preview_link::revoke(write, &document, link, admin.app.steady()).await);
    let here = paths::preview_links(id);
    match revoked.await {
        Ok(()) => admin.done(&here, "The link works no longer.").await,
        Err(error) => admin.refuse(&here, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[(
    "admin/documents/preview_links.html",
    crate::admin::shared::admin_context::sample_screen::<PreviewLinksView<'static>>,
)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    PreviewLinkForm { version, days }
    PreviewLinksView<'static> { head, action, links, created, version, options, form, errors }
    LinkView { version, by, expires, revoke }
    CreatedView { link, expires }
}
