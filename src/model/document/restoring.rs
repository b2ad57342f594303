//! Bringing back an older revision: its content is saved as a new one. Visitors see no difference until that is
//! published.

use std::sync::Arc;

use super::{
    content::Content,
    field::{Control, Field},
    keys, placement,
    record::Document,
    revision::{self, Revision},
    saving,
};
use crate::{
    error::{Error, Result},
    model::{link::keeping, write::Write},
    text::{block_diff, markdown::passages::blocks},
};

pub(crate) enum BroughtBack {
    /// Another revision was saved since the user looked.
    Newer(Box<Revision>),
    /// The newest revision has the same content already.
    Same,
    Saved {
        version: i64,
        /// Fields that kept their present values, because the old ones do not fit any more.
        kept: Vec<Arc<Field>>,
    },
}

/// Fields that say where a document lives. Their old values may be taken or gone by now: then they keep their present
/// ones, as the text is what matters.
const LOCATION: [&str; 2] = [keys::CATEGORY, keys::SLUG];

/// Saves the content of `old` as a new revision.
/// `Validation` when its place is taken. The user saw the version `base`.
pub(crate) async fn bring_back(
    write: &Write,
    document: &mut Document,
    base: i64,
    old: Revision,
) -> Result<BroughtBack> {
    let newest = revision::latest(write, document.id).await?;
    let fields = write.rules.fields.of(document.kind, &old.content.document_type);
    let extra = old.content.extra.retain_known(&fields);
    let mut content = Content { change_note: format!("Brings back version {}", old.version), extra, ..old.content };
    let (present, wanted) = (newest.content.to_input(), content.to_input());
    if write.rules.fields.of_either(document.kind, &present, &wanted).compare(&present, &wanted).is_empty() {
        return Ok(BroughtBack::Same);
    }
    if newest.version != base {
        return Ok(BroughtBack::Newer(Box::new(newest)));
    }
    let mut kept = Vec::new();
    while let Err(error) = placement::check(write, &write.rules, document, &content).await {
        let Error::Validation(errors) = error else { return Err(error) };
        let is_at_fault = |field: &&Arc<Field>| errors.list.iter().any(|error| error.field == field.key);
        let field = LOCATION.into_iter().filter_map(|key| fields.get(key)).find(is_at_fault);
        let Some(field) = field.filter(|field| !kept.contains(*field)) else { return Err(errors.into()) };
        content = content.with(&field.key, &newest.content.value(&field.key));
        kept.push(field.clone());
    }
    let made = saving::store(write, document, &newest, content).await?;
    keeping::inherit(write, made.id, old.id).await?;
    Ok(BroughtBack::Saved { version: made.version, kept })
}

/// Saves a new revision in which one of the changes since `old` is undone: the change `number` of the Markdown field `key`,
/// as `text::block_diff` counts them from `old` to the version `base` that the user saw.
/// `NotFound` when there is no such field or change; `Validation` when the text would be too long.
pub(crate) async fn bring_change_back(
    write: &Write,
    document: &mut Document,
    base: i64,
    old: &Revision,
    (key, number): (&str, usize),
) -> Result<BroughtBack> {
    let newest = revision::latest(write, document.id).await?;
    if newest.version != base {
        return Ok(BroughtBack::Newer(Box::new(newest)));
    }
    let fields = write.rules.fields.of(document.kind, &newest.content.document_type);
    let is_markdown = |field: &&Arc<Field>| matches!(field.control, Control::Markdown(_));
    let field = fields.get(key).filter(is_markdown).ok_or(Error::NotFound)?;
    let (before, now) = (old.content.value(&field.key), newest.content.value(&field.key));
    let text = block_diff::bring_back(&blocks(&before), &blocks(&now), number).ok_or(Error::NotFound)?;
    let note = format!("Brings back a part of version {}", old.version);
    let input = newest.content.to_input().with(&field.key, &text).with(keys::CHANGE_NOTE, &note);
    let made = saving::store(write, document, &newest, Content::parse(&fields, &input)?).await?;
    keeping::inherit(write, made.id, old.id).await?;
    Ok(BroughtBack::Saved { version: made.version, kept: Vec::new() })
}
