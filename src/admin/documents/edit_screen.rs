//! The editor's screen: the form of a document with what was typed and its errors, its preview, and what visitors see
//! now. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    by_kind,
    care::CareView,
    checks::ChecksView,
    draft_offers::{self, DraftOffer},
    draft_status::{DraftStatus, SavedState},
    editor_context::EditorContext,
    field_view::FieldView,
    flash_actions,
    form::DocumentForm,
    new_from::{self, Beginning},
    paths, presence,
    publication_status::PublicationStatus,
    schedule_view::ScheduleView,
    trashed::TrashedNotice,
};
use crate::{
    admin::{
        paths::site_preview,
        shared::{
            admin_context::{AdminContext, When},
            document_kinds::{KindScreens, screens},
            flash::FlashAction,
        },
    },
    error::{Error, Result},
    model::document::{
        content::Content,
        field::FieldGroup,
        kind::DocumentKind,
        record::Document,
        revision::{self, Revision},
    },
    text::isolate,
    web::form_errors::FormErrors,
};

const TEMPLATE: &str = "admin/documents/edit.html";

#[derive(Serialize)]
struct View<'a> {
    /// 0 for one that is not saved yet.
    id: i64,
    noun: &'static str,
    is_trashed: bool,
    /// Who moved it to the trash, if it is there.
    trashed: Option<TrashedNotice>,
    action: String,
    form: &'a DocumentForm,
    errors: FormErrors,
    /// The main fields, those of the revision, and the details.
    main: Vec<FieldView>,
    revision: Vec<FieldView>,
    details: Vec<FieldView>,
    /// Fields that the form sends without showing them.
    hidden: Vec<FieldView>,
    preview_title: &'static str,
    preview_width: &'static str,
    /// What the preview shows before anything is typed.
    preview_src: String,
    /// Where it is in the whole site with the user's drafts.
    site_preview: String,
    publication_status: PublicationStatus,
    saved: Option<SavedView>,
    /// Whether the form holds what is not saved.
    is_unsaved: bool,
    /// What will be published or unpublished at a time.
    schedules: Vec<ScheduleView>,
    /// Who owns it, and when it is to be looked at again.
    care: Option<CareView>,
    /// What the head says of the user's draft.
    draft_status: DraftStatus,
    /// Who else has it open, in a sentence.
    others: String,
    /// Drafts of other new documents.
    drafts: Vec<DraftOffer>,
    /// What a new document can begin with.
    beginnings: Vec<Beginning>,
    /// What readers would stumble over.
    checks: ChecksView,
    /// Publishes again what visitors saw before it was unpublished.
    again: Option<FlashAction>,
    #[serde(flatten)]
    editor_context: EditorContext,
}

#[derive(Serialize)]
struct SavedView {
    version: i64,
    author: String,
    when: When,
}

/// Draws the screen of the document with this id, which someone may have trashed meanwhile, with what was typed.
/// `NotFound` when there is no such document.
pub(crate) async fn draw(
    admin: &AdminContext,
    kind: DocumentKind,
    id: i64,
    form: &DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let document = Document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    let newest = revision::latest(admin.app.read(), id).await?;
    draw_document(admin, &document.ok_or(Error::NotFound)?, &newest, form, errors).await
}

/// Draws the screen of a document whose newest revision is `newest`.
pub(crate) async fn draw_document(
    admin: &AdminContext,
    document: &Document,
    newest: &Revision,
    form: &DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let is_trashed = document.trashed_at.is_some();
    let status = if is_trashed { StatusCode::CONFLICT } else { errors.status() };
    let edit = paths::edit_screen(document.kind, document.id);
    let mut publication_status = PublicationStatus::of(&admin.app, document, newest).await?;
    let fields = &admin.app.rules.fields.of_input(document.kind, &form.typed);
    let is_unsaved = form.differs_from(&admin.app.rules.fields.of_typed(document.kind, &form.typed), newest);
    if status != StatusCode::OK || is_unsaved {
        publication_status.publish.clone_from(&publication_status.publish_edited);
    }
    let again = flash_actions::again(admin, document).await?;
    publication_status.sentence.push_str(&isolate::quotations(&again.obstacle));
    let view = View {
        id: document.id,
        is_trashed,
        trashed: TrashedNotice::find(admin, document).await?,
        publication_status,
        preview_src: if status == StatusCode::OK { format!("{edit}/preview") } else { String::new() },
        saved: Some(SavedView {
            version: newest.version,
            author: newest.author_name.clone(),
            when: admin.when(newest.created_at),
        }),
        is_unsaved,
        checks: if is_trashed {
            ChecksView::default()
        } else {
            ChecksView::of(admin, document, &Content::parse_what_fits(fields, &form.typed)).await?
        },
        draft_status: draft_status(admin, form, Some(SavedState { document, newest })),
        others: presence::describe(admin, document).await?,
        again: again.button,
        care: if is_trashed { None } else { Some(CareView::of(admin, document).await?) },
        schedules: ScheduleView::upcoming(admin, document, newest.version).await?,
        action: edit,
        ..view(admin, document.kind, form, by_kind::editor_context(admin, document).await?, errors).await?
    };
    admin.screen_as(status, TEMPLATE, &newest.content.title, &view).await
}

/// Draws the screen of a document that is not saved yet.
pub(crate) async fn draw_new(
    admin: &AdminContext,
    kind: DocumentKind,
    form: &DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let status = errors.status();
    let is_fresh = status == StatusCode::OK && form.draft.saved_at.is_none();
    let context = by_kind::editor_context_of_new(admin, kind, form).await?;
    let view = View {
        draft_status: draft_status(admin, form, None),
        is_unsaved: form.draft.saved_at.is_some(),
        checks: ChecksView::of_new(admin, kind, form).await?,
        drafts: if is_fresh { draft_offers::list(admin, kind).await? } else { Vec::new() },
        beginnings: if is_fresh { new_from::list_beginnings(admin, kind, form).await? } else { Vec::new() },
        ..view(admin, kind, form, context, errors).await?
    };
    admin.screen_as(status, TEMPLATE, &format!("New {}", kind.noun()), &view).await
}

fn draft_status(admin: &AdminContext, form: &DocumentForm, state: Option<SavedState<'_>>) -> DraftStatus {
    let kept = form.draft.saved_at.map(|saved_at| DraftStatus::kept(admin, saved_at, form.base(), state));
    kept.unwrap_or_default()
}

/// The view of a document that is not saved, and the basis of every other one.
async fn view<'a>(
    admin: &AdminContext,
    kind: DocumentKind,
    form: &'a DocumentForm,
    editor_context: EditorContext,
    errors: FormErrors,
) -> Result<View<'a>> {
    let KindScreens { paths, preview_title, preview_width, .. } = screens(kind);
    let mut publication_status = PublicationStatus::new(kind);
    if !editor_context.sentence.is_empty() {
        publication_status.sentence.clone_from(&editor_context.sentence);
    }
    let (mut main, mut revision, mut details, mut hidden) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let own = admin.app.rules.fields.of_input(kind, &form.typed);
    for field in admin.app.rules.fields.of_typed(kind, &form.typed).all() {
        let shown = FieldView::of(admin, field, form.typed.get(&field.key)).await?;
        let shown = if own.get(&field.key).is_some() { shown } else { shown.of_other_type() };
        match field.group {
            _ if editor_context.fixed.iter().any(|key| *key == field.key) => hidden.push(shown),
            FieldGroup::Main => main.push(shown),
            FieldGroup::Revision => revision.push(shown),
            FieldGroup::Details => details.push(shown),
            FieldGroup::Hidden => hidden.push(shown),
        }
    }
    let errors = editor_context.fixed.iter().fold(errors, |errors, key| errors.without(key));
    Ok(View {
        id: 0,
        noun: kind.noun(),
        is_trashed: false,
        trashed: None,
        action: paths.new.to_owned(),
        form,
        errors,
        main,
        revision,
        details,
        hidden,
        preview_title,
        preview_width,
        preview_src: String::new(),
        site_preview: site_preview(&editor_context.path),
        publication_status,
        saved: None,
        is_unsaved: false,
        draft_status: DraftStatus::default(),
        others: String::new(),
        drafts: Vec::new(),
        beginnings: Vec::new(),
        checks: ChecksView::default(),
        again: None,
        care: None,
        schedules: Vec::new(),
        editor_context,
    })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/edit.html", crate::admin::shared::admin_context::sample_screen::<View<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View<'static> { id, noun, is_trashed, trashed, action, form, errors, main, revision, details, hidden, preview_title, preview_width, preview_src, site_preview, publication_status, saved, is_unsaved, schedules, care, draft_status, others, drafts, beginnings, checks, again, editor_context }
    SavedView { version, author, when }
}
