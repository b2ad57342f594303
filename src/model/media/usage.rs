//! Where things of the media library are used. What a revision shows is written down with it and never changes; which
//! revisions count, the database is asked each time. So none of it can be out of date.

use std::collections::BTreeSet;

use super::item::MediaItem;
use crate::{
    crypto,
    db::{conn::Conn, transaction::Transaction},
    error::Result,
    model::{document::kind::DocumentKind, write::Write},
    text::{
        markdown::checks::{Remark, RemarkKind, remarks},
        media_targets,
    },
    work,
};

/// Writes down what the texts of a new revision show and link to.
pub(in crate::model) async fn keep_of_revision(write: &Write, revision_id: i64, texts: &[String]) -> Result<()> {
    for path in paths_in(texts) {
        let sql = "insert into revision_media (revision_id, path) values ($1, $2)";
        write.execute(sql, (revision_id, path)).await?;
    }
    Ok(())
}

fn paths_in<T: AsRef<str>>(texts: &[T]) -> BTreeSet<String> {
    let paths_of = |text: &str| work::blocking_if_large(text.len(), || media_targets::paths_in(text));
    texts.iter().flat_map(|text| paths_of(text.as_ref())).collect()
}

/// Writes down whether a new revision shows a picture without a description.
pub(in crate::model) async fn keep_undescribed(write: &Write, revision_id: i64, texts: &[String]) -> Result<()> {
    let is_without = |remark: &Remark| remark.about == RemarkKind::PictureWithoutWords;
    let has_one = |text: &String| work::blocking_if_large(text.len(), || remarks(text).iter().any(is_without));
    if texts.iter().any(|text| text.contains("![") && has_one(text)) {
        write.execute("insert into undescribed_picture (revision_id) values ($1)", (revision_id,)).await?;
    }
    Ok(())
}

/// The same as the first for the texts that a user typed, in place of what they showed before.
pub(in crate::model) async fn keep_of_draft(tx: &Transaction, user_id: i64, key: &str, texts: &[&str]) -> Result<()> {
    tx.execute("delete from draft_media where user_id = $1 and key = $2", (user_id, key)).await?;
    for path in paths_in(texts) {
        let sql = "insert into draft_media (user_id, key, path) values ($1, $2, $3)";
        tx.execute(sql, (user_id, key, path)).await?;
    }
    Ok(())
}

/// A version of a document that counts: visitors see it, or find it among the earlier ones, or it is the newest, or scheduled.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the view")]
pub(crate) struct MediaUse {
    revision_id: i64,
    pub(crate) document_id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) version: i64,
    pub(crate) is_live: bool,
    /// Visitors find it among the earlier versions of a live page.
    pub(crate) is_earlier: bool,
    pub(crate) is_trashed: bool,
    pub(crate) is_scheduled: bool,
}

/// A text that a user typed and has not saved.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MediaDraftUse {
    user_id: i64,
    key: String,
    pub(crate) user_name: String,
    pub(crate) kind: DocumentKind,
    /// None for a new document.
    pub(crate) document_id: Option<i64>,
}

/// At most `limit` versions that show it or link to it, the newest first.
pub(crate) async fn of(db: &Conn, path: &str, limit: i64) -> Result<Vec<MediaUse>> {
    let sql = "select * from media_use where path = $1 order by revision_id desc limit $2";
    Ok(db.all(sql, (path, limit)).await?)
}

/// The same for texts that are not saved.
pub(crate) async fn of_drafts(db: &Conn, path: &str, limit: i64) -> Result<Vec<MediaDraftUse>> {
    let sql = "select * from media_draft_use where path = $1 order by user_id, key limit $2";
    Ok(db.all(sql, (path, limit)).await?)
}

/// Whether the foot of every page shows it or links to it.
pub(crate) async fn is_in_footer(db: &Conn, path: &str) -> Result<bool> {
    let sql = "select value from setting where name = 'footer' and value like '%' || $1 || '%'";
    Ok(db.optional::<(String,)>(sql, (path,)).await?.is_some())
}

/// Whether visitors see it on some page, or in an earlier version of one.
pub(crate) async fn is_live(db: &Conn, path: &str) -> Result<bool> {
    let sql = "select revision_id from media_use where path = $1 and (is_live or is_earlier) limit 1";
    Ok(db.optional::<(i64,)>(sql, (path,)).await?.is_some() || is_in_footer(db, path).await?)
}

/// Whether something that is scheduled shows it.
pub(crate) async fn is_scheduled(db: &Conn, path: &str) -> Result<bool> {
    let sql = "select revision_id from media_use where path = $1 and is_scheduled limit 1";
    Ok(db.optional::<(i64,)>(sql, (path,)).await?.is_some())
}

/// All uses in one value, to see whether they are still the same.
pub(crate) async fn mark(db: &Conn, path: &str) -> Result<String> {
    let versions = of(db, path, i64::MAX).await?;
    let drafts = of_drafts(db, path, i64::MAX).await?;
    let version = |used: &MediaUse| {
        let MediaUse { revision_id, is_live, is_earlier, is_trashed, is_scheduled, .. } = used;
        format!("{revision_id} {is_live} {is_earlier} {is_trashed} {is_scheduled}\n")
    };
    let draft = |used: &MediaDraftUse| format!("{} {}\n", used.user_id, used.key);
    let mut all: String = versions.iter().map(version).chain(drafts.iter().map(draft)).collect();
    all.push_str(if is_in_footer(db, path).await? { "foot" } else { "" });
    Ok(crypto::hash(&all))
}
/// What a form says that its user has seen: which file is there, and where it is used.
pub(crate) async fn seen(db: &Conn, item: &MediaItem) -> Result<String> {
    Ok(format!("{} {}", item.hash, mark(db, &item.path).await?))
}

/// What is otherwise than its user has seen, in a sentence; none when it is all the same.
pub(crate) async fn changed_since(db: &Conn, item: &MediaItem, said: &str) -> Result<Option<&'static str>> {
    if seen(db, item).await? == said {
        return Ok(None);
    }
    let is_same_file = said.split(' ').next() == Some(&*item.hash);
    Ok(Some(if is_same_file {
        "Where it is used has changed in the meantime."
    } else {
        "Someone else has replaced the file in the meantime."
    }))
}
