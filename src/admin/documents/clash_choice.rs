//! What was chosen where two texts clash, put into the form. A text of which only some blocks clash is sent in numbered parts,
//! `body.0`, `body.1` and so on; those that clash have a choice, and say where the other text is in its version. Draws nothing.

use std::collections::BTreeMap;

use super::form::{DocumentForm, Keep, fingerprint};
use crate::{
    error::ValidationErrors,
    model::document::{fields::DocumentFields, input::DocumentInput},
    text::merged_text::{MergedPart, put_together, without_gaps},
};

/// The field that a part is of, and its number; none for the name of a field.
#[must_use]
pub(crate) fn split(name: &str) -> Option<(&str, usize)> {
    let (key, number) = name.rsplit_once('.')?;
    Some((key, number.parse().ok()?))
}

/// The key of a field, or of that which a part is of.
#[must_use]
pub(crate) fn key_of(name: &str) -> &str {
    split(name).map_or(name, |(key, _)| key)
}

/// At how many places a text clashes.
#[must_use]
pub(crate) fn places(parts: &[MergedPart]) -> usize {
    parts.iter().filter(|part| matches!(part, MergedPart::Clash(_))).count()
}

/// Puts the parts of a text into the form, in place of the whole of it.
pub(crate) fn spread(form: &mut DocumentForm, key: &str, parts: Vec<MergedPart>) {
    form.typed.set(key, "");
    for (number, part) in parts.into_iter().enumerate() {
        let name = format!("{key}.{number}");
        match part {
            MergedPart::Joined(text) => form.typed.set(&name, text),
            MergedPart::Clash(clash) => {
                form.typed.set(&name, without_gaps(&clash.yours));
                form.clashes.push((name.clone(), None));
                form.theirs.push((name, format!("{}-{}", clash.theirs.start, clash.theirs.end)));
            }
        }
    }
}

/// The names of the parts of each text that is sent in parts, by its key.
#[must_use]
pub(crate) fn parts(form: &DocumentForm) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
    let names = form.typed.iter().map(|(name, _)| name).chain(form.clashes.iter().map(|(name, _)| name.as_str()));
    for name in names {
        if let Some((key, number)) = split(name) {
            found.entry(key.to_owned()).or_default().insert(number, name.to_owned());
        }
    }
    found.into_iter().map(|(key, names)| (key, names.into_values().collect())).collect()
}

/// The other text for a part of the form; none where the form does not say where it is.
#[must_use]
pub(crate) fn theirs<'t>(form: &DocumentForm, name: &str, theirs: &'t DocumentInput) -> Option<&'t str> {
    let (_, range) = form.theirs.iter().find(|(known, _)| known == name)?;
    let (start, end) = range.split_once('-')?;
    theirs.get(key_of(name)).get(start.parse().ok()?..end.parse().ok()?).map(without_gaps)
}

/// Inserts the texts of `theirs`, the version the form was made from, where they were chosen.
/// Fails when no text was chosen for a field or a part of it, or theirs where the user has edited their own since they saw
/// both; then nothing has changed.
pub(crate) fn resolve(
    form: &mut DocumentForm,
    fields: &DocumentFields,
    version: &DocumentInput,
) -> Result<(), ValidationErrors> {
    let mut errors = ValidationErrors::default();
    for (name, keep) in &form.clashes {
        let Some(field) = fields.get(key_of(name)) else { continue };
        let is_lost = split(name).is_some() && theirs(form, name, version).is_none();
        if keep.is_none() || is_lost {
            errors.add(&format!("keep_{name}"), format!("Choose which {} to keep", field.name()));
        }
    }
    for (name, _) in form.clashes.iter().filter(|(_, keep)| *keep == Some(Keep::Theirs)) {
        let is_edited =
            form.yours.iter().any(|(known, seen)| known == name && *seen != fingerprint(form.typed.get(name)));
        if let Some(field) = fields.get(key_of(name)).filter(|_| is_edited) {
            let sentence = format!(
                "You changed your {} here, but chose to keep version {}. Choose yours, or press the button once more \
                 to drop what you typed",
                field.name(),
                form.base()
            );
            errors.add(&format!("keep_{name}"), sentence);
        }
    }
    errors.finish(|| ())?;
    for (name, _) in form.clashes.iter().filter(|(_, keep)| *keep == Some(Keep::Theirs)) {
        if split(name).is_none() {
            form.typed.set(name, version.get(name));
        }
    }
    gather(form, Some(version));
    Ok(())
}

/// Makes whole texts of their parts: where there was a choice, what was chosen of `theirs`, the version that has the other
/// texts. Without it, of yours alone.
pub(crate) fn gather(form: &mut DocumentForm, version: Option<&DocumentInput>) {
    for (key, names) in parts(form) {
        let text = |name: &String| {
            let yours = form.typed.get(name).replace("\r\n", "\n");
            let keep = form.clashes.iter().find(|(known, _)| known == name).and_then(|(_, keep)| *keep);
            match (keep, version.and_then(|version| theirs(form, name, version))) {
                (Some(Keep::Theirs), Some(theirs)) => theirs.to_owned(),
                (Some(Keep::Both), Some(theirs)) => put_together(theirs, &yours),
                _ => yours,
            }
        };
        let whole = names.iter().map(text).reduce(|whole, next| put_together(&whole, &next)).unwrap_or_default();
        form.typed.set(&key, whole);
        for name in &names {
            form.typed.set(name, "");
        }
    }
}
