//! The types of document in the database, to be read. What a type may be is in `document_type`, changing them in `type_editing`.

use std::collections::BTreeMap;

use super::{
    document_type::{DocumentType, TypeDefinition, TypeSet},
    fields::FieldTable,
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
