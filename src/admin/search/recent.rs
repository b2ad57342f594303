//! The screens that the user was at: a browser keeps their paths and nothing else, so titles are always those of now, and what
//! is gone or not for this user any more is left out.

use axum_extra::routing::TypedPath;

use super::{finding::FoundEntry, places};
use crate::{
    admin::{
        paths::{MediaListPath, MessagesPath, UsersPath},
        shared::{admin_context::AdminContext, document_kinds::KINDS},
    },
    error::{Error, Result},
    model::{
        document::with_newest,
        media::item,
        message::{record, topic},
        policy::Action,
        user,
    },
};

/// How many are shown.
const SHOWN: usize = 8;
/// How many paths are looked at.
const LOOKED_AT: usize = 20;

/// What is at these paths, with commas between them.
pub(super) async fn find(admin: &AdminContext, paths: &str) -> Result<Vec<FoundEntry>> {
    let mut found: Vec<FoundEntry> = Vec::new();
    for path in paths.split(',').take(LOOKED_AT) {
        if found.len() < SHOWN && found.iter().all(|entry| entry.path != path) {
            found.extend(at(admin, path).await?);
        }
    }
    Ok(found)
}

async fn at(admin: &AdminContext, path: &str) -> Result<Option<FoundEntry>> {
    let below = path.rsplit_once('/').and_then(|(list, id)| Some((list, id.parse().ok()?)));
    let Some((list, id)) = below else {
        let place = places::all(admin).into_iter().find(|place| place.path == path && !place.is_button);
        return Ok(place.map(FoundEntry::of_place));
    };
    match thing(admin, list, id).await {
        Ok(found) => Ok(found),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// `NotFound` when it is gone.
async fn thing(admin: &AdminContext, list: &str, id: i64) -> Result<Option<FoundEntry>> {
    let db = admin.app.read();
    if let Some(kind) = KINDS.iter().find(|kind| kind.paths.list == list).filter(|_| admin.may(Action::Edit)) {
        let (document, newest) = with_newest::get(db, id).await?;
        let (title, about) = (newest.content.title, kind.kind.label().to_owned());
        let entry = FoundEntry { title, about, path: format!("{list}/{id}"), ..FoundEntry::default() };
        return Ok((document.kind == kind.kind).then_some(entry));
    }
    match list {
        MediaListPath::PATH if admin.may(Action::Edit) => Ok(Some(FoundEntry::of_thing(&item::get(db, id).await?))),
        UsersPath::PATH if admin.may(Action::ManageUsers) => Ok(Some(FoundEntry::of_user(&user::get(db, id).await?))),
        MessagesPath::PATH if admin.may(Action::HandleMessages) => {
            let message = record::get(db, id).await?;
            let about = format!("{}, {}", topic::label(&message.topic), message.reference);
            Ok(Some(FoundEntry { title: message.name, about, path: format!("{list}/{id}"), ..FoundEntry::default() }))
        }
        _ => Ok(None),
    }
}
