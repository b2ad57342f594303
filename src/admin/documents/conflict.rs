//! The conflict screen of documents of every kind: both texts side by side for each field that two users changed, and a
//! choice for each. Everything else is merged already. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    diff::{self, DiffLine},
    field_view::{FieldView, in_words},
    form::{self, DocumentForm, Keep},
    form_draft::FormDraft,
    version_diff::{DocumentHeading, VersionView, is_text},
};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Result, ValidationErrors},
    model::document::{
        field::{Field, FieldGroup},
        fields::DocumentFields,
        input::DocumentInput,
        record::Document,
        revision::{self, Revision},
        saving::{Intent, SaveConflict},
    },
    text::isolate::isolate,
    web::form_errors::FormErrors,
};

#[derive(Serialize)]
struct View {
    head: DocumentHeading,
    theirs: VersionView,
    /// Whether the user saved it themselves, in another window.
    own: bool,
    next: i64,
    /// What the button that publishes sends; empty when publishing was not asked for.
    publish: &'static str,
    clashes: Vec<ClashView>,
    /// Fields that need no choice: who changed them, and to what.
    joined: Vec<JoinedView>,
    /// Fields of the document that do not clash, to be sent along.
    hidden: Vec<(String, String)>,
    /// The version that the typed text was made from.
    made_from: String,
    /// The draft that keeps the text.
    draft: FormDraft,
    revision: Vec<FieldView>,
    errors: FormErrors,
}

#[derive(Serialize)]
struct ClashView {
    #[serde(flatten)]
    yours: FieldView,
    /// Shows, when the form comes back, whether the user has edited their text since.
    yours_seen: String,
    /// In words, when the value is a code.
    theirs: String,
    /// From theirs to yours, for a text.
    lines: Vec<DiffLine>,
    /// `theirs`, `yours`, or empty as long as nothing was chosen.
    keep: &'static str,
}

#[derive(Serialize)]
struct JoinedView {
    label: String,
    by: String,
    value: String,
}

pub(crate) async fn draw(admin: &AdminContext, clash: SaveConflict, form: DocumentForm) -> Result<Response> {
    let SaveConflict { document, newest, merged } = clash;
    let form = DocumentForm {
        typed: merged.typed,
        made_from: form.base,
        // From here on the user knows of that version.
        base: newest.version.to_string(),
        clashes: merged.clashes.into_iter().map(|field| (field.key.to_string(), None)).collect(),
        ..form
    };
    draw_as(admin, &document, &newest, form, FormErrors::default()).await
}

/// Draws it once more because a choice is missing: 422.
pub(crate) async fn draw_again(
    admin: &AdminContext,
    document: &Document,
    theirs: &Revision,
    mut form: DocumentForm,
    invalid: ValidationErrors,
) -> Result<Response> {
    // Browsers end lines with CRLF; what is stored ends them with LF.
    for field in admin.app.rules.fields.of(document.kind).of_document() {
        let value = form.typed.get(&field.key).replace("\r\n", "\n");
        form.typed.set(&field.key, value);
    }
    draw_as(admin, document, theirs, form, invalid.into()).await
}

#[derive(Serialize)]
struct DroppedView {
    head: DocumentHeading,
    version: i64,
    author: String,
    own: bool,
    /// What was typed where it clashed: label, text, and whether that is long.
    texts: Vec<(String, String, bool)>,
    /// All that was typed, to be sent once more.
    hidden: Vec<(String, String)>,
    made_from: String,
}

/// The screen after the user gave up what they typed, which they can still read and restore there.
pub(crate) async fn draw_dropped(admin: &AdminContext, document: &Document, form: DocumentForm) -> Result<Response> {
    let fields = admin.app.rules.fields.of(document.kind);
    let newest = revision::latest(admin.app.read(), document.id).await?;
    let words = in_words(admin, fields, &form.typed).await?;
    let clashing = form.clashes.iter().filter_map(|(key, _)| fields.get(key));
    let text = |field: &Field| (field.label.to_string(), words.get(&field.key).to_owned(), is_text(&field.control));
    let hidden = fields.all().map(|field| (field.key.to_string(), form.typed.get(&field.key).to_owned()));
    let view = DroppedView {
        head: DocumentHeading::of(document, &newest),
        version: newest.version,
        own: is_own(admin, &newest),
        author: newest.author_name,
        texts: clashing.map(|field| text(field)).collect(),
        hidden: hidden.collect(),
        made_from: form.made_from,
    };
    admin.screen("admin/documents/dropped.html", "Your text was not saved", &view).await
}

async fn draw_as(
    admin: &AdminContext,
    document: &Document,
    theirs: &Revision,
    form: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let db = admin.app.read();
    let fields = admin.app.rules.fields.of(document.kind);
    let newest = revision::latest(db, document.id).await?;
    let latest = theirs.content.to_input();
    let words = in_words(admin, fields, &latest).await?;
    let (mut clashes, mut hidden, mut revision) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields.all() {
        let value = form.typed.get(&field.key);
        let clash = form.clashes.iter().find(|(key, _)| *key == field.key);
        if field.group == FieldGroup::Revision {
            revision.push(FieldView::of(admin, field, value).await?);
        } else if let Some((_, keep)) = clash {
            let texts = (latest.get(&field.key), words.get(&field.key));
            clashes.push(clash_view(admin, field, texts, (value, *keep)).await?);
        } else {
            hidden.push((field.key.to_string(), value.to_owned()));
        }
    }
    let status = if errors.list.is_empty() { StatusCode::CONFLICT } else { errors.status() };
    let view = View {
        head: DocumentHeading::of(document, &newest),
        theirs: VersionView::of(admin, theirs),
        own: is_own(admin, theirs),
        next: revision::next_version(db, document.id).await?,
        publish: match form.intent() {
            Intent::Save => "",
            Intent::Publish => "publish",
            Intent::Review => "review",
        },
        clashes,
        joined: merged_fields(admin, fields, theirs, &form).await?,
        hidden,
        made_from: form.made_from,
        draft: form.draft,
        revision,
        errors,
    };
    admin.screen_as(status, "admin/documents/conflict.html", "Choose between two texts", &view).await
}

/// The fields that do not clash and that one of the two changed.
async fn merged_fields(
    admin: &AdminContext,
    fields: DocumentFields<'_>,
    theirs: &Revision,
    form: &DocumentForm,
) -> Result<Vec<JoinedView>> {
    let base = revision::version(admin.app.read(), theirs.document_id, form.made_from()).await?;
    let Some(base) = base.map(|base| base.content.to_input()) else { return Ok(Vec::new()) };
    let words = in_words(admin, fields, &form.typed).await?;
    let latest = theirs.content.to_input();
    let is_clash = |field: &Field| form.clashes.iter().any(|(key, _)| *key == field.key);
    let joined = fields.compare(&base, &form.typed).into_iter().filter(|field| !is_clash(field));
    let view = |field: &Field| JoinedView {
        label: field.label.to_string(),
        by: author(admin, (&base, &latest), form, (theirs, &field.key)),
        value: cut(words.get(&field.key).to_owned()),
    };
    Ok(joined.map(|field| view(&field)).collect())
}

fn author(
    admin: &AdminContext,
    (base, latest): (&DocumentInput, &DocumentInput),
    form: &DocumentForm,
    (theirs, key): (&Revision, &str),
) -> String {
    if is_own(admin, theirs) || latest.get(key) == base.get(key) {
        return "You".to_owned();
    }
    let is_theirs = latest.get(key) == form.typed.get(key);
    if is_theirs { theirs.author_name.clone() } else { format!("You and {}", isolate(&theirs.author_name)) }
}

fn is_own(admin: &AdminContext, revision: &Revision) -> bool {
    revision.author_id == Some(admin.user.id)
}

/// The beginning of a long text, enough to recognise it.
fn cut(text: String) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `theirs` as it is stored, and in words.
async fn clash_view(
    admin: &AdminContext,
    field: &Field,
    (theirs, words): (&str, &str),
    (yours, keep): (&str, Option<Keep>),
) -> Result<ClashView> {
    let compare = || diff::shorten(diff::lines(theirs, yours));
    let lines = if is_text(&field.control) { admin.app.comparing.for_editor(compare).await? } else { Vec::new() };
    Ok(ClashView {
        lines,
        yours: FieldView::of(admin, field, yours).await?,
        yours_seen: form::fingerprint(yours),
        theirs: words.to_owned(),
        keep: keep.map_or("", |keep| if keep == Keep::Theirs { "theirs" } else { "yours" }),
    })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/documents/conflict.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/documents/dropped.html", crate::admin::shared::admin_context::sample_screen::<DroppedView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, theirs, own, next, publish, clashes, joined, hidden, made_from, draft, revision, errors }
    ClashView { yours, yours_seen, theirs, lines, keep }
    JoinedView { label, by, value }
    DroppedView { head, version, author, own, texts, hidden, made_from }
}
