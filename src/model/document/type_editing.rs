//! Making types of document and changing them, each change a version. What a type may be is in `document_type`.

use super::{
    document_type::{TYPES_MAX, TypeDefinition, check_key},
    type_difference,
    types::read,
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, stored_type::TypeVersionRow, write::Write},
};

/// Longest account of a change, in characters.
const CHANGES_MAX: usize = 400;

/// Makes a type.
/// `Validation` on `key`, `label` or `used_for`.
pub(crate) async fn create(write: &Write, key: &str, definition: TypeDefinition) -> Result<()> {
    let definition = definition.clean();
    let mut errors = definition.check().err().unwrap_or_default();
    let present = read(write).await?;
    errors.take("key", check_key(key));
    if present.get(key).is_some() {
        errors.add("key", format!("There is a type with the key “{key}” already"));
    }
    if present.all().count() >= TYPES_MAX {
        errors.add("label", format!("A site has at most {TYPES_MAX} types"));
    }
    errors.finish(|| ())?;
    let changes = type_difference::describe(None, &definition);
    insert(write, (key, 1), &definition, &changes).await?;
    record(write, "type.create", key, &definition, format!("version 1: {changes}"));
    Ok(())
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeChange {
    Saved {
        version: i64,
        changes: String,
    },
    /// There was nothing to change.
    Same,
    /// Someone else has changed it since the user saw it.
    Newer {
        version: i64,
    },
}

/// Adds a version of a type, made from the version `base`, which its user saw.
/// `NotFound` when there is no such type; `Validation` as [`TypeDefinition::check`] says.
pub(crate) async fn change(write: &Write, key: &str, base: i64, definition: TypeDefinition) -> Result<TypeChange> {
    let definition = definition.clean();
    definition.check()?;
    let present = read(write).await?;
    let present = present.get(key).ok_or(Error::NotFound)?;
    if present.definition == definition {
        return Ok(TypeChange::Same);
    }
    if present.version != base {
        return Ok(TypeChange::Newer { version: present.version });
    }
    let version = base + 1;
    let changes = type_difference::describe(Some(&present.definition), &definition);
    insert(write, (key, version), &definition, &changes).await?;
    record(write, "type.change", key, &definition, format!("version {version}: {changes}"));
    Ok(TypeChange::Saved { version, changes })
}

async fn insert(write: &Write, (key, version): (&str, i64), definition: &TypeDefinition, changes: &str) -> Result<()> {
    let json = serde_json::to_string(definition).map_err(|error| Error::internal("the definition of a type", error))?;
    let changes: String = changes.chars().take(CHANGES_MAX).collect();
    let sql = "insert into document_type_version (key, version, definition, changes, author_id, author_name, created_at) \
               values ($1, $2, $3, $4, $5, $6, $7) returning *";
    let author = (write.actor.id, write.actor.name.as_str());
    let stored: TypeVersionRow = write.one(sql, (key, version, json, changes, author.0, author.1, write.now)).await?;
    write.record_content(stored.content());
    Ok(())
}

/// Visitors see the fields of types, so each change of one is public.
fn record(write: &Write, action: &'static str, key: &str, definition: &TypeDefinition, detail: String) {
    let title = format!("{} ({key})", definition.label);
    write.record(AuditEntry::new(action, "type", None, &title).detail(detail));
    write.touch_public();
}

/// `Validation` of a type that a file has.
/// Errors: one sentence for each fault.
pub(crate) fn check_file(key: &str, definition: &TypeDefinition) -> Result<(), ValidationErrors> {
    let mut errors = definition.check().err().unwrap_or_default();
    errors.take("key", check_key(key));
    errors.finish(|| ())
}
