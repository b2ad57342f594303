//! The types of document in the database, to be read. What a type may be is in `document_type`, changing them in `type_editing`.

use std::collections::BTreeMap;

use super::{
    document_type::{DocumentType, TypeDefinition, TypeSet},
    fields::{DocumentFields, FieldTable},
    kind::DocumentKind,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
};

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

/// The fields of a version of a document that was saved `at` a time with the type `key`: those that are hidden now are as they were then.
pub(crate) async fn fields_then(
    db: &Conn,
    table: &FieldTable,
    (kind, key): (DocumentKind, &str),
    at: Timestamp,
) -> Result<DocumentFields> {
    let now = table.of(kind, key);
    let Some(present) = table.types().get(key).filter(|one| one.hides_any()).cloned() else { return Ok(now) };
    let sql = "select * from document_type_version where key = $1 and created_at <= $2 order by version desc limit 1";
    let found: Option<TypeVersion> = db.optional(sql, (key, at)).await?;
    let Some(found) = found else { return Ok(now) };
    let then = DocumentType::new(found.key.clone(), found.version, found.definition()?);
    Ok(now.as_before(&present, &then))
}

/// How many documents outside the trash have each type in their newest version, by its key.
pub(crate) async fn count_documents(db: &Conn) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = db
        .all(
            "select r.document_type, count(*) from revision r join document d on d.id = r.document_id and d.latest_revision_id = r.id \
             where r.document_type <> '' and d.trashed_at is null group by r.document_type",
            (),
        )
        .await?;
    Ok(rows.into_iter().collect())
}
