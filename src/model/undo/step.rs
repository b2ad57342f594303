//! The steps of changes, and how each is undone by the rules that it was made by.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    error::{Error, Result},
    model::{
        arrange::{ListPosition, Position},
        document::{
            kind::DocumentKind,
            placement,
            record::Document,
            revision::{self, Revision},
            with_newest,
        },
        faq::{category, moving as faq_moving},
        menu::restoring::{self as menu, MenuChange},
        message::{
            handling,
            record::{self, Message},
            status::MessageStatus,
        },
        page::{moving, order, subtree, tree},
        policy::Action,
        publishing,
        redirect::restoring::{self as redirect, DeletedRedirect},
        republishing,
        trash::{self, Undone},
        write::Write,
    },
};

/// What was done to one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// A document went to another place.
    Order { id: i64, from: ListPosition, to: ListPosition },
    /// So did a category of the FAQ.
    Category { id: i64, from: usize, to: usize },
    /// Visitors see another publication of a document, or none.
    Publication { id: i64, before: Option<i64>, after: Option<i64> },
    /// A document went to the trash, with what is below it.
    Trash { id: i64, at: Timestamp },
    /// A document was made as a copy of another, with as many in all as were copied with it.
    Copy { id: i64, all: usize },
    /// A message was put from this status into another, and so came to this version.
    Sort { id: i64, from: MessageStatus, version: i64 },
    /// A menu was changed.
    Menu(MenuChange),
    /// A redirect was deleted.
    Redirect(DeletedRedirect),
}

impl Step {
    /// That a message, as it was before, was put into another status.
    #[must_use]
    pub(crate) const fn sort(before: &Message) -> Self {
        Self::Sort { id: before.id, from: before.status, version: before.version + 1 }
    }

    /// What one needs the right for to undo it.
    #[must_use]
    pub(crate) const fn needs(&self) -> Action {
        match self {
            Self::Sort { .. } => Action::HandleMessages,
            Self::Menu(_) => Action::ChangeSettings,
            Self::Order { .. }
            | Self::Category { .. }
            | Self::Publication { .. }
            | Self::Trash { .. }
            | Self::Copy { .. }
            | Self::Redirect(_) => Action::Publish,
        }
    }
}

/// What became of one thing.
#[derive(Debug)]
pub(crate) struct UndoneStep {
    pub(crate) title: String,
    /// What kind of document it is; none for anything else.
    pub(crate) kind: Option<DocumentKind>,
    pub(crate) how: HowUndone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HowUndone {
    Placed,
    /// Whether visitors see it now.
    Shown(bool),
    Restored(Undone),
    /// A copy is in the trash.
    Removed,
    /// A message is in this status again.
    Sorted(MessageStatus),
    /// A menu has its entries again.
    Listed,
    /// A redirect leads on again.
    Redirected,
}

/// `Conflict` with a clause that says why not.
pub(super) async fn undo_step(write: &Write, step: &Step) -> Result<UndoneStep> {
    let undone = match step {
        Step::Order { id, from, to } => put_back(write, *id, *from, *to).await,
        Step::Category { id, from, to } => put_category_back(write, *id, *from, *to).await,
        Step::Publication { id, before, after } => show_as_before(write, *id, *before, *after).await,
        Step::Trash { id, at } => take_out_of_trash(write, *id, *at).await,
        Step::Copy { id, all } => remove_copy(write, *id, *all).await,
        Step::Sort { id, from, version } => sort_back(write, *id, *from, *version).await,
        Step::Menu(change) => {
            menu::put_back(write, change).await.map(|()| of_other(change.label.clone(), HowUndone::Listed))
        }
        Step::Redirect(deleted) => {
            redirect::bring_back(write, deleted).await.map(|from| of_other(from, HowUndone::Redirected))
        }
    };
    undone.map_err(as_clause)
}

/// A rule that forbids it is a reason, too.
fn as_clause(error: Error) -> Error {
    match error {
        Error::Validation(errors) => Error::Conflict(errors.sentence()),
        Error::NotFound => Error::Conflict("what it was about is gone".to_owned()),
        other => other,
    }
}

fn refuse<T>(title: &str, why: &str) -> Result<T> {
    Err(Error::Conflict(format!("“{title}” {why} since")))
}

fn of_document(document: &Document, newest: Revision, how: HowUndone) -> UndoneStep {
    UndoneStep { title: newest.content.title, kind: Some(document.kind), how }
}

const fn of_other(title: String, how: HowUndone) -> UndoneStep {
    UndoneStep { title, kind: None, how }
}

/// A document that is not in the trash, with its newest version.
async fn get(write: &Write, id: i64) -> Result<(Document, Revision)> {
    let (document, newest) = with_newest::find(write, id).await?;
    if document.trashed_at.is_some() {
        return refuse(&newest.content.title, "was moved to the trash");
    }
    Ok((document, newest))
}

async fn put_back(write: &Write, id: i64, from: ListPosition, to: ListPosition) -> Result<UndoneStep> {
    let (mut document, newest) = get(write, id).await?;
    let title = &newest.content.title;
    match document.kind {
        DocumentKind::Page => {
            let page = tree::node(write, id).await?;
            if !to.is_still(&order::place_of(write, &page).await?) {
                return refuse(title, "has come to another place");
            }
            moving::put(write, &page, from.parent, order::todays(write, &from).await?).await?;
        }
        DocumentKind::FaqItem => {
            if !to.is_still(&faq_moving::place_of(write, id).await?) {
                return refuse(title, "has come to another place");
            }
            let place = faq_moving::todays(write, &from).await?;
            faq_moving::put(write, &mut document, &newest, from.parent, place).await?;
        }
    }
    Ok(of_document(&document, newest, HowUndone::Placed))
}

async fn put_category_back(write: &Write, id: i64, from: usize, to: usize) -> Result<UndoneStep> {
    let category = category::get(write, id).await?;
    if category::index_of(write, id).await? != Some(to) {
        return refuse(&category.title, "has come to another place");
    }
    category::reorder(write, &category, Position::Index(from)).await?;
    Ok(UndoneStep { title: category.title, kind: None, how: HowUndone::Placed })
}

async fn show_as_before(write: &Write, id: i64, before: Option<i64>, after: Option<i64>) -> Result<UndoneStep> {
    let (document, newest) = get(write, id).await?;
    let title = &newest.content.title;
    let latest = republishing::newest_publication(write, id).await?;
    // Without a current one the newest is the one that ended then.
    let is_same = match after {
        Some(after) => latest == Some((after, true)),
        None => latest == before.map(|before| (before, false)),
    };
    if !is_same {
        return refuse(title, "was published or unpublished");
    }
    match before {
        Some(publication) => republishing::show_publication(write, publication).await?,
        None if publishing::has_live_below(write, &document).await? => {
            return refuse(title, "got published pages below it");
        }
        None => publishing::end_publication(write, &document, title).await?,
    }
    Ok(of_document(&document, newest, HowUndone::Shown(before.is_some())))
}

async fn take_out_of_trash(write: &Write, id: i64, at: Timestamp) -> Result<UndoneStep> {
    let (document, newest) = with_newest::find(write, id).await?;
    if document.trashed_at.is_none() {
        return refuse(&newest.content.title, "was restored");
    }
    let undone = trash::undo(write, &document, &newest, at).await?;
    Ok(of_document(&document, newest, HowUndone::Restored(undone)))
}

async fn remove_copy(write: &Write, id: i64, all: usize) -> Result<UndoneStep> {
    let (document, newest) = get(write, id).await?;
    let below = match placement::tree_path(write, &document).await? {
        Some(path) => subtree::documents_below(write, &path).await?,
        None => Vec::new(),
    };
    let mut is_same = below.len() + 1 == all;
    for copy in below.iter().map(|below| &below.document).chain([&document]) {
        is_same = is_same && !copy.is_live() && revision::latest(write, copy.id).await?.version == 1;
    }
    if !is_same {
        return refuse(&newest.content.title, "was changed");
    }
    trash::delete(write, &document, &newest.content.title).await?;
    Ok(of_document(&document, newest, HowUndone::Removed))
}

async fn sort_back(write: &Write, id: i64, from: MessageStatus, version: i64) -> Result<UndoneStep> {
    let message = record::get(write, id).await?;
    if message.version != version {
        return Err(Error::Conflict(format!("message {} was changed since", message.reference)));
    }
    handling::set_status(write, id, version, from).await?;
    Ok(UndoneStep { title: message.reference, kind: None, how: HowUndone::Sorted(from) })
}
