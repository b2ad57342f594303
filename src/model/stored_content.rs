//! What an audit entry says was stored: each revision, each publication and the end of each publication, with a hash
//! over all of its columns but `search_text`, which the program derives from them; and which revision is the newest of
//! its document again, where that is not the last one stored; the latest review and the owner of each document; each version of a type. Nothing
//! else in the database is covered: not the paths of pages, the trash, comments, or the rights of users.

use std::fmt::Write as _;

use crate::{clock::Timestamp, crypto, db::conn::Conn, error::Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoredKind {
    Revision,
    /// A row of `publication`, except its end.
    Publication,
    PublicationEnd,
    /// A row of `revision` that became the newest of its document without being stored then.
    Newest,
    /// The latest review of a document, which has its id.
    Review,
    /// Who owns a document, which has its id.
    Owner,
    /// A version of a type.
    Type,
}

impl StoredKind {
    const ALL: [Self; 7] =
        [Self::Revision, Self::Publication, Self::PublicationEnd, Self::Newest, Self::Review, Self::Owner, Self::Type];

    /// The name in an audit entry.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Publication => "publication",
            Self::PublicationEnd => "publication_end",
            Self::Newest => "newest",
            Self::Review => "review",
            Self::Owner => "owner",
            Self::Type => "type",
        }
    }
}

/// One thing that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredContent {
    pub(crate) kind: StoredKind,
    pub(crate) id: i64,
    /// SHA-256 in hex over all of its columns except the derived ones.
    pub(crate) hash: String,
}

/// Every value is preceded by its length, so that no two lists of values have the same text.
pub(super) fn hash(values: &[&str]) -> String {
    let mut text = String::new();
    for value in values {
        let _ = writeln!(text, "{}:{value}", value.len());
    }
    crypto::hash(&text)
}

/// As one line of an audit entry for each.
#[must_use]
pub(crate) fn to_lines(contents: &[StoredContent]) -> String {
    let lines: Vec<_> =
        contents.iter().map(|content| format!("{} {} {}", content.kind.as_str(), content.id, content.hash)).collect();
    lines.join("\n")
}

/// The reverse; a line that cannot be read is skipped.
#[must_use]
pub(crate) fn from_lines(text: &str) -> Vec<StoredContent> {
    text.lines()
        .filter_map(|line| {
            let mut parts = line.split(' ');
            let (kind, id, hash) = (parts.next()?, parts.next()?, parts.next()?);
            let kind = StoredKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
            Some(StoredContent { kind, id: id.parse().ok()?, hash: hash.to_owned() })
        })
        .collect()
}

pub(super) fn optional(id: Option<i64>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}

/// All columns of a revision except the derived ones.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct RevisionRow {
    id: i64,
    document_id: i64,
    version: i64,
    document_type: String,
    title: String,
    slug: String,
    category_id: Option<i64>,
    clause_number: String,
    menu_label: String,
    menu: String,
    layout: String,
    summary: String,
    body: String,
    owner: String,
    review_by: Option<String>,
    change_note: String,
    fields: String,
    author_id: Option<i64>,
    author_name: String,
    created_at: Timestamp,
    made_from: Option<i64>,
}

impl RevisionRow {
    pub(super) const fn id(&self) -> i64 {
        self.id
    }

    pub(super) const fn document_id(&self) -> i64 {
        self.document_id
    }

    /// Says that it is the newest of its document from now on.
    pub(super) fn newest(&self) -> StoredContent {
        StoredContent { kind: StoredKind::Newest, ..self.content() }
    }

    pub(super) fn content(&self) -> StoredContent {
        let numbers = [
            self.id.to_string(),
            self.document_id.to_string(),
            self.version.to_string(),
            optional(self.category_id),
            optional(self.author_id),
            self.created_at.0.to_string(),
            optional(self.made_from),
        ];
        let [id, document, version, category, author, created, made_from] = numbers.each_ref().map(String::as_str);
        let hash = hash(&[
            id,
            document,
            version,
            &self.document_type,
            &self.title,
            &self.slug,
            category,
            &self.clause_number,
            &self.menu_label,
            &self.menu,
            &self.layout,
            &self.summary,
            &self.body,
            &self.owner,
            self.review_by.as_deref().unwrap_or_default(),
            &self.change_note,
            &self.fields,
            author,
            &self.author_name,
            created,
            made_from,
        ]);
        StoredContent { kind: StoredKind::Revision, id: self.id, hash }
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct PublicationRow {
    id: i64,
    document_id: i64,
    revision_id: i64,
    published_at: Timestamp,
    restored_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    published_by: Option<i64>,
    publisher_name: String,
    approved_by: Option<i64>,
    approver_name: String,
    note: String,
}

impl PublicationRow {
    pub(super) const fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn content(&self) -> StoredContent {
        let hash = hash(&[
            &self.id.to_string(),
            &self.document_id.to_string(),
            &self.revision_id.to_string(),
            &self.published_at.0.to_string(),
            &optional(self.restored_at.map(|time| time.0)),
            &optional(self.published_by),
            &self.publisher_name,
            &optional(self.approved_by),
            &self.approver_name,
            &self.note,
        ]);
        StoredContent { kind: StoredKind::Publication, id: self.id, hash }
    }

    pub(super) fn end(&self) -> Option<StoredContent> {
        let ended = self.ended_at?;
        let hash = hash(&[&self.id.to_string(), &ended.0.to_string()]);
        Some(StoredContent { kind: StoredKind::PublicationEnd, id: self.id, hash })
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct ReviewRow {
    document_id: i64,
    reviewed_at: Timestamp,
    reviewer_id: Option<i64>,
    reviewer_name: String,
    next_review_on: String,
    replaces: Option<String>,
}

impl ReviewRow {
    pub(super) fn content(&self) -> StoredContent {
        // No date and an empty one are not the same.
        let replaces = self.replaces.as_ref().map_or_else(String::new, |date| format!("={date}"));
        let hash = hash(&[
            &self.document_id.to_string(),
            &self.reviewed_at.0.to_string(),
            &optional(self.reviewer_id),
            &self.reviewer_name,
            &self.next_review_on,
            &replaces,
        ]);
        StoredContent { kind: StoredKind::Review, id: self.document_id, hash }
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct OwnerRow {
    document_id: i64,
    user_id: Option<i64>,
    role: Option<String>,
}

impl OwnerRow {
    pub(super) fn content(&self) -> StoredContent {
        let (user, role) = (optional(self.user_id), self.role.as_deref().unwrap_or_default());
        let hash = hash(&[&self.document_id.to_string(), &user, role]);
        StoredContent { kind: StoredKind::Owner, id: self.document_id, hash }
    }
}

/// What is recorded of a document without an owner, which has no row.
pub(super) fn nobody(document_id: i64) -> StoredContent {
    OwnerRow { document_id, user_id: None, role: None }.content()
}

/// At most `limit` reviews of documents with ids above `after`.
pub(super) async fn reviews(db: &Conn, after: i64, limit: i64) -> Result<Vec<ReviewRow>> {
    let sql = "select * from document_review where document_id > $1 order by document_id limit $2";
    Ok(db.all(sql, (after, limit)).await?)
}

/// At most `limit` owners of documents with ids above `after`.
pub(super) async fn owners(db: &Conn, after: i64, limit: i64) -> Result<Vec<OwnerRow>> {
    let sql = "select * from document_owner where document_id > $1 order by document_id limit $2";
    Ok(db.all(sql, (after, limit)).await?)
}

/// At most `limit` revisions with ids above `after` and up to `until`.
pub(super) async fn revisions(db: &Conn, after: i64, until: i64, limit: i64) -> Result<Vec<RevisionRow>> {
    Ok(db.all("select * from revision where id > $1 and id <= $2 order by id limit $3", (after, until, limit)).await?)
}

pub(super) async fn revision(db: &Conn, id: i64) -> Result<Option<RevisionRow>> {
    Ok(revisions(db, id - 1, id, 1).await?.pop())
}

/// At most `limit` publications with ids above `after` and up to `until`.
pub(super) async fn publications(db: &Conn, after: i64, until: i64, limit: i64) -> Result<Vec<PublicationRow>> {
    Ok(db
        .all("select * from publication where id > $1 and id <= $2 order by id limit $3", (after, until, limit))
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_back_to_what_they_say() {
        let contents = [
            StoredContent { kind: StoredKind::Revision, id: 7, hash: "ab".to_owned() },
            StoredContent { kind: StoredKind::PublicationEnd, id: 8, hash: "cd".to_owned() },
        ];
        assert_eq!(to_lines(&contents), "revision 7 ab\npublication_end 8 cd");
        assert_eq!(from_lines(&to_lines(&contents)), contents);
        assert_eq!(from_lines("x 1 2\nrevision x 2\nrevision 1"), []);
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
