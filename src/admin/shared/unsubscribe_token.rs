//! The signed part of a link by which a user gets no more e-mails of a kind, without signing in. It is for this alone.

use crate::{crypto, model::mail::notices::NoticeTopic};

const fn name(topic: NoticeTopic) -> &'static str {
    match topic {
        NoticeTopic::Messages => "messages",
        NoticeTopic::OwnDocuments => "own",
    }
}

#[must_use]
pub(crate) fn make(key: &str, user_id: i64, topic: NoticeTopic) -> String {
    let name = name(topic);
    format!("{user_id}.{name}.{}", crypto::sign(key, &text(user_id, name)))
}

/// The user and what they want to hear no more of; none when it was not made by this site.
#[must_use]
pub(crate) fn read(key: &str, token: &str) -> Option<(i64, NoticeTopic)> {
    let (user_id, rest) = token.split_once('.')?;
    let (what, signature) = rest.split_once('.')?;
    let user_id: i64 = user_id.parse().ok()?;
    let topic = [NoticeTopic::Messages, NoticeTopic::OwnDocuments].into_iter().find(|topic| name(*topic) == what)?;
    crypto::verify(key, &text(user_id, what), signature).then_some((user_id, topic))
}

/// Prefixed with its use, so that nothing else signed with the key counts.
fn text(user_id: i64, name: &str) -> String {
    format!("unsubscribe {user_id} {name}")
}
