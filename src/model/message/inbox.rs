//! The inbox: folders, search, pages by key, neighbours within a folder.

use super::status::MessageStatus;
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::Result,
    model::cursor::{Cursor, Neighbours},
};

/// A view of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageFolder {
    /// What needs an answer: unread and open.
    #[default]
    Inbox,
    Of(MessageStatus),
    /// Every message, spam included; for looking something up.
    All,
}

impl MessageFolder {
    /// All of them, in the order of the screen.
    pub(crate) const LIST: [Self; 7] = [
        Self::Inbox,
        Self::Of(MessageStatus::Unread),
        Self::Of(MessageStatus::Open),
        Self::Of(MessageStatus::Answered),
        Self::Of(MessageStatus::Spam),
        Self::Of(MessageStatus::Archived),
        Self::All,
    ];

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Of(status) => status.as_str(),
            Self::All => "all",
        }
    }

    /// A folder by its name; the inbox when there is none of that name.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Self {
        Self::LIST.into_iter().find(|folder| folder.as_str() == text).unwrap_or_default()
    }
}

/// Whose messages are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AssignedTo {
    #[default]
    Anyone,
    Nobody,
    User(i64),
}

#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    pub folder: MessageFolder,
    /// Words that must all be in reference, name, address, topic, role, country or text.
    pub text: String,
    pub assigned_to: AssignedTo,
    /// The address that they came from, in its normal form; empty for any.
    pub email: String,
}

/// How many words of a search are looked for separately; the rest must be together.
const WORDS: usize = 3;

impl MessageFilter {
    fn patterns(&self) -> [String; WORDS] {
        let mut words = self.text.split_whitespace();
        let mut patterns: [String; WORDS] = Default::default();
        for pattern in &mut patterns[..WORDS - 1] {
            *pattern = like::containing(words.next().unwrap_or_default());
        }
        patterns[WORDS - 1] = like::containing(&words.collect::<Vec<_>>().join(" "));
        patterns
    }
}

/// A query over the messages that pass a filter: `$1` folder, `$2` assignee, 0 for anyone, -1 for nobody, `$3` to `$5`
/// patterns, `$6` address.
macro_rules! filtered {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " from message m left join users u on u.id = m.assignee_id \
             where ($1 = 'all' or m.status = $1 or ($1 = 'inbox' and m.status in ('unread', 'open'))) \
             and ($2 = 0 or coalesce(m.assignee_id, -1) = $2) and m.search_text like $3 escape '\\' \
             and m.search_text like $4 escape '\\' and m.search_text like $5 escape '\\' \
             and ($6 = '' or m.sender = $6) ",
            $rest
        )
    };
}
pub(super) use filtered;

/// The arguments of [`filtered`] with two more after them.
type Args<'a> = (&'static str, i64, String, String, String, &'a str, i64, i64);

/// The filter's arguments, then `$7` and `$8`.
pub(super) fn args(filter: &MessageFilter, seventh: i64, eighth: i64) -> Args<'_> {
    let [first, second, third] = filter.patterns();
    let assignee = match filter.assigned_to {
        AssignedTo::Anyone => 0,
        AssignedTo::Nobody => -1,
        AssignedTo::User(id) => id,
    };
    (filter.folder.as_str(), assignee, first, second, third, &filter.email, seventh, eighth)
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MessageRow {
    pub id: i64,
    pub version: i64,
    pub reference: String,
    pub received_at: Timestamp,
    pub status: MessageStatus,
    pub topic: String,
    pub name: String,
    /// How it begins, up to 160 characters.
    pub excerpt: String,
    pub assignee_name: Option<String>,
}

/// At most `limit` messages that pass the filter, the newest first.
pub async fn list(db: &Conn, filter: &MessageFilter, cursor: Cursor, limit: i64) -> Result<Vec<MessageRow>> {
    match cursor {
        Cursor::Before(id) => before(db, filter, id, limit).await,
        Cursor::After(id) => {
            let mut rows = after(db, filter, id, limit).await?;
            rows.reverse();
            Ok(rows)
        }
    }
}

async fn before(db: &Conn, filter: &MessageFilter, id: i64, limit: i64) -> Result<Vec<MessageRow>> {
    let sql = filtered!(
        "select m.id, m.version, m.reference, m.received_at, m.status, m.topic, m.name, \
         substr(m.body, 1, 160) as excerpt, u.name as assignee_name",
        "and m.id < $7 order by m.id desc limit $8"
    );
    Ok(db.all(sql, args(filter, id, limit)).await?)
}

async fn after(db: &Conn, filter: &MessageFilter, id: i64, limit: i64) -> Result<Vec<MessageRow>> {
    let sql = filtered!(
        "select m.id, m.version, m.reference, m.received_at, m.status, m.topic, m.name, \
         substr(m.body, 1, 160) as excerpt, u.name as assignee_name",
        "and m.id > $7 order by m.id limit $8"
    );
    Ok(db.all(sql, args(filter, id, limit)).await?)
}

/// Ids of the next older and the next newer message around `id` that pass the filter, whether `id` itself does or not.
pub(crate) async fn neighbours(db: &Conn, filter: &MessageFilter, id: i64) -> Result<Neighbours> {
    let newer: Option<(i64,)> =
        db.optional(filtered!("select m.id", "and m.id > $7 order by m.id limit $8"), args(filter, id, 1)).await?;
    let older: Option<(i64,)> =
        db.optional(filtered!("select m.id", "and m.id < $7 order by m.id desc limit $8"), args(filter, id, 1)).await?;
    Ok(Neighbours { before: older.map(|(id,)| id), after: newer.map(|(id,)| id) })
}

/// A message, as far as it says what is done with it.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct MessageState {
    pub(crate) id: i64,
    pub(crate) version: i64,
    pub(crate) status: MessageStatus,
    pub(crate) assignee_id: Option<i64>,
}

/// The messages up to the id `last` that pass the filter, the newest first, at most `limit`.
pub(crate) async fn states(db: &Conn, filter: &MessageFilter, last: i64, limit: i64) -> Result<Vec<MessageState>> {
    let sql = filtered!("select m.id, m.version, m.status, m.assignee_id", "and m.id < $7 order by m.id desc limit $8");
    Ok(db.all(sql, args(filter, last.saturating_add(1), limit)).await?)
}

/// How many messages up to the id `last` pass the filter.
pub(crate) async fn count_up_to(db: &Conn, filter: &MessageFilter, last: i64) -> Result<i64> {
    let sql = filtered!("select count(*)", "and m.id > $7 and m.id < $8");
    Ok(db.value(sql, args(filter, 0, last.saturating_add(1))).await?)
}

/// Id of the newest message; 0 when there is none.
pub(crate) async fn newest(db: &Conn) -> Result<i64> {
    Ok(db.value("select coalesce(max(id), 0) from message", ()).await?)
}

/// How many messages came from an address, in its normal form.
pub(crate) async fn count_from(db: &Conn, email: &str) -> Result<i64> {
    Ok(db.value("select count(*) from message where sender = $1", (email,)).await?)
}

pub(crate) async fn unread(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from message where status = 'unread'", ()).await?)
}

/// How many messages need an answer.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct WaitingCounts {
    /// Those assigned to the user.
    pub(crate) own: i64,
    pub(crate) unassigned: i64,
}

pub(crate) async fn count_waiting(db: &Conn, user_id: i64) -> Result<WaitingCounts> {
    Ok(db
        .one(
            "select count(case when assignee_id = $1 then 1 end) as own, \
             count(case when assignee_id is null then 1 end) as unassigned from message where status in ('unread', 'open')",
            (user_id,),
        )
        .await?)
}

/// How many messages there are in each status.
#[derive(Debug, Clone, Default)]
pub struct FolderCounts(Vec<(MessageStatus, i64)>);

pub async fn counts(db: &Conn) -> Result<FolderCounts> {
    Ok(FolderCounts(db.all("select status, count(*) from message group by status", ()).await?))
}

impl FolderCounts {
    #[must_use]
    pub fn of(&self, folder: MessageFolder) -> i64 {
        let holds = |status: MessageStatus| match folder {
            MessageFolder::Inbox => matches!(status, MessageStatus::Unread | MessageStatus::Open),
            MessageFolder::Of(only) => status == only,
            MessageFolder::All => true,
        };
        self.0.iter().filter(|(status, _)| holds(*status)).map(|(_, count)| count).sum()
    }
}
