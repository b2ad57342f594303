//! Comments of users on documents, for one another: a comment and the replies to it are a thread, about a passage or the whole,
//! open or resolved. They change nothing of a document, visitors never see them, and no export has them. Whom a comment names is
//! in `mention`.

use super::{
    document::{content::Content, kind::DocumentAction, record::Document, revision},
    mention,
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    text::{clean, limit, markdown},
};

/// Longest comment and longest quoted passage, in characters.
pub(crate) const COMMENT_MAX: usize = 5000;
pub(crate) const QUOTE_MAX: usize = 1000;
/// How many comments a document may have.
const MOST: i64 = 1000;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    /// The first of its thread; none for that one itself.
    pub(crate) reply_to: Option<i64>,
    pub(crate) author_name: String,
    pub(crate) created_at: Timestamp,
    /// The passage that a thread is about; empty for the whole.
    pub(crate) quote: String,
    pub(crate) body: String,
    /// When its thread was resolved, and by whom; only of the first.
    pub(crate) resolved_at: Option<Timestamp>,
    pub(crate) resolver_name: String,
}

/// What is typed of a comment.
pub(crate) struct NewComment<'a> {
    /// The thread that it answers.
    pub(crate) reply_to: Option<i64>,
    pub(crate) quote: &'a str,
    pub(crate) body: &'a str,
    /// A user who is mentioned besides those whom the text names.
    pub(crate) mentioned: Option<i64>,
}

/// All comments on a document, the oldest first.
pub(crate) async fn list(db: &Conn, document_id: i64) -> Result<Vec<Comment>> {
    Ok(db.all("select * from comment where document_id = $1 order by id", (document_id,)).await?)
}

/// How many threads of a document are open.
pub(crate) async fn count_open(db: &Conn, document_id: i64) -> Result<i64> {
    let sql = "select count(*) from comment where document_id = $1 and reply_to is null and resolved_at is null";
    Ok(db.value(sql, (document_id,)).await?)
}

/// The first comment of a thread.
/// `NotFound` when the document has no such thread.
async fn thread(write: &Write, document_id: i64, id: i64) -> Result<Comment> {
    let sql = "select * from comment where id = $1 and document_id = $2 and reply_to is null";
    write.optional(sql, (id, document_id)).await?.ok_or(Error::NotFound)
}

/// Adds a comment; gives its id. A reply to a resolved thread opens it again.
/// `Validation` on `comment` or `quote`; `NotFound` when there is no such thread.
pub(crate) async fn add(write: &Write, document: &Document, new: NewComment<'_>) -> Result<i64> {
    let (quote, body) = parse(&new)?;
    let count: i64 = write.value("select count(*) from comment where document_id = $1", (document.id,)).await?;
    if count >= MOST {
        return Err(ValidationErrors::one("comment", "There are 1,000 comments here already").into());
    }
    if let Some(reply_to) = new.reply_to {
        let first = thread(write, document.id, reply_to).await?;
        if first.resolved_at.is_some() {
            set_resolved(write, first.id, false).await?;
        }
    }
    let id: i64 = write
        .value(
            "insert into comment (document_id, reply_to, author_id, author_name, created_at, quote, body) \
             values ($1, $2, $3, $4, $5, $6, $7) returning id",
            (
                document.id,
                new.reply_to,
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
                quote.as_str(),
                body.as_str(),
            ),
        )
        .await?;
    mention::add(write, id, &body, new.mentioned).await?;
    record(write, document, DocumentAction::Comment, id).await?;
    Ok(id)
}

fn parse(new: &NewComment<'_>) -> Result<(String, String), ValidationErrors> {
    let mut errors = ValidationErrors::default();
    let body = clean::lines(new.body);
    let quote = if new.reply_to.is_none() { clean::lines(new.quote) } else { String::new() };
    if body.is_empty() {
        errors.add("comment", "Enter a comment");
    }
    errors.take("comment", limit::characters(&body, "the comment", COMMENT_MAX));
    errors.take("quote", limit::characters(&quote, "the passage", QUOTE_MAX));
    errors.finish(|| (quote, body))
}

/// Resolves a thread whose last comment is `last_seen`, or opens it again. Says whether; `false` when the thread has other
/// comments by now.
/// `Conflict` when it is so already; `NotFound` when there is no such thread.
pub(crate) async fn resolve(
    write: &Write,
    document: &Document,
    (id, last_seen): (i64, i64),
    resolves: bool,
) -> Result<bool> {
    let first = thread(write, document.id, id).await?;
    if first.resolved_at.is_some() == resolves {
        let state = if resolves { "resolved" } else { "open" };
        return Err(Error::Conflict(format!("This is {state} already.")));
    }
    let comments = list(write, document.id).await?;
    if comments.iter().rfind(|other| other.id == id || other.reply_to == Some(id)).map(|last| last.id)
        != Some(last_seen)
    {
        return Ok(false);
    }
    set_resolved(write, id, resolves).await?;
    let action = if resolves { DocumentAction::ResolveComment } else { DocumentAction::ReopenComment };
    record(write, document, action, id).await?;
    Ok(true)
}

async fn set_resolved(write: &Write, id: i64, resolves: bool) -> Result<()> {
    let (at, name) = if resolves { (Some(write.now), write.actor.name.as_str()) } else { (None, "") };
    write.execute("update comment set resolved_at = $2, resolver_name = $3 where id = $1", (id, at, name)).await?;
    Ok(())
}

async fn record(write: &Write, document: &Document, action: DocumentAction, id: i64) -> Result<()> {
    let title = revision::latest(write, document.id).await?.content.title;
    write.record(document.entry(action, &title).detail(format!("comment {id}")));
    Ok(())
}

/// The texts of a version in which passages are looked for: as they are written, and as readers see them. White space does not
/// count.
pub(crate) struct PassageFinder([String; 4]);

impl PassageFinder {
    #[must_use]
    pub(crate) fn of(content: &Content) -> Self {
        let plain = markdown::plain(&content.body, content.body.len());
        Self([&content.title, &content.summary, &content.body, &plain].map(|text| in_line(text)))
    }

    #[must_use]
    pub(crate) fn has(&self, quote: &str) -> bool {
        let quote = in_line(quote);
        self.0.iter().any(|text| text.contains(&quote))
    }
}

fn in_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_found_as_it_is_read_and_as_it_is_written() {
        let content = Content::empty("About it").with("body", "# Title\n\nOne **bold**\nword, and a [link](/x).");
        let finder = PassageFinder::of(&content);
        for quote in ["About it", "One bold word", "**bold**\nword", "Title", "a link", "a [link](/x)"] {
            assert!(finder.has(quote), "{quote}");
        }
        assert!(!finder.has("two words"));
    }
}
