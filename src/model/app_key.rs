//! Keys that the program makes for itself and keeps in the database, so that a backup is one file.

use crate::{
    crypto,
    db::{pool::Db, transaction::Transaction},
    error::{Error, Result},
};

/// The key called `name`, made on first use.
pub(crate) async fn get(db: &Db, name: &str) -> Result<String> {
    if let Some((value,)) = find(db, name).await? {
        return Ok(value);
    }
    let tx = Transaction::begin(db).await?;
    tx.execute(
        "insert into app_key (name, value) values ($1, $2) on conflict (name) do nothing",
        (name, crypto::random_token()),
    )
    .await?;
    tx.commit().await?;
    find(db, name).await?.map(|(value,)| value).ok_or(Error::NotFound)
}

async fn find(db: &Db, name: &str) -> Result<Option<(String,)>> {
    Ok(db.read().optional("select value from app_key where name = $1", (name,)).await?)
}
