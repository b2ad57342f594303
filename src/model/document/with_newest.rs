//! A document together with its newest version.

use super::{
    record::Document,
    revision::{self, Revision},
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
};

/// In the trash or not.
/// `NotFound` when there is no such document.
pub(crate) async fn find(db: &Conn, id: i64) -> Result<(Document, Revision)> {
    let document = Document::find(db, id).await?.ok_or(Error::NotFound)?;
    Ok((document, revision::latest(db, id).await?))
}

/// `NotFound` when there is no such document, or it is in the trash.
pub(crate) async fn get(db: &Conn, id: i64) -> Result<(Document, Revision)> {
    let document = Document::get(db, id).await?;
    Ok((document, revision::latest(db, id).await?))
}
