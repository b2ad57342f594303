//! The types of document in the database: reading them, and adding versions. What a type may be is in `document_type`.

use std::collections::BTreeMap;

use super::{
    document_type::{DocumentType, TYPES_MAX, TypeDefinition, TypeSet, check_key},
    fields::FieldTable,
    type_difference,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
};

/// Longest account of a change, in characters.
const CHANGES_MAX: usize = 400;

/// A version of a type.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TypeVersion {
    pub id: i64,
    pub key: String,
    pub version: i64,
    definition: String,
    /// What it changes, in a sentence.
    pub changes: String,
    /// None for the program itself.
    pub author_id: Option<i64>,
    pub author_name: String,
    pub created_at: Timestamp,
}

impl TypeVersion {
    /// Fails when the row was damaged.
    fn definition(&self) -> Result<TypeDefinition> {
        serde_json::from_str(&self.definition).map_err(|error| Error::internal("the definition of a type", error))
    }
}

/// The newest version of each type.
pub(crate) async fn newest(db: &Conn) -> Result<Vec<TypeVersion>> {
    let newest = db
        .all(
            "select t.* from document_type_version t where t.version = (select max(o.version) from document_type_version o \
             where o.key = t.key) order by t.key",
            (),
        )
        .await?;
    Ok(newest)
}

/// All types as they are now.
pub(crate) async fn read(db: &Conn) -> Result<TypeSet> {
    let newest = newest(db).await?;
    let version = newest.iter().map(|one| one.id).max().unwrap_or(0);
    let types = newest.into_iter().map(|one| Ok(DocumentType::new(one.key.clone(), one.version, one.definition()?)));
    Ok(TypeSet::new(version, types.collect::<Result<_>>()?))
}

/// Takes up the types as the database has them, if they are newer than those of `table`.
pub(crate) async fn refresh(table: &FieldTable, db: &Conn) -> Result<()> {
    let newest: i64 = db.value("select coalesce(max(id), 0) from document_type_version", ()).await?;
    if table.types().version < newest {
        table.take_up(read(db).await?);
    }
    Ok(())
}

/// The versions of a type, the newest first.
pub(crate) async fn versions(db: &Conn, key: &str) -> Result<Vec<TypeVersion>> {
    let sql = "select * from document_type_version where key = $1 order by version desc limit 200";
    Ok(db.all(sql, (key,)).await?)
}

/// How many documents outside the trash have each type in their newest version, by its key.
pub(crate) async fn count_documents(db: &Conn) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = db
        .all(
            "select r.document_type, count(*) from revision r join document d on d.latest_revision_id = r.id \
             where r.document_type <> '' and d.trashed_at is null group by r.document_type",
            (),
        )
        .await?;
    Ok(rows.into_iter().collect())
}

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
               values ($1, $2, $3, $4, $5, $6, $7)";
    let author = (write.actor.id, write.actor.name.as_str());
    write.execute(sql, (key, version, json, changes, author.0, author.1, write.now)).await?;
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
