//! The same done with several documents of a list, after a screen that says what happens, and what cannot be done and why. If
//! that has changed when the button is pressed, it asks again. What is done can be undone from the notice.

use axum::{extract::RawQuery, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    bulk_removal::{find_links, lead_on, live_paths, takes_away},
    bulk_target::{self, BulkTarget},
    bulk_words,
    inbound_links::LinkedFrom,
    paths,
};
use crate::{
    admin::shared::{
        admin_context::AdminContext,
        document_kinds::{KINDS, screens},
        flash::FlashAction,
        form_outcome::FormOutcome,
        list_query,
        routes::Routes,
    },
    error::{Error, Result, ValidationErrors},
    model::{
        bulk::{self, BulkAction, BulkPlan},
        document::kind::DocumentKind,
        policy::Action,
        undo::noted,
        write::Write,
    },
    web::{
        form::{self, Form},
        form_errors::FormErrors,
    },
};

/// Most documents at once.
const MOST: usize = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes.get_at(row.paths.bulk, Action::Publish, move |admin, query| confirm(admin, kind, query)).post_at(
            row.paths.bulk,
            Action::Publish,
            move |admin, form| update(admin, kind, form),
        )
    })
}

/// What a list asks for, and what the screen sends then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BulkForm {
    #[serde(rename = "do")]
    what: String,
    document: Vec<String>,
    /// The query of the list.
    list: String,
    /// Where to: the path of a page, `/` for the uppermost level, or the id of a category.
    to: String,
    /// Where visitors are led who come to the paths of pages that are taken away; empty: nowhere.
    lead_to: String,
    /// What the screen showed.
    seen: String,
}

impl BulkForm {
    fn ids(&self) -> Vec<i64> {
        self.document.iter().filter_map(|id| id.parse().ok()).collect()
    }

    /// What is to be done; a move without its target.
    /// `BadRequest` for what no button sends.
    fn action(&self) -> Result<BulkAction> {
        match self.what.as_str() {
            "publish" => Ok(BulkAction::Publish),
            "unpublish" => Ok(BulkAction::Unpublish),
            "trash" => Ok(BulkAction::Trash),
            "move" => Ok(BulkAction::Move),
            _ => Err(Error::BadRequest("Several cannot be changed that way.".to_owned())),
        }
    }
}

#[derive(Serialize)]
struct View {
    action: &'static str,
    what: String,
    list: String,
    /// Where the list is.
    back: String,
    list_title: &'static str,
    sentence: String,
    button: String,
    is_dangerous: bool,
    planned: Vec<PlannedRow>,
    left: Vec<LeftRow>,
    target: BulkTarget,
    linked_from: LinkedFrom,
    /// What the links to them do then.
    becomes: &'static str,
    /// Whether visitors can be led to another page from their paths.
    can_lead_on: bool,
    lead_to: String,
    seen: String,
    /// Whether what the screen says has changed since it was first shown.
    changed: bool,
    errors: FormErrors,
}

#[derive(Serialize)]
struct PlannedRow {
    id: i64,
    title: String,
    path: String,
    version: i64,
    /// What goes along, in words; or empty.
    along: String,
    /// Where what would become public is shown; empty for anything else.
    publication: String,
}

#[derive(Serialize)]
struct LeftRow {
    id: i64,
    title: String,
    edit: String,
    reason: String,
}

async fn confirm(admin: AdminContext, kind: DocumentKind, RawQuery(query): RawQuery) -> Result<Response> {
    let form: BulkForm = form::read(query.unwrap_or_default().as_bytes())?;
    let ids = form.ids();
    let back = list_query::address(paths::list(kind), &form.list);
    if ids.is_empty() {
        return admin.not_done(&back, format!("Nothing was changed: tick at least one {} first.", kind.noun())).await;
    }
    if ids.len() > MOST {
        return admin.not_done(&back, format!("Nothing was changed: tick at most {MOST} at a time.")).await;
    }
    let action = form.action()?;
    let plan = bulk::plan(admin.app.read(), &admin.app.rules, (kind, &ids), &action).await?;
    draw(&admin, kind, form, (&action, plan), FormErrors::default()).await
}

async fn draw(
    admin: &AdminContext,
    kind: DocumentKind,
    form: BulkForm,
    (action, plan): (&BulkAction, BulkPlan),
    errors: FormErrors,
) -> Result<Response> {
    let changed = !form.seen.is_empty() && errors.list.is_empty();
    let status = if changed { StatusCode::CONFLICT } else { errors.status() };
    let row = screens(kind);
    let becomes = if matches!(action, BulkAction::Trash) { row.links_trashed } else { row.links_unpublished };
    let view = View {
        linked_from: find_links(admin, action, &plan).await?,
        becomes,
        can_lead_on: !live_paths(action, &plan).is_empty(),
        lead_to: form.lead_to,
        action: paths::bulk(kind),
        back: list_query::address(paths::list(kind), &form.list),
        list_title: row.list_label,
        sentence: bulk_words::consequence(kind, action, &plan),
        button: bulk_words::button(kind, action, &plan),
        is_dangerous: takes_away(action),
        target: bulk_target::choices(admin, kind, action, (&plan, &form.to)).await?,
        seen: plan.fingerprint(),
        planned: plan.planned.into_iter().map(|one| planned_row(action, one)).collect(),
        left: plan
            .left
            .into_iter()
            .map(|left| LeftRow {
                edit: paths::edit_screen(kind, left.id),
                id: left.id,
                title: left.title,
                reason: left.reason,
            })
            .collect(),
        what: form.what,
        list: form.list,
        changed,
        errors,
    };
    admin.screen_as(status, "admin/documents/bulk.html", &bulk_words::heading(kind, action), &view).await
}

fn planned_row(action: &BulkAction, one: bulk::Planned) -> PlannedRow {
    let id = one.document.id;
    PlannedRow {
        id,
        title: one.newest.content.title,
        path: one.path.unwrap_or_default(),
        version: one.newest.version,
        along: bulk_words::along(one.along.len()),
        publication: if matches!(action, BulkAction::Publish) { paths::publication(id) } else { String::new() },
    }
}

async fn update(admin: AdminContext, kind: DocumentKind, Form(form): Form<BulkForm>) -> Result<Response> {
    let action = form.action()?;
    let done = admin.change(async |write| change(write, kind, &form, &action).await);
    let back = list_query::address(paths::list(kind), &form.list);
    match done.await {
        Ok(FormOutcome::Saved((sentence, undo))) => {
            admin.done_with(&back, sentence, FlashAction::undo(undo, &back)).await
        }
        Ok(FormOutcome::Again((action, plan))) => {
            draw(&admin, kind, form, (&action, plan), FormErrors::default()).await
        }
        Err(Error::Validation(errors)) => again(&admin, kind, form, (&action, errors)).await,
        Err(error) => {
            let sentence = format!("Nothing was changed. {}", error.conflict()?);
            admin.not_done(&back, sentence).await
        }
    }
}

/// The screen with errors in what was chosen.
async fn again(
    admin: &AdminContext,
    kind: DocumentKind,
    form: BulkForm,
    (action, errors): (&BulkAction, ValidationErrors),
) -> Result<Response> {
    let plan = bulk::plan(admin.app.read(), &admin.app.rules, (kind, &form.ids()), action).await?;
    draw(admin, kind, form, (action, plan), errors.into()).await
}

type Done = FormOutcome<(String, i64), (BulkAction, BulkPlan)>;

async fn change(write: &Write, kind: DocumentKind, form: &BulkForm, chosen: &BulkAction) -> Result<Done> {
    let ids = form.ids();
    let plan_of = async |action: &BulkAction| bulk::plan(write, &write.rules, (kind, &ids), action).await;
    let action = bulk_target::resolve(write, kind, &form.to, chosen).await?;
    let plan = plan_of(&action).await?;
    let mut is_as_shown = plan.fingerprint() == form.seen;
    if !is_as_shown && matches!(chosen, BulkAction::Move) && plan.left.is_empty() {
        // The screen asked where to.
        is_as_shown = plan_of(chosen).await?.fingerprint() == form.seen;
    }
    if !is_as_shown || plan.planned.is_empty() {
        return Ok(FormOutcome::Again((action, plan)));
    }
    let sentence = bulk_words::done(kind, &action, &plan);
    let paths = live_paths(&action, &plan);
    let steps = bulk::carry_out(write, plan, &action).await?;
    let undo = noted::note(write, &steps).await?;
    let led = lead_on(write, paths, &form.lead_to).await?;
    Ok(FormOutcome::Saved((sentence + &led, undo)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/bulk.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View {
        action, what, list, back, list_title, sentence, button, is_dangerous, planned, left, target, linked_from, becomes,
        can_lead_on, lead_to, seen, changed, errors
    }
    PlannedRow { id, title, path, version, along, publication }
    LeftRow { id, title, edit, reason }
}
