//! Which files of the store some node is putting or deleting at this moment, so that none is deleted that is about to be named.
//! Write transactions come one after the other, those of other nodes too, so each sees the claims before it.

use crate::{
    clock::Timestamp,
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
    model::write::Write,
};

/// How long files may lie there before they are named, in milliseconds: an import prepares many first.
const PUT: i64 = 24 * 60 * 60 * 1000;
/// How long a deletion may take, in milliseconds. One that takes longer was on a node that is gone.
const DELETION: i64 = 10 * 60 * 1000;

/// Files that are being put or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileClaim {
    token: String,
}

/// Claims files that are about to be put.
/// `Conflict` when one of them is being deleted.
pub(super) async fn to_put(db: &Db, now: Timestamp, hashes: &[String]) -> Result<FileClaim> {
    let tx = begin(db, now).await?;
    let token = crypto::random_token();
    for hash in hashes {
        let sql = "select token from media_claim where hash = $1 and is_deletion";
        if tx.optional::<(String,)>(sql, (hash.as_str(),)).await?.is_some() {
            let sentence = "The same file is being deleted at this moment. Send it again in a few minutes.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        insert(&tx, (hash, &token), now.plus(PUT), false).await?;
    }
    tx.commit().await?;
    Ok(FileClaim { token })
}

/// Claims those of these files that nothing names and nothing else claims.
pub(super) async fn to_delete(db: &Db, now: Timestamp, hashes: Vec<String>) -> Result<(FileClaim, Vec<String>)> {
    let tx = begin(db, now).await?;
    let token = crypto::random_token();
    let mut claimed = Vec::new();
    for hash in hashes {
        let other: Option<(String,)> =
            tx.optional("select token from media_claim where hash = $1 limit 1", (hash.as_str(),)).await?;
        if other.is_none() && !is_named(&tx, &hash).await? {
            insert(&tx, (&hash, &token), now.plus(DELETION), true).await?;
            claimed.push(hash);
        }
    }
    tx.commit().await?;
    Ok((FileClaim { token }, claimed))
}

/// Gives back what is not put or deleted any more.
pub(crate) async fn release(db: &Db, claim: &FileClaim) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    delete(&tx, claim).await?;
    tx.commit().await
}

/// The same when the files are named with this change.
/// `Conflict` when they have been waiting for too long, so that they may be gone.
pub(super) async fn release_named(write: &Write, claim: &FileClaim) -> Result<()> {
    match delete(write, claim).await? {
        0 => Err(Error::Conflict("The file has been waiting for too long. Send it again.".to_owned())),
        _ => Ok(()),
    }
}

/// Whether a thing has this file.
pub(super) async fn is_named(db: &Conn, hash: &str) -> Result<bool> {
    let sql = "select media_id from media_file where hash = $1 limit 1";
    Ok(db.optional::<(i64,)>(sql, (hash,)).await?.is_some())
}

/// Without the claims of nodes that are gone.
async fn begin(db: &Db, now: Timestamp) -> Result<Transaction> {
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from media_claim where ends_at < $1", (now,)).await?;
    Ok(tx)
}

/// How many files it was about.
async fn delete(tx: &Transaction, claim: &FileClaim) -> Result<u64> {
    Ok(tx.execute("delete from media_claim where token = $1", (claim.token.as_str(),)).await?)
}

async fn insert(tx: &Transaction, (hash, token): (&str, &str), ends_at: Timestamp, is_deletion: bool) -> Result<()> {
    tx.execute(
        "insert into media_claim (hash, token, is_deletion, ends_at) values ($1, $2, $3, $4) \
         on conflict (hash, token) do nothing",
        (hash, token, is_deletion, ends_at),
    )
    .await?;
    Ok(())
}
