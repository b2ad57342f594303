//! One-time links: the first administrator, invited users, new passwords. Looking at a link does not use it up, so
//! that programs which fetch links from mail do no harm.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::{
    admin::{
        paths::{DashboardPath, InvitationPath, SetupPath, SignInPath},
        shared::{auth_context::AuthContext, auth_screen, log_in::log_in, permission, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        actor::{Actor, Role},
        invitation::{self, InvitationLink, Purpose},
        password::Hashed,
        password_rules,
        policy::Action,
        roles,
        settings::Settings,
        user::{self, User, UserInput},
        write::Write,
    },
    state::app_state::App,
    text::email,
    web::{
        form::Form,
        form_errors::FormErrors,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::SignIn, new_administrator)
        .post(Action::SignIn, create_administrator)
        .get(Action::SignIn, show)
        .post(Action::SignIn, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AcceptForm {
    name: String,
    email: String,
    password: String,
}

#[derive(Serialize)]
struct View {
    name: String,
    email: String,
    errors: FormErrors,
    password_min: usize,
    /// Whether this is about a new password of someone who has accepted.
    renewal: bool,
    expires: String,
}

async fn view(app: &App, link: &InvitationLink, name: &str, email: &str) -> Result<View> {
    let zone = Settings::load(app.read()).await?.zone();
    Ok(View {
        name: name.to_owned(),
        email: email.to_owned(),
        errors: FormErrors::default(),
        password_min: password_rules::MIN,
        renewal: link.purpose == Purpose::Password,
        expires: link.expires_at.long(&zone),
    })
}

const SETUP: (&str, &str) = ("admin/users/setup.html", "Make the first administrator");

pub(crate) async fn new_administrator(
    SetupPath { token }: SetupPath,
    State(app): State<App>,
    session: Session,
) -> Result<Response> {
    match invitation::find_first(app.read(), &token, app.now()).await {
        Ok(link) => {
            auth_screen::screen(&app, StatusCode::OK, SETUP.0, SETUP.1, &view(&app, &link, "", "").await?).await
        }
        Err(error) => dead(&app, &session, error).await,
    }
}

pub(crate) async fn create_administrator(
    SetupPath { token }: SetupPath,
    auth: AuthContext,
    Form(typed): Form<AcceptForm>,
) -> Result<Response> {
    let AuthContext { app, session, .. } = &auth;
    let link = match invitation::find_first(app.read(), &token, app.now()).await {
        Ok(link) => link,
        Err(error) => return dead(app, session, error).await,
    };
    match make_first(app, &token, &typed).await {
        Ok(user) => {
            let response = log_in(&auth, &user, DashboardPath::PATH).await?;
            Ok(security_log::attach(response, EventKind::LinkUsed, Some(user.id)))
        }
        Err(Error::Validation(invalid)) => {
            let view = View { errors: invalid.into(), ..view(app, &link, &typed.name, &typed.email).await? };
            auth_screen::screen(app, view.errors.status(), SETUP.0, SETUP.1, &view).await
        }
        Err(error) => dead(app, session, error).await,
    }
}

async fn make_first(app: &App, token: &str, typed: &AcceptForm) -> Result<User> {
    let input = UserInput::parse(&typed.email, &typed.name, Role::Administrator.as_str());
    let password = new_password(app, &typed.password, &[&typed.name, &typed.email]).await?;
    let (input, password) = both(input, password)?;
    let accept = async |write: &mut Write| invitation::accept_first(write, token, &input, &password).await;
    app.change(Actor::system("first run"), accept).await
}

const fn title(link: &InvitationLink) -> &'static str {
    if matches!(link.purpose, Purpose::Password) { "Choose a new password" } else { "Accept your invitation" }
}

const INVITATION: &str = "admin/users/invitation.html";

pub(crate) async fn show(
    InvitationPath { token }: InvitationPath,
    State(app): State<App>,
    session: Session,
) -> Result<Response> {
    match invitation::find_for_user(app.read(), &token, app.now()).await {
        Ok((link, user)) => {
            let view = view(&app, &link, &user.name, &email::display(&user.email)).await?;
            auth_screen::screen(&app, StatusCode::OK, INVITATION, title(&link), &view).await
        }
        Err(error) => dead(&app, &session, error).await,
    }
}

pub(crate) async fn update(
    InvitationPath { token }: InvitationPath,
    auth: AuthContext,
    Form(typed): Form<AcceptForm>,
) -> Result<Response> {
    let AuthContext { app, session, .. } = &auth;
    let (link, user) = match invitation::find_for_user(app.read(), &token, app.now()).await {
        Ok(found) => found,
        Err(error) => return dead(app, session, error).await,
    };
    match join(app, &token, &user, &typed).await {
        Ok(user) => {
            let response = if app.has_only_company_sign_in() {
                Redirect::to(SignInPath::PATH).into_response()
            } else {
                log_in(&auth, &user, DashboardPath::PATH).await?
            };
            Ok(security_log::attach(response, EventKind::LinkUsed, Some(user.id)))
        }
        Err(Error::Validation(invalid)) => {
            let view =
                View { errors: invalid.into(), ..view(app, &link, &typed.name, &email::display(&user.email)).await? };
            auth_screen::screen(app, view.errors.status(), INVITATION, title(&link), &view).await
        }
        Err(error) => dead(app, session, error).await,
    }
}

async fn join(app: &App, token: &str, user: &User, typed: &AcceptForm) -> Result<User> {
    // A user who only chooses a new password is not asked for a name.
    let typed_name = if user.has_accepted { &user.name } else { &typed.name };
    let name = user::parse_name(typed_name).map_err(|sentence| ValidationErrors::one("name", sentence));
    let password = new_password(app, &typed.password, &[typed_name, &user.name, &user.email]).await?;
    let (name, password) = both(name, password)?;
    let signs_in = !app.has_only_company_sign_in();
    app.change(user.actor(), async |write| invitation::accept(write, token, &name, &password, signs_in).await).await
}

/// The hash of a new password, or what is wrong with it.
async fn new_password(app: &App, typed: &str, about: &[&str]) -> Result<Result<Hashed, ValidationErrors>> {
    let settings = Settings::load(app.read()).await?;
    match app.hasher.hash_new(typed, &[&[settings.site_name.as_str()], about].concat()).await {
        Ok(hashed) => Ok(Ok(hashed)),
        Err(error) => Ok(Err(error.validation_errors()?)),
    }
}

/// Both values, or the faults of both.
fn both<A, B>(
    first: Result<A, ValidationErrors>,
    second: Result<B, ValidationErrors>,
) -> Result<(A, B), ValidationErrors> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => {
            let mut invalid = first.err().unwrap_or_default();
            invalid.list.extend(second.err().unwrap_or_default().list);
            Err(invalid)
        }
    }
}

#[derive(Serialize)]
struct DeadView {
    /// Whether there is an administrator to ask.
    administrator: bool,
    /// The name of the user who is signed in; empty when nobody is.
    signed_in: String,
}

/// The page for a link that does not work. Whether it was used, has expired, was replaced or never existed is not
/// shown.
async fn dead(app: &App, session: &Session, error: Error) -> Result<Response> {
    if !matches!(error, Error::Gone) {
        return Err(error);
    }
    let user = permission::signed_in(app, Some(session)).await?;
    let view = DeadView {
        administrator: roles::has_administrator(app.read()).await?,
        signed_in: user.map(|user| user.name).unwrap_or_default(),
    };
    auth_screen::screen(app, StatusCode::GONE, "admin/dead_link.html", "This link does not work any more", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/users/setup.html", crate::admin::shared::auth_screen::sample_screen::<View>),
    ("admin/users/invitation.html", crate::admin::shared::auth_screen::sample_screen::<View>),
    ("admin/dead_link.html", crate::admin::shared::auth_screen::sample_screen::<DeadView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { name, email, errors, password_min, renewal, expires }
    DeadView { administrator, signed_in }
}
