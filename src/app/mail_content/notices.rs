//! E-mails about what happened: messages, reviews, schedules. Nothing of what a visitor wrote, and not who they are: an
//! e-mail is not as safe as the inbox, and nobody can delete it there.

use axum_extra::routing::TypedPath;
use jiff::ToSpan;

use super::writer::{MailWriter, WrittenMail};
use crate::{
    admin::{
        documents::paths::edit_screen,
        paths::{MessagePath, MessagesPath, ReviewsPath},
    },
    clock::long_date,
    error::Result,
    model::{
        document::{owner::OwnedBy, review},
        mail::{
            daily,
            notices::{self, MessageNotices, NoticeTopic},
            outbox::MailKind,
        },
        message::topic,
        policy::Action,
    },
    text::count::pluralise,
};

/// How many messages or documents are named in an e-mail.
const LISTED: i64 = 20;

/// Of the messages since the last such e-mail that nobody has looked at yet.
pub(super) async fn messages(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let db = writer.app.read();
    let choice = notices::choice(db, writer.user.id).await?;
    let wanted = if writer.mail.kind == MailKind::Digest { MessageNotices::Daily } else { MessageNotices::AtOnce };
    let (first, count, newest) = notices::unread(db, choice.told_message, LISTED).await?;
    if choice.messages != wanted || !writer.may(Action::HandleMessages) || count == 0 {
        return Ok(WrittenMail::Obsolete);
    }
    let zone = writer.settings.zone();
    let words = pluralise(count, "new message", "new messages");
    let verb = if count == 1 { "waits" } else { "wait" };
    let sentence = format!("{words} from visitors {verb} to be read.");
    let mut notice = writer.notice(words, sentence, Some(writer.link("Open the inbox", MessagesPath::PATH)));
    for message in first {
        let topic = topic::label(&message.topic);
        let label = format!("{}, {}: {topic}", message.reference, message.received_at.long(&zone));
        notice.view.items.push(writer.link(label, MessagePath { id: message.id }));
    }
    if count > LISTED {
        notice.view.more = format!("And {} more.", count - LISTED);
    }
    notice.told_message = newest;
    writer.add_choice(&mut notice, NoticeTopic::Messages);
    Ok(WrittenMail::Ready(Box::new(notice)))
}

/// Of all that is due then, also what the user was reminded of before.
pub(super) async fn review(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let today = writer.app.clock.believed().date(&writer.settings.zone());
    let until = today.saturating_add(daily::AHEAD.days());
    let mine = OwnedBy::me(&writer.user.actor());
    let due = review::list_due(writer.app.read(), until, mine, None, LISTED + 1).await?;
    let choice = notices::choice(writer.app.read(), writer.user.id).await?;
    if due.is_empty() || !choice.own_documents || !writer.may(Action::Edit) {
        return Ok(WrittenMail::Obsolete);
    }
    let sentence = "These pages and questions of yours are due for review:".to_owned();
    let link = writer.link("See all that is due", format!("{ReviewsPath}?owner=me"));
    let mut notice = writer.notice("due for review", sentence, Some(link));
    for document in due.iter().take(usize::try_from(LISTED).unwrap_or(usize::MAX)) {
        let by = document.review_on.parse().map_or_else(|_| document.review_on.clone(), long_date);
        let label = format!("{}, by {by}", document.title);
        notice.view.items.push(writer.link(label, edit_screen(document.kind, document.id)));
    }
    if due.len() > notice.view.items.len() {
        "There are more.".clone_into(&mut notice.view.more);
    }
    writer.add_choice(&mut notice, NoticeTopic::OwnDocuments);
    Ok(WrittenMail::Ready(Box::new(notice)))
}

pub(super) async fn schedule(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let id = writer.mail.schedule_id.unwrap_or_default();
    let Some(failed) = notices::failed_schedule(writer.app.read(), id).await? else { return Ok(WrittenMail::Obsolete) };
    let choice = notices::choice(writer.app.read(), writer.user.id).await?;
    if !choice.own_documents || !writer.may(Action::Edit) {
        return Ok(WrittenMail::Obsolete);
    }
    let what = if failed.publishes { "published" } else { "unpublished" };
    let at = failed.due_at.long(&writer.settings.zone());
    let sentence = format!("“{}” was not {what} as scheduled ({at}). {}", failed.title, failed.outcome);
    let link = writer.link("Open it", edit_screen(failed.kind, failed.document_id));
    let mut notice = writer.notice("a schedule was not carried out", sentence, Some(link));
    writer.add_choice(&mut notice, NoticeTopic::OwnDocuments);
    Ok(WrittenMail::Ready(Box::new(notice)))
}
