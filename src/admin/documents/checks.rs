//! What readers would stumble over in the text of a form, shown beside it while it is typed. What is said, and what forbids
//! publishing, is decided by `model::checks`. Saves nothing.

use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{form::DocumentForm, paths};
use crate::{
    admin::shared::{
        admin_context::AdminContext,
        document_kinds::{KINDS, screens},
        routes::Routes,
    },
    error::{Error, Result, TextPlace},
    model::{
        checks::{self, Finding, TextAddress},
        document::{content::Content, kind::DocumentKind, record::Document},
        policy::Action,
    },
    text::isolate,
    web::{form::Form, path::Path},
};

/// Findings that are listed; blocking ones come first.
const LISTED: usize = 100;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .post_text_at(row.paths.new_checks, Action::Edit, move |admin, form| check_new(admin, kind, form))
            .post_text_at(row.paths.checks, Action::Edit, move |admin, id, form| check(admin, kind, id, form))
    })
}

/// What `templates/admin/documents/checks.html` takes as `checks`.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ChecksView {
    /// Where scripts ask again; empty where nothing is checked.
    path: String,
    /// Where the form is; empty on the same screen.
    form: String,
    /// What forbids publishing.
    pub(crate) blocking: Vec<FindingView>,
    pub(crate) advice: Vec<FindingView>,
    /// How many are not listed.
    more: usize,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct FindingView {
    field: &'static str,
    place: Option<TextPlace>,
    sentence: String,
    quote: String,
    /// What visitors cannot follow; empty when it is no link.
    #[serde(skip)]
    link: String,
}

#[derive(Serialize)]
struct View {
    checks: ChecksView,
}

impl ChecksView {
    /// Of what was typed into the form of a document outside the trash.
    pub(crate) async fn of(admin: &AdminContext, document: &Document, content: &Content) -> Result<Self> {
        let address = TextAddress::of(admin.app.read(), &admin.app.rules, document, content).await?;
        let path = paths::checks(document.kind, document.id);
        Self::at(admin, document.kind, &address, content, path).await
    }

    /// Of a version, for another screen than that of its form.
    pub(crate) async fn of_version(admin: &AdminContext, document: &Document, content: &Content) -> Result<Self> {
        let form = paths::edit_screen(document.kind, document.id);
        Ok(Self { form, path: String::new(), ..Self::of(admin, document, content).await? })
    }

    /// Of what was typed into the form of a new one.
    pub(crate) async fn of_new(admin: &AdminContext, kind: DocumentKind, form: &DocumentForm) -> Result<Self> {
        let content = Content::parse_what_fits(&admin.app.rules.fields.of_input(kind, &form.typed), &form.typed);
        let parent = form.parent().unwrap_or_default();
        let address = TextAddress::of_new(admin.app.read(), kind, parent, &content).await?;
        Self::at(admin, kind, &address, &content, screens(kind).paths.new_checks.to_owned()).await
    }

    /// The links among the findings.
    pub(crate) fn links(&self) -> impl Iterator<Item = &str> {
        let findings = self.blocking.iter().chain(&self.advice);
        findings.map(|finding| finding.link.as_str()).filter(|link| !link.is_empty())
    }

    /// Leaves out the advice about links that will lead somewhere.
    pub(crate) fn retain_links(&mut self, is_dead: impl Fn(&str) -> bool) {
        self.advice.retain(|finding| finding.link.is_empty() || is_dead(&finding.link));
    }

    async fn at(
        admin: &AdminContext,
        kind: DocumentKind,
        address: &TextAddress,
        content: &Content,
        path: String,
    ) -> Result<Self> {
        let _slot = admin.app.rendering.slot().await?;
        let found = checks::find(admin.app.read(), &admin.app.rules, kind, address, content).await?;
        let (blocking, advice): (Vec<_>, Vec<_>) = found.into_iter().partition(|finding| finding.blocks);
        let more = (blocking.len() + advice.len()).saturating_sub(LISTED);
        let views = |found: Vec<Finding>, most: usize| found.into_iter().take(most).map(FindingView::of).collect();
        let left = LISTED.saturating_sub(blocking.len());
        Ok(Self { path, form: String::new(), blocking: views(blocking, LISTED), advice: views(advice, left), more })
    }
}

impl FindingView {
    fn of(finding: Finding) -> Self {
        let Finding { field, place, sentence, quote, link, .. } = finding;
        Self { field, place, sentence: isolate::quotations(&sentence), quote, link }
    }
}

async fn check(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    let document = Document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    let document = document.filter(|found| found.trashed_at.is_none()).ok_or(Error::NotFound)?;
    let content = Content::parse_what_fits(&admin.app.rules.fields.of_input(kind, &form.typed), &form.typed);
    draw(&admin, ChecksView::of(&admin, &document, &content).await?)
}

async fn check_new(admin: AdminContext, kind: DocumentKind, Form(form): Form<DocumentForm>) -> Result<Response> {
    draw(&admin, ChecksView::of_new(&admin, kind, &form).await?)
}

fn draw(admin: &AdminContext, checks: ChecksView) -> Result<Response> {
    Ok(admin.app.templates.render("admin/documents/checks.html", &View { checks })?.into_response())
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/checks.html", crate::state::template_samples::view::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { checks }
    ChecksView { path, form, blocking, advice, more }
    FindingView { field, place, sentence, quote, link }
}
