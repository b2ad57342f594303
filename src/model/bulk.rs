//! One action on several documents at once, by the rules for each of them. What can be done is found out first, so that a
//! user decides knowing it; then all of that is done, or nothing.

use super::{
    arrange::ListPosition,
    checks,
    document::{
        kind::DocumentKind, placement, record::Document, revision::Revision, rules::DocumentRules, with_newest,
    },
    faq::moving as faq_moving,
    page::{
        moving, order,
        path::{self, HOME},
        tree::{self, PageNode},
    },
    publishing, republishing,
    trash::{self, PageBelow},
    undo::step::Step,
    write::Write,
};
use crate::{
    crypto,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
};

#[derive(Debug, Clone)]
pub(crate) enum BulkAction {
    Publish,
    Unpublish,
    Trash,
    /// Pages below another one, or on the uppermost level.
    MoveBelow(Option<Box<PageNode>>),
    /// Questions to another category.
    MoveInto(i64),
    /// Somewhere that was not chosen yet.
    Move,
}

/// What would be done with one document.
pub(crate) struct Planned {
    pub(crate) document: Document,
    pub(crate) newest: Revision,
    /// Where a page is.
    pub(crate) path: Option<String>,
    /// The pages below that go the same way.
    pub(crate) along: Vec<PageBelow>,
}

/// What would be left as it is, and why.
pub(crate) struct LeftOut {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) reason: String,
}

#[derive(Default)]
pub(crate) struct BulkPlan {
    /// A page before those that are below it.
    pub(crate) planned: Vec<Planned>,
    pub(crate) left: Vec<LeftOut>,
}

impl BulkPlan {
    /// The same text for plans that do the same.
    #[must_use]
    pub(crate) fn fingerprint(&self) -> String {
        let planned = self.planned.iter().map(|planned| {
            let along: Vec<_> = planned.along.iter().map(|page| (page.id, page.live)).collect();
            format!("{:?} {:?} {along:?}\n", planned.document, planned.path)
        });
        let left = self.left.iter().map(|left| format!("{} {}\n", left.id, left.reason));
        crypto::hash(&planned.chain(left).collect::<String>())
    }

    /// How many documents are concerned, with the pages that go along.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.planned.iter().map(|planned| 1 + planned.along.len()).sum()
    }
}

/// What can be done with these documents of a kind; those that are gone are left out silently.
pub(crate) async fn plan(
    db: &Conn,
    rules: &DocumentRules,
    (kind, ids): (DocumentKind, &[i64]),
    action: &BulkAction,
) -> Result<BulkPlan> {
    let mut chosen = Vec::new();
    for id in ids {
        let Some((document, newest)) = Error::optional(with_newest::get(db, *id).await)? else { continue };
        if document.kind == kind && chosen.iter().all(|planned: &Planned| planned.document.id != *id) {
            let path = placement::tree_path(db, &document).await?;
            chosen.push(Planned { document, newest, path, along: Vec::new() });
        }
    }
    chosen.sort_by(|one, other| one.path.cmp(&other.path));
    let mut plan = BulkPlan::default();
    for mut one in chosen {
        if !matches!(action, BulkAction::Publish) && goes_along(&plan.planned, &one) {
            continue;
        }
        match check(db, rules, &plan.planned, &one, action).await {
            Ok(()) => {
                if matches!(action, BulkAction::Unpublish | BulkAction::Trash) {
                    let deletes = matches!(action, BulkAction::Trash);
                    one.along = trash::pages_along(db, one.path.as_deref(), deletes).await?;
                }
                plan.planned.push(one);
            }
            Err(error) => {
                let reason = reason(error)?;
                plan.left.push(LeftOut { id: one.document.id, title: one.newest.content.title, reason });
            }
        }
    }
    Ok(plan)
}

fn goes_along(planned: &[Planned], one: &Planned) -> bool {
    let Some(path) = &one.path else { return false };
    planned.iter().filter_map(|above| above.path.as_deref()).any(|above| path.starts_with(&format!("{above}/")))
}

/// A rule that forbids it, as a sentence without a full stop.
/// Errors: any other error, as it is.
fn reason(error: Error) -> Result<String> {
    match error {
        Error::Conflict(sentence) => Ok(sentence.trim_end_matches('.').to_owned()),
        other => Ok(other.validation_errors()?.sentence()),
    }
}

async fn check(
    db: &Conn,
    rules: &DocumentRules,
    planned: &[Planned],
    one: &Planned,
    action: &BulkAction,
) -> Result<()> {
    let refuse = |sentence: &str| Err(Error::Conflict(sentence.to_owned()));
    let (document, newest) = (&one.document, &one.newest);
    let is_home = one.path.as_deref() == Some(HOME);
    match action {
        BulkAction::Publish if document.published_revision_id == Some(newest.id) => {
            refuse("Its newest version is published already")
        }
        BulkAction::Publish => {
            newest.content.check_publishable(&rules.fields.of(document.kind, &newest.content.document_type))?;
            let with: Vec<i64> = planned.iter().map(|planned| planned.document.id).collect();
            publishing::check_above(db, document, &with).await?;
            placement::check(db, rules, document, &newest.content).await?;
            checks::check_publishable(db, rules, document, &newest.content).await
        }
        BulkAction::Unpublish if is_home => refuse("The front page is always published"),
        BulkAction::Unpublish if !document.is_live() => refuse("It is not published"),
        BulkAction::Trash if is_home => refuse("The front page cannot be deleted"),
        BulkAction::Move if is_home => refuse("The front page cannot be moved"),
        BulkAction::Unpublish | BulkAction::Trash | BulkAction::Move => Ok(()),
        BulkAction::MoveInto(category) => faq_moving::check_move(db, document, newest, *category).await,
        BulkAction::MoveBelow(parent) => check_page_move(db, rules, planned, (document.id, parent.as_deref())).await,
    }
}

async fn check_page_move(
    db: &Conn,
    rules: &DocumentRules,
    planned: &[Planned],
    (id, parent): (i64, Option<&PageNode>),
) -> Result<()> {
    let page = tree::node(db, id).await?;
    moving::check_move(&page, parent)?;
    let parent_id = parent.map(|parent| parent.id);
    if page.parent_id == parent_id {
        return Err(ValidationErrors::one("parent", "It is there already").into());
    }
    let slug = last(&page.path);
    if planned.iter().filter_map(|other| other.path.as_deref()).any(|other| last(other) == slug) {
        return Err(ValidationErrors::one("parent", format!("Another of these pages has the slug {slug} too")).into());
    }
    path::ensure_free(db, rules, id, (parent_id, slug)).await?;
    Ok(())
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Does what was planned in this transaction. Gives the steps, to undo it.
/// `Conflict` with a sentence that names the document, when a rule forbids it after all; nothing may be committed then.
pub(crate) async fn carry_out(write: &Write, plan: BulkPlan, action: &BulkAction) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for one in plan.planned {
        let title = one.newest.content.title.clone();
        let done = match action {
            BulkAction::Publish => publish(write, one).await,
            BulkAction::Unpublish => unpublish(write, one).await,
            BulkAction::Trash => put_in_trash(write, one).await,
            BulkAction::MoveBelow(parent) => move_page(write, one.document.id, parent.as_deref()).await,
            BulkAction::MoveInto(category) => move_item(write, one, *category).await,
            BulkAction::Move => Err(Error::Conflict("Choose where to".to_owned())),
        };
        match done {
            Ok(done) => steps.extend(done),
            Err(error) => return Err(Error::Conflict(format!("“{title}”: {}.", reason(error)?))),
        }
    }
    Ok(steps)
}

/// The publication that visitors see, by id.
async fn current(write: &Write, id: i64) -> Result<Option<i64>> {
    let newest = republishing::newest_publication(write, id).await?;
    Ok(newest.filter(|(_, is_current)| *is_current).map(|(publication, _)| publication))
}

async fn publish(write: &Write, mut one: Planned) -> Result<Vec<Step>> {
    let id = one.document.id;
    let before = current(write, id).await?;
    publishing::publish(write, &mut one.document, &one.newest).await?;
    Ok(vec![Step::Publication { id, before, after: current(write, id).await? }])
}

async fn unpublish(write: &Write, one: Planned) -> Result<Vec<Step>> {
    let steps = unpublishing(write, &one.document, one.path.as_deref()).await?;
    publishing::unpublish(write, &one.document, &one.newest.content.title).await?;
    Ok(steps)
}

/// The steps of unpublishing a document that is live now, at this path in the tree. Those below come first, since the pages
/// above are shown first again.
pub(crate) async fn unpublishing(write: &Write, document: &Document, path: Option<&str>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let along = trash::pages_along(write, path, false).await?;
    for id in along.iter().rev().map(|page| page.id).chain([document.id]) {
        steps.push(Step::Publication { id, before: current(write, id).await?, after: None });
    }
    Ok(steps)
}

async fn put_in_trash(write: &Write, one: Planned) -> Result<Vec<Step>> {
    trash::delete(write, &one.document, &one.newest.content.title).await?;
    Ok(vec![Step::Trash { id: one.document.id, at: write.now }])
}

async fn move_page(write: &Write, id: i64, parent: Option<&PageNode>) -> Result<Vec<Step>> {
    let page = tree::node(write, id).await?;
    let from = order::place_of(write, &page).await?;
    moving::move_to(write, &page, parent).await?;
    let to = order::place_of(write, &tree::node(write, id).await?).await?;
    Ok(vec![Step::Order { id, from, to }])
}

async fn move_item(write: &Write, mut one: Planned, category: i64) -> Result<Vec<Step>> {
    let id = one.document.id;
    let from: ListPosition = faq_moving::place_of(write, id).await?;
    faq_moving::move_to(write, &mut one.document, &one.newest, category).await?;
    Ok(vec![Step::Order { id, from, to: faq_moving::place_of(write, id).await? }])
}
