//! What users are told by e-mail of messages and of their own schedules, as each chose. It is no content: the choice is the
//! user's own. Stores e-mails and writes none.

use super::outbox::{self, MailKind, NewMail};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
    model::{
        document::{kind::DocumentKind, owner},
        schedule::Schedule,
        write::Write,
    },
};

/// After an e-mail about messages the next one waits so long, and is about all that came meanwhile, in milliseconds.
pub(crate) const BUNDLED: i64 = 10 * 60 * 1000;

/// How a user hears of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum MessageNotices {
    None,
    AtOnce,
    Daily,
}

impl MessageNotices {
    pub(crate) const ALL: [Self; 3] = [Self::Daily, Self::AtOnce, Self::None];

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
        }
    }

    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What a user is told by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct NoticeChoice {
    pub(crate) messages: MessageNotices,
    /// Whether they hear of their documents that are due for review, and of their schedules that failed.
    pub(crate) own_documents: bool,
    /// They do not have to hear of messages up to this id.
    pub(crate) told_message: i64,
}

/// The default: one e-mail a day while messages wait, and all about what is theirs.
const USUAL: NoticeChoice = NoticeChoice { messages: MessageNotices::Daily, own_documents: true, told_message: 0 };

/// As the user chose, or what is usual.
pub(crate) async fn choice(db: &Conn, user_id: i64) -> Result<NoticeChoice> {
    let sql = "select messages, own_documents, told_message from notice_choice where user_id = $1";
    Ok(db.optional(sql, (user_id,)).await?.unwrap_or(USUAL))
}

/// Stores what a user chose. One who heard of no messages hears of those that come from now on.
pub(crate) async fn choose(db: &Db, user_id: i64, messages: MessageNotices, own_documents: bool) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    let newest = newest_message(&tx).await?;
    tx.execute(
        "insert into notice_choice (user_id, messages, own_documents, told_message) values ($1, $2, $3, $4) \
         on conflict (user_id) do update set messages = excluded.messages, own_documents = excluded.own_documents, \
         told_message = case when notice_choice.messages = 'none' then excluded.told_message \
         else notice_choice.told_message end",
        (user_id, messages, own_documents, newest),
    )
    .await?;
    tx.commit().await
}

/// Gives what is usual to users who have chosen nothing; they hear of messages that come from now on.
pub(super) async fn choose_usual(tx: &Transaction) -> Result<()> {
    let newest = newest_message(tx).await?;
    tx.execute(
        "insert into notice_choice (user_id, messages, own_documents, told_message) select u.id, $1, $2, $3 from users u \
         where u.active and not exists (select 1 from notice_choice c where c.user_id = u.id)",
        (USUAL.messages, USUAL.own_documents, newest),
    )
    .await?;
    Ok(())
}

async fn newest_message(db: &Conn) -> Result<i64> {
    let sql = "select id from message where id > $1 order by id desc limit 1";
    let newest: Option<(i64,)> = db.optional(sql, (0_i64,)).await?;
    Ok(newest.map_or(0, |(id,)| id))
}

/// Tells those who want to hear of messages at once, as part of the change that stores one. For whom an e-mail waits already,
/// it will be about this one too.
pub(crate) async fn of_message(write: &Write, steady: Timestamp) -> Result<()> {
    let users: Vec<(i64, Timestamp)> = write
        .all(
            "select c.user_id, c.next_at from notice_choice c join users u on u.id = c.user_id \
             where c.messages = 'at_once' and u.active \
             and exists (select 1 from message m where m.id > c.told_message and m.status = 'unread') \
             and not exists (select 1 from mail m where m.user_id = c.user_id and m.kind = 'message' \
             and m.state = 'waiting' and m.busy_until <= $1)",
            (steady,),
        )
        .await?;
    for (user_id, due_at) in users {
        let mail = NewMail { due_at, ..NewMail::to_user(MailKind::Message, user_id) };
        outbox::add(write, &mail, write.now).await?;
    }
    Ok(())
}

/// A message that nobody has looked at.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct UnreadMessage {
    pub(crate) id: i64,
    pub(crate) reference: String,
    pub(crate) topic: String,
    pub(crate) received_at: Timestamp,
}

/// At most `limit` messages after `told` that nobody has looked at, the oldest first; how many there are, and the newest.
pub(crate) async fn unread(db: &Conn, told: i64, limit: i64) -> Result<(Vec<UnreadMessage>, i64, i64)> {
    let sql = "select id, reference, topic, received_at from message where id > $1 and status = 'unread' \
               order by id limit $2";
    let first: Vec<UnreadMessage> = db.all(sql, (told, limit)).await?;
    let sql = "select count(*), coalesce(max(id), 0) from message where id > $1 and status = 'unread'";
    let (count, newest) = db.one(sql, (told,)).await?;
    Ok((first, count, newest))
}

/// Notes that a user was told of messages up to an id at a steady time, and forgets the e-mail that did it.
pub(crate) async fn note_told(
    db: &Db,
    mail_id: i64,
    user_id: i64,
    told: (i64, Timestamp),
    now: Timestamp,
) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    let sql = "update notice_choice set told_message = $2, next_at = $3 where user_id = $1 and told_message < $2";
    tx.execute(sql, (user_id, told.0, told.1.plus(BUNDLED))).await?;
    outbox::forget_sent(&tx, mail_id, now).await?;
    tx.commit().await
}

/// Tells the user who made a schedule and those who own its document that it was not carried out, as part of the change that
/// ends it.
pub(crate) async fn of_schedule(write: &Write, schedule: &Schedule) -> Result<()> {
    let owners = owner::users_of(write, schedule.document_id).await?;
    let mut told: Vec<i64> = schedule.created_by.into_iter().chain(owners).collect();
    told.sort_unstable();
    told.dedup();
    for user_id in told {
        if choice(write, user_id).await?.own_documents {
            let mail = NewMail { schedule_id: Some(schedule.id), ..NewMail::to_user(MailKind::Schedule, user_id) };
            outbox::add(write, &mail, write.now).await?;
        }
    }
    Ok(())
}

/// A schedule that was not carried out, and what it is about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct FailedSchedule {
    pub(crate) document_id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) publishes: bool,
    pub(crate) due_at: Timestamp,
    pub(crate) outcome: String,
}

pub(crate) async fn failed_schedule(db: &Conn, id: i64) -> Result<Option<FailedSchedule>> {
    Ok(db
        .optional(
            "select s.document_id, d.kind, coalesce(r.title, n.title) as title, s.revision_id is not null as publishes, \
             s.due_at, s.outcome from schedule s join document d on d.id = s.document_id \
             join revision n on n.id = d.latest_revision_id left join revision r on r.id = s.revision_id \
             where s.id = $1 and s.outcome <> ''",
            (id,),
        )
        .await?)
}

/// Lets a user hear no more of what a link in an e-mail named.
pub(crate) async fn unsubscribe(db: &Db, user_id: i64, what: NoticeTopic) -> Result<()> {
    let now = choice(db.read(), user_id).await?;
    match what {
        NoticeTopic::Messages => choose(db, user_id, MessageNotices::None, now.own_documents).await,
        NoticeTopic::OwnDocuments => choose(db, user_id, now.messages, false).await,
    }
}

/// What e-mails to users are about that they can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoticeTopic {
    Messages,
    OwnDocuments,
}
