//! Drafts of documents: keeps what is typed as it is typed, discards it and brings it back, and fills the form with it.
//! Which of two texts is the later one is decided by `model::document::draft`.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    draft_status::{DraftStatus, SavedState},
    form::DocumentForm,
    paths,
};
use crate::{
    admin::shared::{
        admin_context::AdminContext,
        document_kinds::{KINDS, screens},
        flash::FlashAction,
        routes::Routes,
    },
    error::{Error, Result},
    model::{
        document::{
            draft::{self, DraftChange, DraftKey, DraftOutcome, DraftRequest, DraftState, StoredDraft},
            kind::DocumentKind,
            record::Document,
            revision::{self, Revision},
        },
        policy::Action,
    },
    web::{form::Form, path::Path},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .post_text_at(row.paths.new_draft, Action::Edit, move |admin, form| update_new(admin, kind, form))
            .post_text_at(row.paths.draft, Action::Edit, move |admin, id, form| update(admin, kind, id, form))
    })
}

/// What a script is told.
#[derive(Serialize)]
struct Answer {
    /// `kept`; `earlier` when something later of the same tab is kept; `apart` when another tab has gone on.
    state: &'static str,
    sequence: i64,
    base: i64,
    #[serde(flatten)]
    status: DraftStatus,
}

async fn update_new(admin: AdminContext, kind: DocumentKind, Form(form): Form<DocumentForm>) -> Result<Response> {
    if !form.draft.names_new() {
        return Err(Error::BadRequest("This form does not say which draft it belongs to. Open it again.".to_owned()));
    }
    let key = DraftKey::of_new(admin.user.id, kind, form.draft.key.clone());
    match form.button.as_str() {
        "discard" => discard(&admin, key, form).await,
        "restore" => restore(&admin, &key).await,
        _ => keep(&admin, key, form, None).await,
    }
}

async fn update(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    let document = Document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    let document = document.ok_or(Error::NotFound)?;
    let key = DraftKey::of(admin.user.id, kind, id);
    match form.button.as_str() {
        "discard" => discard(&admin, key, form).await,
        "restore" => restore(&admin, &key).await,
        _ => {
            let newest = revision::latest(admin.app.read(), id).await?;
            keep(&admin, key, form, Some(SavedState { document: &document, newest: &newest })).await
        }
    }
}

/// For scripts: keeps what was typed, or forgets the draft when it is what is saved already.
async fn keep(
    admin: &AdminContext,
    key: DraftKey,
    form: DocumentForm,
    state: Option<SavedState<'_>>,
) -> Result<Response> {
    if !form.draft.user.is_empty() && form.draft.user != admin.user.id.to_string() {
        return Err(Error::Conflict("Someone else is signed in here now, so nothing was kept.".to_owned()));
    }
    let kind = key.kind;
    let typed = form.kept(&admin.app.rules.fields.of_typed(kind, &form.typed));
    let is_saved = state.is_some_and(|SavedState { newest, .. }| is_as_saved(admin, kind, &form, newest));
    let change = match state {
        Some(SavedState { document, newest }) if is_saved => {
            DraftChange::End { base: newest.version, document_id: document.id }
        }
        _ => DraftChange::Keep(form.draft_text(&typed)),
    };
    let request = DraftRequest { key, origin: form.draft.origin() };
    let outcome = draft::store(&admin.app.db, &admin.user, &request, change, admin.app.now()).await?;
    let kept = |stored: StoredDraft| {
        if is_saved { DraftStatus::default() } else { DraftStatus::kept(admin, stored.saved_at, stored.base, state) }
    };
    let (name, stored, status) = match outcome {
        DraftOutcome::Stored(stored) => ("kept", stored, kept(stored)),
        DraftOutcome::Earlier(stored) => ("earlier", stored, kept(stored)),
        DraftOutcome::Apart(stored) => ("apart", stored, DraftStatus::apart(admin, kind, stored.saved_at)),
    };
    let answer = Answer { state: name, sequence: stored.sequence, base: stored.base, status };
    Ok(Json(answer).into_response())
}

fn is_as_saved(admin: &AdminContext, kind: DocumentKind, form: &DocumentForm, newest: &Revision) -> bool {
    !form.differs_from(&admin.app.rules.fields.of_typed(kind, &form.typed), newest)
}

async fn discard(admin: &AdminContext, key: DraftKey, form: DocumentForm) -> Result<Response> {
    let kind = key.kind;
    let to = key.document_id.map_or_else(|| paths::list(kind).to_owned(), |id| paths::edit_screen(kind, id));
    let path = key.document_id.map_or_else(|| screens(kind).paths.new_draft.to_owned(), |id| paths::draft(kind, id));
    let typed = form.kept(&admin.app.rules.fields.of_typed(kind, &form.typed));
    // A list of drafts names them without their texts.
    let listed = if typed.is_empty() { draft::find(admin.app.read(), &key).await? } else { None };
    let text = match &listed {
        Some(stored) => stored.text(),
        None => form.draft_text(&typed),
    };
    let undo = FlashAction::new("Undo", path, Action::Edit).field("do", &"restore").field("draft", &key.key);
    let request = DraftRequest { key, origin: form.draft.origin() };
    match draft::store(&admin.app.db, &admin.user, &request, DraftChange::Discard(text), admin.app.now()).await? {
        DraftOutcome::Stored(_) => admin.done_with(&to, "Your draft is discarded.", undo).await,
        DraftOutcome::Earlier(_) | DraftOutcome::Apart(_) => {
            admin.not_done(&to, "You went on with this draft in another window, so it was not discarded.").await
        }
    }
}

async fn restore(admin: &AdminContext, key: &DraftKey) -> Result<Response> {
    let to = match key.document_id {
        Some(id) => paths::edit_screen(key.kind, id),
        None => paths::new_from_draft(key.kind, &key.key),
    };
    if draft::restore(&admin.app.db, &admin.user, key).await? {
        return admin.done(&to, "Your draft is back. It is not saved as a version yet.").await;
    }
    admin.not_done(&to, "There is no draft to bring back.").await
}

/// The form of a document: with the user's draft if there is one, otherwise as the newest version is.
pub(crate) async fn open(admin: &AdminContext, document: &Document, newest: &Revision) -> Result<DocumentForm> {
    let found = draft::find(admin.app.read(), &DraftKey::of(admin.user.id, document.kind, document.id)).await?;
    let mut form = DocumentForm::of(newest);
    match found {
        Some(draft) if draft.state == DraftState::Open => return Ok(DocumentForm::of_draft(draft)),
        Some(draft) => {
            form.draft.tab = draft.tab;
            form.draft.follow(draft.sequence, None);
        }
        None => {}
    }
    Ok(form)
}

/// Keeps what was sent to be saved and was not, so that it is there when the screen is closed. The form shows it in any
/// case, so a failure changes nothing for its user.
pub(crate) async fn keep_unsaved(admin: &AdminContext, kind: DocumentKind, id: Option<i64>, form: &mut DocumentForm) {
    let Some(request) = request_of(admin, kind, id, form) else { return };
    let typed = form.kept(&admin.app.rules.fields.of_typed(kind, &form.typed));
    let text = DraftChange::Keep(form.draft_text(&typed));
    match draft::store(&admin.app.db, &admin.user, &request, text, admin.app.now()).await {
        Ok(DraftOutcome::Stored(stored)) => form.draft.follow(stored.sequence, Some(stored.saved_at)),
        // A script that was refused lets the browser send the same once more, to show the screen with it.
        Ok(DraftOutcome::Earlier(_)) => {
            let stored = draft::find(admin.app.read(), &request.key).await.ok().flatten();
            if let Some(stored) = stored.filter(|stored| stored.typed == typed) {
                form.draft.follow(stored.sequence, Some(stored.saved_at));
            }
        }
        _ => {}
    }
}

/// What the form of a document says about its draft; none when it says nothing.
#[must_use]
pub(crate) fn request_of(
    admin: &AdminContext,
    kind: DocumentKind,
    id: Option<i64>,
    form: &DocumentForm,
) -> Option<DraftRequest> {
    if !form.draft.is_told {
        return None;
    }
    let key = match id {
        Some(id) => DraftKey::of(admin.user.id, kind, id),
        None if form.draft.names_new() => DraftKey::of_new(admin.user.id, kind, form.draft.key.clone()),
        None => return None,
    };
    Some(DraftRequest { key, origin: form.draft.origin() })
}

/// The document that this tab has made from this form, and its version then.
pub(crate) async fn find_made(
    admin: &AdminContext,
    kind: DocumentKind,
    form: &DocumentForm,
) -> Result<Option<(i64, i64)>> {
    let Some(DraftRequest { key, origin }) = request_of(admin, kind, None, form) else { return Ok(None) };
    let made = draft::find(admin.app.read(), &key).await?.filter(|draft| origin.follows_end_of(draft));
    Ok(made.and_then(|draft| Some((draft.document_id?, draft.base))))
}

/// Ends the draft whose text is in the version `base` of a document now, in a transaction of its own.
pub(crate) async fn end(admin: &AdminContext, request: &DraftRequest, base: i64, document_id: i64) -> Result<()> {
    let end = DraftChange::End { base, document_id };
    draft::store(&admin.app.db, &admin.user, request, end, admin.app.now()).await.map(drop)
}

/// Discards the draft of a document with what its form sent.
pub(crate) async fn give_up(admin: &AdminContext, kind: DocumentKind, id: i64, form: &DocumentForm) -> Result<()> {
    let typed = form.kept(&admin.app.rules.fields.of_typed(kind, &form.typed));
    let Some(request) = request_of(admin, kind, Some(id), form) else { return Ok(()) };
    let change = DraftChange::Discard(form.draft_text(&typed));
    draft::store(&admin.app.db, &admin.user, &request, change, admin.app.now()).await.map(drop)
}
