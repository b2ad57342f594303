//! Drafts: what one user typed into the form of one document and has not saved as a revision. They are kept while typing,
//! may be incomplete, and are no content: no audit log entry, and nobody else sees them. Which of two texts is the later
//! one is decided by sequence numbers, never by a clock.

use super::{input::DocumentInput, keys, kind::DocumentKind};
use crate::{
    clock::{DAY, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
    model::{
        media::usage,
        user::{self, User},
    },
};

/// Whose draft, and of what.
#[derive(Debug, Clone)]
pub(crate) struct DraftKey {
    pub(crate) user_id: i64,
    /// The id of the document, or the random one of the form of a new document.
    pub(crate) key: String,
    pub(crate) kind: DocumentKind,
    pub(crate) document_id: Option<i64>,
}

impl DraftKey {
    #[must_use]
    pub(crate) fn of(user_id: i64, kind: DocumentKind, document_id: i64) -> Self {
        Self { user_id, key: document_id.to_string(), kind, document_id: Some(document_id) }
    }

    #[must_use]
    pub(crate) const fn of_new(user_id: i64, kind: DocumentKind, key: String) -> Self {
        Self { user_id, key, kind, document_id: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum DraftState {
    Open,
    /// Its text became a revision, or is what the newest one has.
    Saved,
    Discarded,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct DocumentDraft {
    pub(crate) key: String,
    pub(crate) document_id: Option<i64>,
    pub(crate) parent: String,
    pub(crate) base: i64,
    #[sqlx(rename = "fields", try_from = "String")]
    pub(crate) typed: DocumentInput,
    pub(crate) sequence: i64,
    pub(crate) tab: String,
    pub(crate) state: DraftState,
    pub(crate) saved_at: Timestamp,
}

/// What a form says about where its text comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DraftOrigin {
    /// Sequence number of the draft that the text was made from; 0 for none.
    pub(crate) seen: i64,
    /// Grows with each request of a tab.
    pub(crate) sequence: i64,
    /// Random, for each tab; empty without scripts.
    pub(crate) tab: String,
}

/// Whose draft a request changes, and what its text was made from.
#[derive(Debug, Clone)]
pub(crate) struct DraftRequest {
    pub(crate) key: DraftKey,
    pub(crate) origin: DraftOrigin,
}

/// How what a form sends relates to the stored draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Later,
    /// The same tab has sent something later.
    Earlier,
    /// Another tab has gone on with the draft.
    Apart,
}

impl DraftOrigin {
    fn is_tab_of(&self, stored: &DocumentDraft) -> bool {
        !self.tab.is_empty() && self.tab == stored.tab
    }

    /// Whether the tab that ended the draft by saving it goes on with the same form.
    #[must_use]
    pub(crate) fn follows_end_of(&self, stored: &DocumentDraft) -> bool {
        stored.state == DraftState::Saved && self.is_tab_of(stored) && self.sequence >= stored.sequence
    }

    /// An ended draft holds nothing that could be lost.
    fn order(&self, stored: &DocumentDraft) -> Order {
        if self.is_tab_of(stored) {
            return if self.sequence > stored.sequence { Order::Later } else { Order::Earlier };
        }
        if self.seen == stored.sequence || stored.state != DraftState::Open { Order::Later } else { Order::Apart }
    }
}

/// What becomes of a draft.
pub(crate) enum DraftChange<'a> {
    Keep(DraftText<'a>),
    /// It can be brought back as it is here.
    Discard(DraftText<'a>),
    /// Its text is in the version `base` of the document, as it was typed or joined with others.
    End {
        base: i64,
        document_id: i64,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftText<'a> {
    pub(crate) base: i64,
    pub(crate) parent: &'a str,
    pub(crate) typed: &'a DocumentInput,
}

#[derive(Debug)]
pub(crate) enum DraftOutcome {
    Stored(StoredDraft),
    /// Something later of the same tab is stored.
    Earlier(StoredDraft),
    /// Another tab has gone on with the draft, and nothing was changed.
    Apart(StoredDraft),
}

/// What a form has to know of a stored draft.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredDraft {
    pub(crate) sequence: i64,
    pub(crate) base: i64,
    pub(crate) saved_at: Timestamp,
}

impl DocumentDraft {
    /// As it was typed; may be empty.
    #[must_use]
    pub(crate) fn title(&self) -> &str {
        self.typed.get(keys::TITLE)
    }

    #[must_use]
    pub(crate) fn text(&self) -> DraftText<'_> {
        DraftText { base: self.base, parent: &self.parent, typed: &self.typed }
    }

    const fn to_stored(&self) -> StoredDraft {
        StoredDraft { sequence: self.sequence, base: self.base, saved_at: self.saved_at }
    }
}

pub(crate) async fn find(db: &Conn, key: &DraftKey) -> Result<Option<DocumentDraft>> {
    let sql = "select * from document_draft where user_id = $1 and key = $2 and kind = $3";
    Ok(db.optional(sql, (key.user_id, key.key.as_str(), key.kind)).await?)
}

/// Base version of a form. A tab that has just saved continues from what it saved, even if the answer was lost.
pub(crate) async fn base_of(db: &Conn, DraftRequest { key, origin }: &DraftRequest, base: i64) -> Result<i64> {
    let saved = find(db, key).await?.filter(|draft| origin.follows_end_of(draft));
    Ok(saved.map_or(base, |saved| saved.base.max(base)))
}

/// Drafts of new documents of a kind, the last one first.
pub(crate) async fn list_new(db: &Conn, user_id: i64, kind: DocumentKind, limit: i64) -> Result<Vec<DocumentDraft>> {
    let sql = "select * from document_draft where user_id = $1 and kind = $2 and document_id is null and state = 'open' \
               order by saved_at desc limit $3";
    Ok(db.all(sql, (user_id, kind, limit)).await?)
}

/// Changes a draft, unless something later is stored.
pub(crate) async fn change(
    tx: &Transaction,
    DraftRequest { key, origin }: &DraftRequest,
    change: DraftChange<'_>,
    now: Timestamp,
) -> Result<DraftOutcome> {
    let known = find(tx, key).await?;
    if let Some(known) = &known {
        match origin.order(known) {
            Order::Later => {}
            Order::Earlier => return Ok(DraftOutcome::Earlier(known.to_stored())),
            Order::Apart => return Ok(DraftOutcome::Apart(known.to_stored())),
        }
    }
    let sequence = known.as_ref().map_or(1, |known| known.sequence + 1).max(origin.sequence);
    // A tab that goes on after it saved goes on from what it saved.
    let went_on = known.filter(|known| origin.follows_end_of(known));
    let base_of = |text: &DraftText<'_>| went_on.as_ref().map_or(text.base, |saved| saved.base.max(text.base));
    let typed = match &change {
        DraftChange::Keep(text) | DraftChange::Discard(text) => Some(text.typed),
        DraftChange::End { .. } => None,
    };
    let (state, base, parent, fields, document_id) = match &change {
        DraftChange::Keep(text) => {
            (DraftState::Open, base_of(text), text.parent, text.typed.to_json(), key.document_id)
        }
        DraftChange::Discard(text) => {
            (DraftState::Discarded, base_of(text), text.parent, text.typed.to_json(), key.document_id)
        }
        DraftChange::End { base, document_id } => (DraftState::Saved, *base, "", "{}".to_owned(), Some(*document_id)),
    };
    tx.execute(
        "insert into document_draft (user_id, key, kind, document_id, parent, base, fields, sequence, tab, state, saved_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         on conflict (user_id, key) do update set document_id = excluded.document_id, parent = excluded.parent, \
         base = excluded.base, fields = excluded.fields, sequence = excluded.sequence, tab = excluded.tab, \
         state = excluded.state, saved_at = excluded.saved_at",
        (
            key.user_id,
            key.key.as_str(),
            key.kind,
            document_id,
            parent,
            base,
            fields,
            sequence,
            origin.tab.as_str(),
            state,
            now,
        ),
    )
    .await?;
    let texts: Vec<&str> = typed.into_iter().flat_map(DocumentInput::iter).map(|(_, text)| text).collect();
    usage::keep_of_draft(tx, key.user_id, &key.key, &texts).await?;
    Ok(DraftOutcome::Stored(StoredDraft { sequence, base, saved_at: now }))
}

/// The same in a transaction of its own, for this user.
/// `AccountChanged`; when the database fails.
pub(crate) async fn store(
    db: &Db,
    user: &User,
    form: &DraftRequest,
    what: DraftChange<'_>,
    now: Timestamp,
) -> Result<DraftOutcome> {
    let tx = Transaction::begin(db).await?;
    if !user::is_current(&tx, user).await? {
        return Err(Error::AccountChanged);
    }
    let outcome = change(&tx, form, what, now).await?;
    if matches!(outcome, DraftOutcome::Stored(_)) {
        tx.commit().await?;
    }
    Ok(outcome)
}

/// Brings back a draft that was discarded. False when there is none.
/// `AccountChanged`; when the database fails.
pub(crate) async fn restore(db: &Db, user: &User, key: &DraftKey) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    if !user::is_current(&tx, user).await? {
        return Err(Error::AccountChanged);
    }
    let sql = "update document_draft set state = 'open', sequence = sequence + 1, tab = '' \
               where user_id = $1 and key = $2 and kind = $3 and state = 'discarded'";
    let rows = tx.execute(sql, (key.user_id, key.key.as_str(), key.kind)).await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Forgets drafts that ended a day ago. An open one stays until its user saves or discards it.
pub(crate) async fn tidy(db: &Db, now: Timestamp) -> Result<()> {
    let ended = now.minus(DAY);
    let sql = "select count(*) from document_draft where state in ('saved', 'discarded') and saved_at < $1";
    let old: i64 = db.read().value(sql, (ended,)).await?;
    if old == 0 {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from document_draft where state in ('saved', 'discarded') and saved_at < $1", (ended,)).await?;
    tx.commit().await
}
