//! What is told once a day: messages that wait, and documents that are due for review. Stores e-mails and writes none.

use jiff::{ToSpan, civil::Date};

use super::{
    notices,
    outbox::{self, MailKind, NewMail},
};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// So many days before its date an owner is told that a document is due for review.
pub(crate) const AHEAD: i64 = 7;

async fn last_day(db: &Conn) -> Result<String> {
    Ok(db.value("select day from daily_mail where id = 1", ()).await?)
}

/// Stores what is told on the day `today`, unless that was done. Which messages and which documents each user was told of is
/// written down, so a day that comes twice, as after the clock was set, tells nothing twice.
pub(crate) async fn store(db: &Db, now: Timestamp, today: Date) -> Result<()> {
    let day = today.to_string();
    if last_day(db.read()).await? == day {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    // Another node may have done it while this one waited.
    if last_day(&tx).await? == day {
        return Ok(());
    }
    tx.execute("delete from address_link where expires_at <= $1", (now,)).await?;
    notices::choose_usual(&tx).await?;
    tell_of_messages(&tx, now).await?;
    tell_of_reviews(&tx, today, now).await?;
    tx.execute("update daily_mail set day = $1 where id = 1", (day,)).await?;
    tx.commit().await
}

/// Those for whom one of yesterday waits get no second one.
async fn tell_of_messages(tx: &Transaction, now: Timestamp) -> Result<()> {
    let users: Vec<(i64,)> = tx
        .all(
            "select c.user_id from notice_choice c join users u on u.id = c.user_id where c.messages = 'daily' and u.active \
             and exists (select 1 from message m where m.id > c.told_message and m.status = 'unread') \
             and not exists (select 1 from mail m where m.user_id = c.user_id and m.kind = 'digest' and m.state = 'waiting')",
            (),
        )
        .await?;
    for (user_id,) in users {
        outbox::add(tx, &NewMail::to_user(MailKind::Digest, user_id), now).await?;
    }
    Ok(())
}

/// Once for each document, user and date: when one of them changes, it is another reminder.
async fn tell_of_reviews(tx: &Transaction, today: Date, now: Timestamp) -> Result<()> {
    let due: Vec<(i64, i64, String)> = tx
        .all(
            "select u.id, r.id, r.review_on from due_review r join users u on u.id = r.owner_id or u.role = r.owner_role \
             left join notice_choice c on c.user_id = u.id where r.review_on <= $1 and u.active \
             and coalesce(c.own_documents, true) and not exists (select 1 from review_notice n \
             where n.document_id = r.id and n.user_id = u.id and n.review_on = r.review_on) order by u.id, r.id",
            (today.saturating_add(AHEAD.days()).to_string(),),
        )
        .await?;
    let mut told = 0;
    for (user_id, document_id, review_on) in due {
        if user_id != told {
            outbox::add(tx, &NewMail::to_user(MailKind::Review, user_id), now).await?;
            told = user_id;
        }
        tx.execute(
            "insert into review_notice (document_id, user_id, review_on) values ($1, $2, $3) \
             on conflict (document_id, user_id) do update set review_on = excluded.review_on",
            (document_id, user_id, review_on),
        )
        .await?;
    }
    Ok(())
}
