//! Bringing back an older revision: its content is saved as a new one. Visitors see no difference until that is
//! published.

use std::sync::Arc;

use super::{
    content::Content,
    field::Field,
    keys, placement,
    record::Document,
    revision::{self, Revision},
    saving,
};
use crate::{
    error::{Error, Result},
    model::write::Write,
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
    let fields = write.rules.fields.of(document.kind);
    let extra = old.content.extra.retain_known(fields);
    let mut content = Content { change_note: format!("Brings back version {}", old.version), extra, ..old.content };
    if fields.compare(&newest.content.to_input(), &content.to_input()).is_empty() {
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
    let version = saving::store(write, document, &newest, content).await?.version;
    Ok(BroughtBack::Saved { version, kept })
}
