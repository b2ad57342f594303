//! Undoing a change, from the notice about it or from the audit log. What a change needs to be undone is known to
//! `model::undo`.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;

use super::{
    documents::flash_actions,
    paths::{DashboardPath, RestoreDocumentPath, UndoPath},
    shared::{admin_context::AdminContext, flash::FlashAction, routes::Routes},
};
use crate::{
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, with_newest},
        policy::Action,
        trash::Undone,
        undo::{
            noted,
            step::{HowUndone, UndoneStep},
        },
    },
    text::count::{number, pluralise},
    web::{form::Form, path::is_at_or_below},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::UseAdmin, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UndoForm {
    /// The screen that shows the outcome.
    to: String,
}

impl UndoForm {
    /// The screen, if it is one of the admin area.
    fn to(&self) -> &str {
        let path = self.to.split(['?', '#']).next().unwrap_or_default();
        let is_ours = is_at_or_below(path, DashboardPath::PATH) && self.to.bytes().all(|byte| byte.is_ascii_graphic());
        if is_ours { &self.to } else { DashboardPath::PATH }
    }
}

async fn update(UndoPath { id }: UndoPath, admin: AdminContext, Form(form): Form<UndoForm>) -> Result<Response> {
    let gone = "Nothing was undone: this was undone before, or is too long ago.";
    let Some(undoable) = noted::find(admin.app.read(), id).await? else {
        return admin.not_done(form.to(), gone).await;
    };
    admin.require(undoable.needs())?;
    let trashed = undoable.trashed();
    let undone = admin.change(async |write| match noted::find(write, id).await? {
        Some(undoable) => undoable.undo(write).await,
        None => Ok(Vec::new()),
    });
    match undone.await {
        Ok(steps) if steps.is_empty() => admin.not_done(form.to(), gone).await,
        Ok(steps) => admin.done(form.to(), in_words(&steps)).await,
        Err(error) => refuse(&admin, form.to(), (error.conflict()?, trashed)).await,
    }
}

/// Says why not; what is in the trash can be restored all the same.
async fn refuse(admin: &AdminContext, to: &str, (reason, trashed): (String, Option<i64>)) -> Result<Response> {
    let sentence = format!("Nothing was undone: {reason}.");
    let found = match trashed {
        Some(id) => Error::optional(with_newest::find(admin.app.read(), id).await)?,
        None => None,
    };
    let Some((document, newest)) = found.filter(|(document, _)| document.trashed_at.is_some()) else {
        return admin.not_done(to, sentence).await;
    };
    let sentence = format!(
        "{sentence} Restoring “{}” brings it back unpublished, at another path if its own is taken.",
        newest.content.title
    );
    let restore = FlashAction::new("Restore", RestoreDocumentPath { id: document.id }.to_string(), Action::Publish);
    admin.not_done_with(to, sentence, restore).await
}

fn in_words(steps: &[UndoneStep]) -> String {
    match steps {
        [UndoneStep { title, how, .. }] => one_in_words(title, *how),
        several => several_in_words(several),
    }
}

fn one_in_words(title: &str, how: HowUndone) -> String {
    match how {
        HowUndone::Placed => format!("“{title}” is back in its old place."),
        HowUndone::Shown(true) => format!("Visitors see “{title}” as they did before."),
        HowUndone::Shown(false) => format!("Visitors do not see “{title}” any more."),
        HowUndone::Restored(Undone { all, live }) => {
            let (are_where, them) =
                if all > 1 { ("are back where they were", "them") } else { ("is back where it was", "it") };
            format!("“{title}”{} {are_where}. {}", flash_actions::with_below(all), seen_again(all, live, them))
        }
        HowUndone::Removed => format!("“{title}” is in the trash."),
        HowUndone::Sorted(status) => format!("Message {title} is {} again.", status.as_str()),
        HowUndone::Listed => format!("The menu is as it was before “{title}” was changed."),
        HowUndone::Redirected => format!("The redirect from “{title}” is back."),
    }
}

/// Of those that came back, how many visitors see.
fn seen_again(all: usize, live: usize, them: &str) -> String {
    match live {
        0 => format!("Visitors do not see {them}."),
        live if live == all => format!("Visitors see {them} again."),
        live => format!("Visitors see {} of {them} again.", number(live)),
    }
}

fn several_in_words(several: &[UndoneStep]) -> String {
    let noun = several.first().and_then(|first| first.kind).map_or("category", DocumentKind::noun);
    let count = |all: usize| pluralise(all, noun, &format!("{noun}s"));
    let all = count(several.len());
    match several.first().map(|first| first.how) {
        Some(HowUndone::Placed) => format!("{all} are back in their old places."),
        Some(HowUndone::Restored(_)) => {
            let (mut all, mut live) = (0, 0);
            for step in several {
                if let HowUndone::Restored(undone) = step.how {
                    all += undone.all;
                    live += undone.live;
                }
            }
            format!("{} are back where they were. {}", count(all), seen_again(all, live, "them"))
        }
        Some(HowUndone::Shown(_)) => format!("Visitors see of {all} what they saw before."),
        Some(HowUndone::Sorted(_)) => format!("{} messages are as they were before.", number(several.len())),
        _ => format!("{all} are in the trash."),
    }
}
