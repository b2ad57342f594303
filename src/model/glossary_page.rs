//! Pages whose terms the texts of other pages link to: which versions are such pages, and the live ones.

use super::{
    document::{content::Content, keys},
    write::Write,
};
use crate::{db::conn::Conn, error::Result};

/// Most of these pages that count.
const COUNTED: i64 = 5;

/// A live page with the terms that it explains.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct GlossaryPage {
    pub(crate) path: String,
    pub(crate) body: String,
}

/// Notes a new revision that is one.
pub(super) async fn keep(write: &Write, revision_id: i64, content: &Content) -> Result<()> {
    if content.value(keys::GLOSSARY) == "yes" {
        write.execute("insert into glossary_revision (revision_id) values ($1)", (revision_id,)).await?;
    }
    Ok(())
}

/// The live ones, the oldest versions first.
pub(crate) async fn live(db: &Conn) -> Result<Vec<GlossaryPage>> {
    Ok(db
        .all(
            "select p.path, r.body from glossary_revision g cross join document d cross join page p cross join revision r \
             where d.published_revision_id = g.revision_id and p.document_id = d.id and r.id = g.revision_id \
             order by g.revision_id limit $1",
            (COUNTED,),
        )
        .await?)
}
