//! Where `/media/name.jpg` leads, which texts name: to the file as it is now. For visitors only while a page shows it or links to it,
//! so that nothing becomes public by its name; for editors always.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

use crate::{
    admin::shared::{permission, routes::Routes},
    error::{Error, Result},
    model::{
        media::{item, usage},
        policy::Action,
    },
    render::site_paths::MediaPath,
    state::app_state::App,
    text::media_path::{self, PREFIX},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Read, show)
}

async fn show(
    MediaPath { name }: MediaPath,
    State(app): State<App>,
    session: Option<Extension<Session>>,
) -> Result<Response> {
    let path = format!("{PREFIX}{name}");
    let Some(item) = item::at(app.read(), &path).await? else {
        return Err(if item::is_deleted(app.read(), &path).await? { Error::Gone } else { Error::NotFound });
    };
    if !usage::is_live(app.read(), &path).await? && !is_editor(&app, session).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::temporary(&media_path::of_content(&path, &item.hash)).into_response())
}

async fn is_editor(app: &App, session: Option<Extension<Session>>) -> Result<bool> {
    let session = session.map(|Extension(session)| session);
    let user = permission::signed_in(app, session.as_ref()).await?;
    Ok(user.is_some_and(|user| (app.policy)(user.role, Action::Edit)))
}
