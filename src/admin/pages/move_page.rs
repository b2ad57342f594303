//! Moving a page below another one. If the page was moved after the form was shown, the form is shown again, with both
//! places.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{MovePagePath, PagePath},
        shared::{
            admin_context::{AdminContext, When},
            flash::FlashAction,
            form_outcome::FormOutcome,
            routes::Routes,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        arrange::Position,
        audit_log,
        page::{
            moving, order,
            path::{self, HOME},
            tree::{self, PageNode},
        },
        policy::Action,
        write::Write,
    },
    text::{count::number, isolate::isolate},
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Publish, edit).post(Action::Publish, update)
}

/// Where to: the path of the page above, `/` for the uppermost level.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct MoveForm {
    parent: String,
    /// Where among the pages there; empty for the end. Sent to undo a move.
    index: String,
    /// Filled when this undoes another move.
    undo: String,
    /// Where the page was when the form was shown.
    was_path: String,
}

/// Paths that are offered; any other can be typed.
const CHOICES: i64 = 1000;

#[derive(Serialize)]
struct View {
    id: i64,
    title: String,
    path: String,
    live: bool,
    form: MoveForm,
    errors: FormErrors,
    /// What others have done with it since the form was shown.
    moved: Option<Moved>,
    pages: Vec<SelectOption>,
    /// How many are offered, of how many in all, when some are not.
    offered: String,
}

/// The move of another user, or of this one in another window.
#[derive(Serialize)]
struct Moved {
    sentence: String,
    before: String,
    when: Option<When>,
}

impl Moved {
    /// Of a page that was at `before` and is at `now`.
    async fn find(admin: &AdminContext, id: i64, before: &str, now: &str) -> Result<Self> {
        let newest = audit_log::changes(admin.app.read(), "page.move", Some(id), 1).await?.into_iter().next();
        let Some(change) = newest.filter(|change| change.detail.ends_with(&format!(" to {now}"))) else {
            let sentence = "The path of this page changed while you were deciding".to_owned();
            return Ok(Self { sentence, before: before.to_owned(), when: None });
        };
        let sentence = if change.actor_id == Some(admin.user.id) {
            "You moved this page in another window".to_owned()
        } else {
            format!("{} moved this page while you were deciding", isolate(&change.actor_name))
        };
        Ok(Self { sentence, before: before.to_owned(), when: Some(admin.when(change.at)) })
    }
}

async fn edit(MovePagePath { id }: MovePagePath, admin: AdminContext) -> Result<Response> {
    let node = tree::node(admin.app.read(), id).await?;
    let parent = match node.parent_id {
        Some(parent) => tree::node(admin.app.read(), parent).await?.path,
        None => HOME.to_owned(),
    };
    draw(&admin, id, MoveForm { parent, ..MoveForm::default() }, FormErrors::default(), None).await
}

async fn draw(
    admin: &AdminContext,
    id: i64,
    form: MoveForm,
    errors: FormErrors,
    moved: Option<Moved>,
) -> Result<Response> {
    let status = if moved.is_some() { StatusCode::CONFLICT } else { errors.status() };
    let node = tree::node(admin.app.read(), id).await?;
    let pages = tree::possible_parents(admin.app.read(), &node, CHOICES)
        .await?
        .into_iter()
        .map(|parent| SelectOption::new(parent.path, parent.title))
        .collect();
    let all = tree::count(admin.app.read(), "", HOME).await?;
    let offered = if all < CHOICES { String::new() } else { format!("{} of {}", number(CHOICES), number(all)) };
    let view = View { id, title: node.title, path: node.path, live: node.live, form, errors, moved, pages, offered };
    admin.screen_as(status, "admin/pages/move.html", "Move the page", &view).await
}

async fn update(
    MovePagePath { id }: MovePagePath,
    admin: AdminContext,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    let moved = admin.change(async |write| {
        let before = tree::node(write, id).await?;
        if !form.was_path.is_empty() && form.was_path != before.path {
            return Ok(FormOutcome::Again(before));
        }
        let undo = undo(write, &before).await?;
        Ok(FormOutcome::Saved((move_to(write, &before, &form).await?, undo)))
    });
    match moved.await {
        Ok(FormOutcome::Saved((node, undo))) => {
            let edit = PagePath { id }.to_string();
            if !form.undo.is_empty() {
                return admin.done(&edit, format!("“{}” is back at {}.", node.title, node.path)).await;
            }
            let leads = if node.live { " Its old path leads there." } else { "" };
            let sentence = format!("“{}” is now at {}.{leads}", node.title, node.path);
            admin.done_with(&edit, sentence, undo.field("was_path", &node.path)).await
        }
        Ok(FormOutcome::Again(now)) => {
            let moved = Moved::find(&admin, id, &form.was_path, &now.path).await?;
            draw(&admin, id, form, FormErrors::default(), Some(moved)).await
        }
        Err(error) => draw(&admin, id, form, error.validation_errors()?.into(), None).await,
    }
}

async fn move_to(write: &Write, page: &PageNode, form: &MoveForm) -> Result<PageNode> {
    let parent = parent(write, &form.parent).await?;
    let is_there =
        form.index.is_empty() && page.path != HOME && parent.as_ref().map(|above| above.id) == page.parent_id;
    if is_there {
        return Err(ValidationErrors::one("parent", "The page is there already; choose another place").into());
    }
    moving::move_to(write, page, parent.as_ref()).await?;
    let moved = tree::node(write, page.id).await?;
    if let Ok(index) = form.index.parse() {
        order::reorder(write, &moved, Position::Index(index)).await?;
    }
    Ok(moved)
}

/// Back to the same page above, at the same place.
async fn undo(write: &Write, node: &PageNode) -> Result<FlashAction> {
    let parent = match node.parent_id {
        Some(parent) => path::of(write, parent).await?,
        None => HOME.to_owned(),
    };
    let index = order::position_of(write, node.id).await?;
    let undo = FlashAction::new("Undo", MovePagePath { id: node.id }.to_string(), Action::Publish);
    Ok(undo.field("parent", &parent).field("index", &index).field("undo", &"yes"))
}

async fn parent(write: &Write, typed: &str) -> Result<Option<PageNode>> {
    let path = typed.trim().trim_matches('/');
    if path.is_empty() {
        return Ok(None);
    }
    let path = format!("/{path}");
    let Some(id) = tree::id_at(write, &path).await? else {
        let sentence = format!("There is no page at {path}; enter the path of one");
        return Err(ValidationErrors::one("parent", sentence).into());
    };
    Ok(Some(tree::node(write, id).await?))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/pages/move.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    MoveForm { parent, index, undo, was_path }
    View { id, title, path, live, form, errors, moved, pages, offered }
    Moved { sentence, before, when }
}
