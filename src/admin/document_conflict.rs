//! The conflict screen of documents of every kind: both texts side by side for each field that two people changed, and a
//! choice for each. Everything else is joined already. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    document_form::{DocumentForm, Keep},
    documents,
};
use crate::{
    error::{Invalid, Result},
    face::{
        desk::{Desk, When},
        diff::{self, Line},
        problems::{Choice, Problems},
        standing::noun,
    },
    model::{
        document::{self, Kind},
        faq::category,
        field::Field,
        merge::Merged,
        revision::{Layout, Menu, Revision, Typed},
        saving::Clash,
    },
};

#[derive(Serialize)]
struct View {
    /// `page` or `question`.
    kind: &'static str,
    /// Title of the newest version.
    title: String,
    /// Address of the edit screen; the form goes there too.
    edit: String,
    list: &'static str,
    version: i64,
    next: i64,
    author: String,
    when: When,
    note: String,
    clashes: Vec<ClashView>,
    /// Fields that need no choice: who changed them, and to what.
    joined: Vec<JoinedView>,
    /// All fields but those that clash, to be sent along.
    hidden: Vec<(&'static str, String)>,
    own_note: String,
    errors: Problems,
}

#[derive(Serialize)]
struct ClashView {
    name: &'static str,
    label: &'static str,
    theirs: String,
    /// The same in words, where the value is a code.
    theirs_shown: String,
    yours: String,
    /// `text`, `line`, `date`, or `choice` among the options.
    control: &'static str,
    options: Vec<Choice>,
    /// From theirs to yours, for a text.
    lines: Vec<Line>,
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
pub async fn draw(desk: &Desk, kind: Kind, clash: Clash, form: DocumentForm) -> Result<Response> {
    let Clash { newest, merged } = clash;
    let Merged { typed, theirs, yours, clashes } = merged;
    let mut joined = Vec::new();
    let all = theirs.iter().map(|field| (*field, newest.author_name.clone()));
    for (field, by) in all.chain(yours.iter().map(|field| (*field, "You".to_owned()))) {
        let value = beginning(shown(desk, field, field.of(&typed)).await?);
        joined.push(JoinedView { label: diff::label(kind, field), by, value });
    }
    let form = DocumentForm {
        typed,
        // From here on the editor knows of that version.
        base: newest.version.to_string(),
        clashes: clashes.into_iter().map(|field| (field, None)).collect(),
        ..form
    };
    let conflict = Conflict { kind, theirs: &newest, form, joined, errors: Problems::default() };
    conflict.draw(desk, StatusCode::CONFLICT).await
}

/// So much of a long text as tells which one it is.
fn beginning(text: String) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Draws it once more because a choice is missing: 422.
///
/// # Errors
/// When the database fails.
pub async fn draw_again(
    desk: &Desk,
    kind: Kind,
    theirs: &Revision,
    form: DocumentForm,
    invalid: Invalid,
) -> Result<Response> {
    let conflict = Conflict { kind, theirs, form, joined: Vec::new(), errors: invalid.into() };
    conflict.draw(desk, StatusCode::UNPROCESSABLE_ENTITY).await
}

struct Conflict<'a> {
    kind: Kind,
    theirs: &'a Revision,
    form: DocumentForm,
    joined: Vec<JoinedView>,
    errors: Problems,
}

impl Conflict<'_> {
    async fn draw(self, desk: &Desk, status: StatusCode) -> Result<Response> {
        let Self { kind, theirs, form, joined, errors } = self;
        let content = theirs.content.typed();
        let mut clashes = Vec::new();
        for (field, keep) in &form.clashes {
            let keep = keep.map_or("", |keep| if keep == Keep::Theirs { "theirs" } else { "yours" });
            let view = clash_view(desk, kind, *field, (&content, &form.typed)).await?;
            clashes.push(ClashView { keep, ..view });
        }
        let is_hidden = |field: &&Field| !form.clashes.iter().any(|(clash, _)| clash == *field);
        let hidden = Field::all(kind).iter().filter(is_hidden);
        let view = View {
            kind: noun(kind),
            title: theirs.content.title.clone(),
            edit: documents::edit_screen(kind, theirs.document_id),
            list: documents::list(kind),
            version: theirs.version,
            next: document::next_version(desk.app.read(), theirs.document_id).await?,
            author: theirs.author_name.clone(),
            when: desk.when(theirs.created_at),
            note: theirs.content.note.clone(),
            clashes,
            joined,
            hidden: hidden.map(|field| (field.name(), field.of(&form.typed).to_owned())).collect(),
            own_note: form.typed.note,
            errors,
        };
        desk.screen_as(status, "admin/documents/conflict.html", "Choose between two texts", &view).await
    }
}

async fn clash_view(desk: &Desk, kind: Kind, field: Field, texts: (&Typed, &Typed)) -> Result<ClashView> {
    let (theirs, yours) = (field.of(texts.0), field.of(texts.1));
    let (control, options) = match field {
        Field::Body => ("text", Vec::new()),
        Field::ReviewBy => ("date", Vec::new()),
        Field::Menu | Field::Layout | Field::Category => ("choice", options(desk, field).await?),
        _ => ("line", Vec::new()),
    };
    Ok(ClashView {
        name: field.name(),
        label: diff::label(kind, field),
        theirs: theirs.to_owned(),
        theirs_shown: shown(desk, field, theirs).await?,
        yours: yours.to_owned(),
        control,
        options,
        lines: if field == Field::Body { diff::lines(theirs, yours) } else { Vec::new() },
        keep: "",
    })
}

/// What can be chosen for a field whose value is a code.
async fn options(desk: &Desk, field: Field) -> Result<Vec<Choice>> {
    Ok(match field {
        Field::Menu => Menu::ALL.iter().map(|(_, value, label)| Choice::new(*value, *label)).collect(),
        Field::Layout => Layout::ALL.iter().map(|(_, value, label)| Choice::new(*value, *label)).collect(),
        Field::Category => {
            let all = category::all(desk.app.read()).await?;
            all.into_iter().map(|category| Choice::new(category.id.to_string(), category.title)).collect()
        }
        _ => Vec::new(),
    })
}

/// A value as people read it.
async fn shown(desk: &Desk, field: Field, value: &str) -> Result<String> {
    let options = options(desk, field).await?;
    Ok(options.into_iter().find(|choice| choice.value == value).map_or_else(|| value.to_owned(), |choice| choice.label))
}
