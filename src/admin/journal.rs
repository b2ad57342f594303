//! Who did what when, for administrators to read.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    journal_groups::{Group, grouped},
    journal_words::{self, About},
};
use crate::{
    error::Result,
    face::{
        desk::{Desk, When},
        pager::{self, Keys, Pager},
        routes::Routes,
    },
    model::{
        journal::{self, Filter, Recorded},
        policy::Action,
    },
    text::count::counted,
};

const LIST: &str = "/admin/journal";
/// Entries on one page.
const SIZE: usize = 50;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(LIST, Action::ReadJournal, list)
}

/// What the list may be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    q: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    entries: Vec<EntryView>,
    pager: Pager,
}

/// An entry in words.
#[derive(Debug, Serialize)]
pub(super) struct EntryView {
    /// Its number.
    pub id: i64,
    /// When it was.
    pub when: When,
    /// Who did it.
    pub actor: String,
    /// What was done, for example `published the page`.
    pub did: String,
    /// The name of the thing; empty where the words say it all.
    pub subject: String,
    /// What exactly changed; may be empty.
    pub detail: String,
}

impl EntryView {
    /// The words of an entry, or of several moves.
    pub(super) fn of_group(desk: &Desk, group: Group) -> Self {
        let Group { last, first_id, count } = group;
        let mut view = Self::of(desk, last);
        if count > 1 {
            view.detail = format!("{}; the last of {count} moves, entries {first_id} to {}", view.detail, view.id);
        }
        view
    }

    /// The words of an entry.
    fn of(desk: &Desk, entry: Recorded) -> Self {
        let (did, named) = journal_words::action(&entry.action, about(&entry));
        let detail = match entry.detail.as_str() {
            detail if entry.subject_kind == "settings" => detail.replace('_', " "),
            detail => detail.strip_suffix(" in all").map_or_else(|| detail.to_owned(), along),
        };
        Self {
            id: entry.id,
            when: desk.when(entry.at),
            actor: entry.actor_name,
            did,
            subject: if named { entry.subject } else { String::new() },
            detail,
        }
    }
}

fn about(entry: &Recorded) -> About {
    match entry.subject_id {
        None => About::Nobody,
        id if entry.subject_kind == "person" && id == entry.actor_id => About::Oneself,
        _ => About::Other,
    }
}

/// How many went along; only with others is that worth telling.
fn along(all: &str) -> String {
    match all.parse::<i64>() {
        Ok(all) if all > 1 => format!("with {} below it", counted(all - 1, "page", "pages")),
        _ => String::new(),
    }
}

/// `GET /admin/journal`
pub async fn list(desk: Desk, Query(search): Query<Search>) -> Result<Response> {
    let q = search.q.trim().to_owned();
    let keys = Keys { before: search.before, after: search.after };
    let from = keys.number();
    let filter = Filter { actions: journal_words::codes(&q), text: q.clone(), turn: from.unwrap_or_default() };
    let mut found = journal::list(desk.app.read(), &filter, pager::limit(SIZE)).await?;
    let pager = pager::turn(&mut found, SIZE, from, LIST, &[("q", &q)], |entry| entry.id.to_string());
    let entries = grouped(found).into_iter().map(|group| EntryView::of_group(&desk, group)).collect();
    desk.screen("admin/journal/list.html", "Journal", &View { q, entries, pager }).await
}
