//! Moving a page below another one, or to another place. If the page was moved after the form was shown, the form is shown again, with both
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
            position::PositionForm,
            routes::Routes,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        arrange::Position,
        audit_log,
        page::{
            moving, order,
            path::HOME,
            tree::{self, PageNode},
        },
        policy::Action,
        undo::{noted, step::Step},
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
    /// Which it is to be among the pages there, 1 for the first; empty for the end.
    number: String,
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
        let from = order::place_of(write, &before).await?;
        let now = move_to(write, &before, &form).await?;
        let to = order::place_of(write, &now).await?;
        let undo = noted::note(write, &[Step::Order { id, from, to }]).await?;
        Ok(FormOutcome::Saved((now, before.path, undo)))
    });
    match moved.await {
        Ok(FormOutcome::Saved((node, before, undo))) => {
            let edit = PagePath { id }.to_string();
            let leads = if node.live && before != node.path { " Its old path leads there." } else { "" };
            let sentence = format!("{}{leads}", PositionForm::describe(&node.title, &before, &node.path));
            admin.done_with(&edit, sentence, FlashAction::undo(undo, &edit)).await
        }
        Ok(FormOutcome::Again(now)) => {
            let moved = Moved::find(&admin, id, &form.was_path, &now.path).await?;
            draw(&admin, id, form, FormErrors::default(), Some(moved)).await
        }
        Err(error) => draw(&admin, id, form, error.validation_errors()?.into(), None).await,
    }
}

async fn move_to(write: &Write, page: &PageNode, form: &MoveForm) -> Result<PageNode> {
    let number = number_typed(&form.number)?;
    let parent = tree::typed_parent(write, &form.parent).await?;
    let is_there = page.path != HOME && parent.as_ref().map(|above| above.id) == page.parent_id;
    if !is_there {
        moving::move_to(write, page, parent.as_ref()).await?;
    }
    let moved = tree::node(write, page.id).await?;
    let spot = number.map(|number| Position::Index(number.saturating_sub(1)));
    let has_place = match spot {
        Some(spot) => order::reorder(write, &moved, spot).await?,
        None => false,
    };
    if is_there && !has_place {
        return Err(ValidationErrors::one("parent", "The page is there already; choose another place").into());
    }
    Ok(moved)
}

/// Which it is to be, 1 for the first; none for the last.
/// `Validation` on `number`.
fn number_typed(typed: &str) -> Result<Option<usize>> {
    let typed = typed.trim();
    let number = typed.parse::<usize>().ok().filter(|number| *number > 0);
    if number.is_none() && !typed.is_empty() {
        return Err(ValidationErrors::one("number", "Enter a number, 1 for the first place").into());
    }
    Ok(number)
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/pages/move.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    MoveForm { parent, number, was_path }
    View { id, title, path, live, form, errors, moved, pages, offered }
    Moved { sentence, before, when }
}
