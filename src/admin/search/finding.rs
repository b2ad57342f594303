//! What the index does not hold: screens, actions, pictures and files, users and settings, found by their names. Each kind is
//! asked for by users who may see it only.

use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::places::{self, AdminPlace};
use crate::{
    admin::{
        paths::{MediaListPath, MediaThingPath, UserPath, UsersPath},
        shared::admin_context::AdminContext,
    },
    error::Result,
    model::{
        cursor::Cursor,
        media::item::{self, MediaFilter, MediaItem},
        policy::Action,
        user::{self, User},
    },
    text::email,
};

/// How many of a kind are shown.
pub(super) const SHOWN: usize = 6;

/// What was found of one kind.
#[derive(Debug, Serialize)]
pub(super) struct FoundGroup {
    pub(super) heading: &'static str,
    pub(super) entries: Vec<FoundEntry>,
    /// The list that shows all that was found of this kind, when there is more.
    pub(super) more: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct FoundEntry {
    pub(super) title: String,
    /// Clause or part number; may be empty.
    pub(super) number: String,
    /// What tells it from others of the same title; may be empty.
    pub(super) about: String,
    pub(super) path: String,
    /// Whether it is done by sending a form to the path.
    pub(super) is_button: bool,
}

impl FoundGroup {
    /// A group of these, or none when there are none. `entries` may be longer than what is shown.
    pub(super) fn of(heading: &'static str, mut entries: Vec<FoundEntry>, all: Option<String>) -> Option<Self> {
        let more = all.filter(|_| entries.len() > SHOWN);
        if more.is_some() {
            entries.truncate(SHOWN);
        }
        (!entries.is_empty()).then_some(Self { heading, entries, more })
    }
}

impl FoundEntry {
    pub(super) fn of_place(place: AdminPlace) -> Self {
        let AdminPlace { label, path, is_button, .. } = place;
        Self { title: label.to_owned(), path: path.to_owned(), is_button, ..Self::default() }
    }

    pub(super) fn of_thing(item: &MediaItem) -> Self {
        let path = MediaThingPath { id: item.id }.to_string();
        Self { title: item.title.clone(), about: item.name().to_owned(), path, ..Self::default() }
    }

    pub(super) fn of_user(user: &User) -> Self {
        let path = UserPath { id: user.id }.to_string();
        Self { title: user.name.clone(), about: email::display(&user.email), path, ..Self::default() }
    }
}

/// Screens and what can be done.
pub(super) fn places(admin: &AdminContext, q: &str) -> Option<FoundGroup> {
    let found = places::find(admin, q).into_iter().map(FoundEntry::of_place).collect();
    FoundGroup::of("Screens and actions", found, None)
}

pub(super) fn settings(admin: &AdminContext, q: &str) -> Option<FoundGroup> {
    let entry = |(label, path): (&str, String)| FoundEntry { title: label.to_owned(), path, ..FoundEntry::default() };
    FoundGroup::of("Settings", places::settings(admin, q).into_iter().map(entry).collect(), None)
}

/// Of the media library.
pub(super) async fn media(admin: &AdminContext, q: &str) -> Result<Option<FoundGroup>> {
    if q.is_empty() || !admin.may(Action::Edit) {
        return Ok(None);
    }
    let filter = MediaFilter { text: q.to_owned(), ..MediaFilter::default() };
    let found = item::list(admin.app.read(), &filter, Cursor::default(), limit()).await?;
    let entries = found.iter().map(FoundEntry::of_thing).collect();
    Ok(FoundGroup::of("Media", entries, Some(list(MediaListPath::PATH, q))))
}

pub(super) async fn users(admin: &AdminContext, q: &str) -> Result<Option<FoundGroup>> {
    if q.is_empty() || !admin.may(Action::ManageUsers) {
        return Ok(None);
    }
    let found = user::list(admin.app.read(), q, None, limit()).await?;
    let entries = found.iter().map(FoundEntry::of_user).collect();
    Ok(FoundGroup::of("Users", entries, Some(list(UsersPath::PATH, q))))
}

/// One more than is shown, to see whether there are more.
fn limit() -> i64 {
    i64::try_from(SHOWN + 1).unwrap_or(i64::MAX)
}

/// A list with what was searched for.
pub(super) fn list(path: &str, q: &str) -> String {
    format!("{path}?{}", serde_html_form::to_string([("q", q)]).unwrap_or_default())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FoundGroup { heading, entries, more }
    FoundEntry { title, number, about, path, is_button }
}
