//! The conflict screen of documents of every kind: both texts side by side for each field that two users changed, and a
//! choice for each. Everything else is joined already. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    diff::{self, DiffLine},
    difference::{self as difference, Head, VersionView},
    form::{DocumentForm, Keep},
};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result, ValidationErrors},
    model::{
        document::{self, DocumentKind},
        faq::category,
        field::Field,
        revision::{self, DocumentInput, Layout, Menu, Revision},
        saving::{Intent, SaveConflict},
    },
    web::form_errors::{FormErrors, SelectOption},
};

#[derive(Serialize)]
struct View {
    head: Head,
    /// The newest version.
    theirs: VersionView,
    /// The version that saving makes.
    next: i64,
    /// What the button that publishes sends; empty when publishing was not asked for.
    publish: &'static str,
    clashes: Vec<ClashView>,
    /// Fields that need no choice: who changed them, and to what.
    joined: Vec<JoinedView>,
    /// All fields but those that clash, to be sent along.
    hidden: Vec<(&'static str, String)>,
    /// The version that the typed text was made from.
    made_from: String,
    own_note: String,
    errors: FormErrors,
}

#[derive(Serialize)]
struct ClashView {
    name: &'static str,
    label: &'static str,
    /// In words, where the value is a code.
    theirs: String,
    yours: String,
    /// `text`, `line`, `date`, or `choice` among the options.
    control: &'static str,
    options: Vec<SelectOption>,
    /// From theirs to yours, for a text.
    lines: Vec<DiffLine>,
    /// `theirs`, `yours`, or empty as long as nothing was chosen.
    keep: &'static str,
}

#[derive(Serialize)]
struct JoinedView {
    label: &'static str,
    by: String,
    value: String,
}

/// Draws the screen: 409.
///
/// # Errors
/// When the database fails.
pub async fn draw(
    admin: &AdminContext,
    kind: DocumentKind,
    clash: SaveConflict,
    form: DocumentForm,
) -> Result<Response> {
    let SaveConflict { newest, merged } = clash;
    let form = DocumentForm {
        typed: merged.typed,
        made_from: form.base,
        // From here on the user knows of that version.
        base: newest.version.to_string(),
        clashes: merged.clashes.into_iter().map(|field| (field, None)).collect(),
        ..form
    };
    draw_as(admin, kind, &newest, form, FormErrors::default()).await
}

/// Draws it once more because a choice is missing: 422.
///
/// # Errors
/// When the database fails.
pub async fn draw_again(
    admin: &AdminContext,
    kind: DocumentKind,
    theirs: &Revision,
    mut form: DocumentForm,
    invalid: ValidationErrors,
) -> Result<Response> {
    // Browsers end lines with CRLF; what is stored ends them with LF.
    for field in Field::all(kind) {
        let value = field.of(&form.typed).replace("\r\n", "\n");
        field.set(&mut form.typed, &value);
    }
    draw_as(admin, kind, theirs, form, invalid.into()).await
}

async fn draw_as(
    admin: &AdminContext,
    kind: DocumentKind,
    theirs: &Revision,
    form: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let id = theirs.document_id;
    let document = document::get(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let mut clashes = Vec::new();
    for (field, keep) in &form.clashes {
        clashes.push(clash_view(admin, kind, (*field, *keep), (&theirs.content.to_input(), &form.typed)).await?);
    }
    let is_hidden = |field: &&Field| !form.clashes.iter().any(|(clash, _)| clash == *field);
    let hidden = Field::all(kind).iter().filter(is_hidden);
    let status = if errors.list.is_empty() { StatusCode::CONFLICT } else { errors.status() };
    let view = View {
        head: Head::of(&document, &newest),
        theirs: VersionView::of(admin, theirs),
        next: document::next_version(admin.app.read(), id).await?,
        publish: match form.intent() {
            Intent::Save => "",
            Intent::Publish => "publish",
            Intent::Review => "review",
        },
        clashes,
        joined: joined(admin, kind, theirs, &form).await?,
        hidden: hidden.map(|field| (field.name(), field.of(&form.typed).to_owned())).collect(),
        made_from: form.made_from,
        own_note: form.typed.note,
        errors,
    };
    admin.screen_as(status, "admin/documents/conflict.html", "Choose between two texts", &view).await
}

/// The fields that do not clash and that one of the two changed.
async fn joined(
    admin: &AdminContext,
    kind: DocumentKind,
    theirs: &Revision,
    form: &DocumentForm,
) -> Result<Vec<JoinedView>> {
    let base = revision::version(admin.app.read(), theirs.document_id, form.made_from()).await?;
    let Some(base) = base.map(|base| base.content.to_input()) else { return Ok(Vec::new()) };
    let words = difference::in_words(admin, &form.typed).await?;
    let latest = theirs.content.to_input();
    let mut joined = Vec::new();
    for field in Field::that_differ(kind, &base, &form.typed) {
        if form.clashes.iter().any(|(clash, _)| *clash == field) {
            continue;
        }
        let is_theirs = field.of(&latest) == field.of(&form.typed);
        let by = if is_theirs { theirs.author_name.clone() } else { "You".to_owned() };
        let value = beginning(field.of(&words).to_owned());
        joined.push(JoinedView { label: diff::label(kind, field), by, value });
    }
    Ok(joined)
}

/// So much of a long text as tells which one it is.
fn beginning(text: String) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

async fn clash_view(
    admin: &AdminContext,
    kind: DocumentKind,
    (field, keep): (Field, Option<Keep>),
    texts: (&DocumentInput, &DocumentInput),
) -> Result<ClashView> {
    let (theirs, yours) = (field.of(texts.0), field.of(texts.1));
    let (control, options) = match field {
        Field::Body => ("text", Vec::new()),
        Field::ReviewBy => ("date", Vec::new()),
        Field::Menu | Field::Layout | Field::Category => ("choice", options(admin, field).await?),
        _ => ("line", Vec::new()),
    };
    Ok(ClashView {
        name: field.name(),
        label: diff::label(kind, field),
        theirs: field.of(&difference::in_words(admin, texts.0).await?).to_owned(),
        yours: yours.to_owned(),
        control,
        options,
        lines: if field == Field::Body { diff::lines(theirs, yours) } else { Vec::new() },
        keep: keep.map_or("", |keep| if keep == Keep::Theirs { "theirs" } else { "yours" }),
    })
}

/// What can be chosen for a field whose value is a code.
async fn options(admin: &AdminContext, field: Field) -> Result<Vec<SelectOption>> {
    Ok(match field {
        Field::Menu => Menu::ALL.iter().map(|(_, value, label)| SelectOption::new(*value, *label)).collect(),
        Field::Layout => Layout::ALL.iter().map(|(_, value, label)| SelectOption::new(*value, *label)).collect(),
        Field::Category => {
            let all = category::all(admin.app.read()).await?;
            all.into_iter().map(|category| SelectOption::new(category.id.to_string(), category.title)).collect()
        }
        _ => Vec::new(),
    })
}
