//! The versions of a page that visitors have seen, at addresses that can be cited: a list, each version as it was, and what
//! changed between two of them. A page keeps its number when it moves.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    clock::long_date,
    error::{Error, Result},
    model::{
        document::{
            content::Content,
            field::{Control, Field},
            fields::DocumentFields,
            keys,
            kind::DocumentKind,
            revision::Revision,
            types,
        },
        page::public::{self, LivePage},
        published_version::{self, PublishedVersion},
    },
    render::{
        document_number::DocumentNumber,
        page::{self, RenderOptions},
        published_change::{self, PublishedChange},
        render_input::RenderInput,
        shown_diff::MarkdownDiff,
        site_paths::{ChangesPath, VersionPath, VersionsPath},
        site_view::{self, PageHead, SiteView},
        version_notice::VersionNotice,
    },
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy, client::Client},
    work,
};

/// How many versions the list has; older ones are reached from one version to the next.
const LISTED: i64 = 200;

#[derive(Serialize)]
struct VersionsView {
    site: SiteView,
    page: PageHead,
    document: String,
    current: CurrentPage,
    items: Vec<PublishedChange>,
}

#[derive(Serialize)]
struct CurrentPage {
    title: String,
    path: String,
}

impl CurrentPage {
    fn of(page: &LivePage) -> Self {
        Self { title: page.revision.content.title.clone(), path: page.path.clone() }
    }
}

pub(crate) async fn index(VersionsPath { document }: VersionsPath, State(app): State<App>) -> Result<Response> {
    let DocumentNumber(id) = document;
    let page = public::find(app.read(), id).await?.ok_or(Error::NotFound)?;
    let site = site_view::site(&app, &page.path).await?;
    let found = published_version::list(app.read(), id, LISTED).await?;
    let items = published_change::list(document, &found, Some(page.revision.version), &site.zone);
    let head = PageHead::unlisted(&format!("Versions of “{}”", page.revision.content.title));
    let view =
        VersionsView { site, page: head, document: document.to_string(), current: CurrentPage::of(&page), items };
    Ok(respond(app.templates.render("site/versions.html", &view)?))
}

pub(crate) async fn show(VersionPath { document, version }: VersionPath, State(app): State<App>) -> Result<Response> {
    let DocumentNumber(id) = document;
    let page = public::find(app.read(), id).await?.ok_or(Error::NotFound)?;
    let found = published_version::find(app.read(), id, version).await?.ok_or(Error::NotFound)?;
    let zone = site_view::site(&app, &page.path).await?.zone;
    let neighbours = published_version::neighbours(app.read(), id, version).await?;
    let notice = VersionNotice::of(&page, &found, neighbours, &zone);
    let input = RenderInput {
        path: page.path,
        revision: found.revision,
        preview: String::new(),
        preview_of: String::new(),
        notice: Some(notice),
    };
    Ok(respond(page::render(&app, &input, &RenderOptions::default()).await?))
}

#[derive(Serialize)]
struct ComparedVersion {
    version: i64,
    path: String,
    date: String,
    date_iso: String,
    by: String,
}

impl ComparedVersion {
    fn of(found: &PublishedVersion, zone: &TimeZone) -> Self {
        Self {
            version: found.revision.version,
            path: VersionPath { document: DocumentNumber(found.revision.document_id), version: found.revision.version }
                .to_string(),
            date: long_date(found.publication.published_at.date(zone)),
            date_iso: found.publication.published_at.iso(),
            by: found.publication.approved_by().to_owned(),
        }
    }
}

#[derive(Serialize)]
struct ChangesView {
    site: SiteView,
    page: PageHead,
    document: String,
    current: CurrentPage,
    versions: String,
    address: String,
    old: ComparedVersion,
    new: ComparedVersion,
    /// What the newer one changed, in the words of its authors.
    note: String,
    fields: Vec<FieldChange>,
    texts: Vec<MarkdownDiff>,
}

#[derive(Serialize)]
struct FieldChange {
    label: String,
    diff: MarkdownDiff,
}

pub(crate) async fn changes(path: ChangesPath, State(app): State<App>, client: Client) -> Result<Response> {
    let ChangesPath { document: DocumentNumber(id), version, earlier } = path;
    if earlier >= version {
        return Err(Error::NotFound);
    }
    let page = public::find(app.read(), id).await?.ok_or(Error::NotFound)?;
    let old = published_version::find(app.read(), id, earlier).await?.ok_or(Error::NotFound)?;
    let new = published_version::find(app.read(), id, version).await?.ok_or(Error::NotFound)?;
    let site = site_view::site(&app, &page.path).await?;
    let (before, after) = (fields_then(&app, &old.revision).await?, fields_then(&app, &new.revision).await?);
    let sides = ((&old.revision.content, &before), (&new.revision.content, &after));
    let (fields, texts) = app.comparing.for_visitor(client, || compare(&app, sides)).await?;
    let title = format!("What changed in “{}”", new.revision.content.title);
    let view = ChangesView {
        page: PageHead::unlisted(&title),
        document: path.document.to_string(),
        current: CurrentPage::of(&page),
        versions: VersionsPath { document: path.document }.to_string(),
        address: format!("{}{path}", app.config.origin()),
        old: ComparedVersion::of(&old, &site.zone),
        new: ComparedVersion::of(&new, &site.zone),
        note: new.publication.note,
        fields,
        texts,
        site,
    };
    Ok(respond(work::run_blocking(|| app.templates.render("site/changes.html", &view))?))
}

/// Fields that say where a page is and how it looks, not what it says.
const LOCATION: [&str; 4] = [keys::SLUG, keys::MENU, keys::MENU_LABEL, keys::LAYOUT];

/// The fields of a version as they were when it was written.
async fn fields_then(app: &App, revision: &Revision) -> Result<DocumentFields> {
    let of_type = (DocumentKind::Page, revision.content.document_type.as_str());
    types::fields_then(app.read(), &app.rules.fields, of_type, revision.created_at).await
}

/// A version of a page, with its fields.
type Side<'a> = (&'a Content, &'a DocumentFields);

/// What differs of what visitors read.
fn compare(app: &App, ((old, had), (new, has)): (Side<'_>, Side<'_>)) -> (Vec<FieldChange>, Vec<MarkdownDiff>) {
    let (before, after) = (old.to_input(), new.to_input());
    let fields = app.rules.fields.of_either(DocumentKind::Page, &before, &after);
    let (mut short, mut texts) = (Vec::new(), Vec::new());
    for field in fields.compare(&before, &after) {
        let (was, is) = (had.get(&field.key), has.get(&field.key));
        // A field is compared while visitors may read it in both versions.
        if [was, is].into_iter().flatten().any(|field| !is_read(field)) {
            continue;
        }
        let field = is.or(was).unwrap_or(&field);
        let (old, new) = (old.value(&field.key), new.value(&field.key));
        if matches!(field.control, Control::Markdown(_)) {
            texts.push(MarkdownDiff::between(&old, &new));
        } else {
            let words = |value: &str| {
                field
                    .label_of(field.public_value(value).unwrap_or_default())
                    .map_or_else(|| value.to_owned(), Cow::into_owned)
            };
            let diff = MarkdownDiff::between_words(&words(&old), &words(&new));
            short.push(FieldChange { label: field.label.to_string(), diff });
        }
    }
    (short, texts)
}

fn is_read(field: &Field) -> bool {
    field.is_public && !LOCATION.contains(&field.key.as_ref())
}

/// No query changes these pages.
fn respond(html: Html<String>) -> Response {
    let mut response = (CachePolicy::Page, html).into_response();
    response.extensions_mut().insert(CacheKeyParams(&[]));
    response
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("site/versions.html", crate::state::template_samples::view::<VersionsView>),
    ("site/changes.html", crate::state::template_samples::view::<ChangesView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    VersionsView { site, page, document, current, items }
    CurrentPage { title, path }
    ComparedVersion { version, path, date, date_iso, by }
    ChangesView { site, page, document, current, versions, address, old, new, note, fields, texts }
    FieldChange { label, diff }
}
