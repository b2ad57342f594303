//! Where the database keeps texts that may have an e-mail address in them, and looking through them. What is about messages
//! that came from the address itself is left out: it goes with them.

use crate::{db::conn::Conn, error::Result, text::wanted_address::WantedAddress};

/// How many rows are read at a time; each may be a whole text.
const ROWS: i64 = 100;

/// What a text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TextKind {
    /// A message from another address, with its answer.
    Message,
    Note,
    Comment,
    Email,
    Document,
    Menu,
    Redirect,
    AnswerTemplate,
    Media,
    Type,
    AuditEntry,
}

/// A column with texts.
pub(super) struct TextColumn {
    kind: TextKind,
    /// The rows after the id `$1`, at most `$2`, but not what is about a message from `$3`: id, what it is about, text.
    select: &'static str,
    /// Gives the row `$1` the text `$2`; empty where texts stay as they are.
    update: &'static str,
}

const fn place(kind: TextKind, select: &'static str, update: &'static str) -> TextColumn {
    TextColumn { kind, select, update }
}

/// E-mails, by whom they are for.
pub(super) const RECIPIENTS: TextColumn = place(
    TextKind::Email,
    "select m.id, coalesce(m.message_id, 0) as about, m.recipient as content from mail m \
     left join message o on o.id = m.message_id where m.id > $1 and coalesce(o.sender, '') <> $3 order by m.id limit $2",
    "",
);

/// Texts in which the address is replaced when it is erased.
pub(super) const CHANGED: [TextColumn; 11] = [
    place(
        TextKind::Message,
        "select id, id as about, name as content from message where id > $1 and sender <> $3 order by id limit $2",
        "update message set name = $2 where id = $1",
    ),
    place(
        TextKind::Message,
        "select id, id as about, role as content from message where id > $1 and sender <> $3 order by id limit $2",
        "update message set role = $2 where id = $1",
    ),
    place(
        TextKind::Message,
        "select id, id as about, country as content from message where id > $1 and sender <> $3 order by id limit $2",
        "update message set country = $2 where id = $1",
    ),
    place(
        TextKind::Message,
        "select id, id as about, body as content from message where id > $1 and sender <> $3 order by id limit $2",
        "update message set body = $2 where id = $1",
    ),
    place(
        TextKind::Message,
        "select id, id as about, answer as content from message where id > $1 and sender <> $3 order by id limit $2",
        "update message set answer = $2 where id = $1",
    ),
    place(
        TextKind::Note,
        "select n.id, n.message_id as about, n.body as content from message_note n join message m on m.id = n.message_id \
         where n.id > $1 and m.sender <> $3 order by n.id limit $2",
        "update message_note set body = $2 where id = $1",
    ),
    place(
        TextKind::Comment,
        "select id, document_id as about, quote as content from comment where id > $1 and $3 <> '' order by id limit $2",
        "update comment set quote = $2 where id = $1",
    ),
    place(
        TextKind::Comment,
        "select id, document_id as about, body as content from comment where id > $1 and $3 <> '' order by id limit $2",
        "update comment set body = $2 where id = $1",
    ),
    place(
        TextKind::Email,
        "select m.id, coalesce(m.message_id, 0) as about, m.answer as content from mail m \
         left join message o on o.id = m.message_id where m.id > $1 and coalesce(o.sender, '') <> $3 order by m.id limit $2",
        "update mail set answer = $2 where id = $1",
    ),
    place(
        TextKind::Email,
        "select m.id, coalesce(m.message_id, 0) as about, m.quoted as content from mail m \
         left join message o on o.id = m.message_id where m.id > $1 and coalesce(o.sender, '') <> $3 order by m.id limit $2",
        "update mail set quoted = $2 where id = $1",
    ),
    place(
        TextKind::Email,
        "select m.id, coalesce(m.message_id, 0) as about, m.fault as content from mail m \
         left join message o on o.id = m.message_id where m.id > $1 and coalesce(o.sender, '') <> $3 order by m.id limit $2",
        "update mail set fault = $2 where id = $1",
    ),
];

/// Texts that stay as they are: those that the site shows, for users to change themselves, and what never changes.
pub(super) const KEPT: [TextColumn; 8] = [
    place(
        TextKind::Document,
        "select id, document_id as about, title || ' ' || summary || ' ' || body || ' ' || owner || ' ' || change_note || ' ' \
         || fields || ' ' || author_name as content from revision where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::Document,
        "select id, document_id as about, publisher_name || ' ' || approver_name || ' ' || note as content from publication \
         where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::Menu,
        "select id, id as about, label || ' ' || target as content from menu_entry where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::Redirect,
        "select id, id as about, path || ' ' || target as content from redirect where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::AnswerTemplate,
        "select id, id as about, name || ' ' || body as content from answer_template where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::Media,
        "select id, id as about, title || ' ' || labels as content from media where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::Type,
        "select id, id as about, definition || ' ' || changes as content from document_type_version \
         where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
    place(
        TextKind::AuditEntry,
        "select id, id as about, actor_name || ' ' || subject || ' ' || detail as content from audit_log \
         where id > $1 and $3 <> '' order by id limit $2",
        "",
    ),
];

#[derive(sqlx::FromRow)]
struct TextRow {
    id: i64,
    about: i64,
    content: String,
}

/// A text with the address in it.
#[derive(Debug, Clone)]
pub(crate) struct FoundText {
    pub(crate) kind: TextKind,
    pub(crate) id: i64,
    /// The id of the message or document that it belongs to; its own for what belongs to nothing; 0 for nothing.
    pub(crate) about: i64,
    pub(crate) content: String,
    pub(super) update: &'static str,
}

/// The texts of a place with the address in them, in the order of their ids.
pub(super) async fn look_through(db: &Conn, place: &TextColumn, wanted: &WantedAddress) -> Result<Vec<FoundText>> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let rows: Vec<TextRow> = db.all(place.select, (after, ROWS, wanted.normal())).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.id;
        let named = rows.into_iter().filter(|row| wanted.is_in(&row.content));
        found.extend(named.map(|TextRow { id, about, content }| FoundText {
            kind: place.kind,
            id,
            about,
            content,
            update: place.update,
        }));
    }
}
