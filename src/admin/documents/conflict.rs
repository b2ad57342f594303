//! The conflict screen of documents of every kind: both texts side by side for each field, and each place of a text, that two users
//! changed, and a choice for each. Everything else is merged already. Changes nothing.

use std::{collections::BTreeSet, sync::Arc};

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    clash_choice,
    clash_view::{self, ClashView, is_clash},
    field_view::{FieldView, in_words},
    form::DocumentForm,
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

/// A text that clashes at more places is chosen as a whole: nobody would go through them, and a form has so many fields only.
const PLACES: usize = 40;

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
struct JoinedView {
    label: String,
    by: String,
    value: String,
}

pub(crate) async fn draw(admin: &AdminContext, clash: SaveConflict, form: DocumentForm) -> Result<Response> {
    let SaveConflict { document, newest, mut merged } = clash;
    merged.parts.retain(|_, parts| clash_choice::places(parts) <= PLACES);
    let is_whole = |field: &Arc<Field>| !merged.parts.contains_key(&*field.key);
    let whole = merged.clashes.iter().filter(|field| is_whole(field));
    let mut form = DocumentForm {
        typed: merged.typed,
        made_from: form.base,
        // From here on the user knows of that version.
        base: newest.version.to_string(),
        clashes: whole.map(|field| (field.key.to_string(), None)).collect(),
        yours: Vec::new(),
        theirs: Vec::new(),
        ..form
    };
    for (key, parts) in merged.parts {
        clash_choice::spread(&mut form, &key, parts);
    }
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
    let typed: Vec<_> = form.typed.iter().map(|(name, text)| (name.to_owned(), text.replace("\r\n", "\n"))).collect();
    for (name, text) in typed {
        form.typed.set(&name, text);
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
    let fields = &admin.app.rules.fields.of_typed(document.kind, &form.typed);
    let newest = revision::latest(admin.app.read(), document.id).await?;
    let words = in_words(admin, fields, &form.typed).await?;
    let clashing: BTreeSet<_> = form.clashes.iter().map(|(name, _)| clash_choice::key_of(name)).collect();
    let clashing = clashing.into_iter().filter_map(|key| fields.get(key));
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
    let fields = &admin.app.rules.fields.of_typed(document.kind, &form.typed);
    let newest = revision::latest(db, document.id).await?;
    let latest = theirs.content.to_input();
    let words = in_words(admin, fields, &latest).await?;
    let (mut clashes, mut hidden, mut revision) = (Vec::new(), Vec::new(), Vec::new());
    let parts = clash_choice::parts(&form);
    for field in fields.all() {
        let value = form.typed.get(&field.key);
        let clash = form.clashes.iter().find(|(key, _)| *key == field.key);
        if field.group == FieldGroup::Revision {
            revision.push(FieldView::of(admin, field, value).await?);
        } else if let Some(names) = parts.get(&*field.key) {
            clashes.extend(clash_view::of_parts(admin, field, (&form, names), &latest).await?);
            hidden.extend(
                names
                    .iter()
                    .filter(|name| !is_clash(&form, name))
                    .map(|name| (name.clone(), form.typed.get(name).to_owned())),
            );
        } else if let Some((_, keep)) = clash {
            let texts = (latest.get(&field.key), words.get(&field.key));
            clashes.push(clash_view::of(admin, field, texts, (value, *keep)).await?);
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
    fields: &DocumentFields,
    theirs: &Revision,
    form: &DocumentForm,
) -> Result<Vec<JoinedView>> {
    let base = revision::version(admin.app.read(), theirs.document_id, form.made_from()).await?;
    let Some(base) = base.map(|base| base.content.to_input()) else { return Ok(Vec::new()) };
    let words = in_words(admin, fields, &form.typed).await?;
    let latest = theirs.content.to_input();
    let clashing: BTreeSet<_> = form.clashes.iter().map(|(name, _)| clash_choice::key_of(name)).collect();
    let joined = fields.compare(&base, &form.typed).into_iter().filter(|field| !clashing.contains(&*field.key));
    let of_theirs = admin.app.rules.fields.of_input(fields.kind, &latest);
    let of_yours = admin.app.rules.fields.of_input(fields.kind, &form.typed);
    let is_in_both = |key: &str| of_theirs.get(key).is_some() && of_yours.get(key).is_some();
    let view = |field: &Field| JoinedView {
        label: if is_in_both(&field.key) {
            field.label.to_string()
        } else {
            format!("{}, if the type has it", field.label)
        },
        by: author(admin, (&base, &latest), form, (theirs, &field.key)),
        value: clash_view::cut(words.get(&field.key).to_owned(), 300),
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

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/documents/conflict.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/documents/dropped.html", crate::admin::shared::admin_context::sample_screen::<DroppedView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, theirs, own, next, publish, clashes, joined, hidden, made_from, draft, revision, errors }
    JoinedView { label, by, value }
    DroppedView { head, version, author, own, texts, hidden, made_from }
}
