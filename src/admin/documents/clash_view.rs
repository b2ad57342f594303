//! What clashes, as the conflict screen shows it: both texts, and what was chosen. Chooses nothing.

use serde::Serialize;

use super::{
    clash_choice,
    diff::{self, DiffLine},
    field_view::FieldView,
    form::{self, DocumentForm, Keep},
    version_diff::is_text,
};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::document::{field::Field, input::DocumentInput},
};

/// Two texts for one field, or for one place in a text.
#[derive(Serialize)]
pub(crate) struct ClashView {
    #[serde(flatten)]
    yours: FieldView,
    /// Shows, when the form comes back, whether the user has edited their text since.
    yours_seen: String,
    /// In words, when the value is a code.
    theirs: String,
    /// For a part of a text: where the other one is in its version.
    theirs_at: String,
    /// What a part of a text follows; empty at its beginning.
    place: String,
    /// From theirs to yours, for a text.
    lines: Vec<DiffLine>,
    /// `theirs`, `yours`, `both`, or empty as long as nothing was chosen.
    keep: &'static str,
}

/// `theirs` as it is stored, and in words.
pub(crate) async fn of(
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
        theirs_at: String::new(),
        place: String::new(),
        keep: match keep {
            None => "",
            Some(Keep::Theirs) => "theirs",
            Some(Keep::Yours) => "yours",
            Some(Keep::Both) => "both",
        },
    })
}

/// The parts of a text that clash; `names` are those of all its parts.
pub(crate) async fn of_parts(
    admin: &AdminContext,
    field: &Field,
    (form, names): (&DocumentForm, &[String]),
    latest: &DocumentInput,
) -> Result<Vec<ClashView>> {
    let mut views = Vec::new();
    let all = names.iter().filter(|name| is_clash(form, name)).count();
    let mut before = "";
    for name in names {
        let yours = form.typed.get(name);
        if let Some((_, keep)) = form.clashes.iter().find(|(known, _)| known == name) {
            let theirs = clash_choice::theirs(form, name, latest).unwrap_or_default();
            let mut view = of(admin, field, (theirs, theirs), (yours, *keep)).await?;
            view.yours.name.clone_from(name);
            if all > 1 {
                view.yours.label = format!("{}, place {} of {all}", field.label, views.len() + 1);
            }
            let at = form.theirs.iter().find(|(known, _)| known == name);
            view.theirs_at = at.map(|(_, at)| at.clone()).unwrap_or_default();
            view.place = last_line(before);
            views.push(view);
        }
        before = yours;
    }
    Ok(views)
}

#[must_use]
pub(crate) fn is_clash(form: &DocumentForm, name: &str) -> bool {
    form.clashes.iter().any(|(known, _)| known == name)
}

/// The last line of a text with any words, as a place to recognise.
fn last_line(text: &str) -> String {
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    cut(line.unwrap_or_default().trim().to_owned(), 80)
}

/// The beginning of a long text, enough to recognise it.
#[must_use]
pub(crate) fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    ClashView { yours, yours_seen, theirs, theirs_at, place, lines, keep }
}
