//! The one extractor of the admin area's handlers: the state, the signed-in user, their session, and the screen to draw.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;
use tower_sessions::Session;

use super::{
    flash::{self, Flash, FlashAction},
    known_device::Sender,
    main_menu::main_menu,
    saved_views::SavedViews,
    sessions,
};
use crate::{
    admin::paths::{DashboardPath, MessagesPath},
    clock::Timestamp,
    error::{Error, Result},
    model::{
        document::types,
        policy::Action,
        settings::Settings,
        user::{self, User},
        write::Write,
    },
    render::error_page,
    state::app_state::App,
    text::isolate,
    web::{client::Client, path::is_at_or_below},
    work,
};

/// The signed-in user with everything that a handler needs.
pub(crate) struct AdminContext {
    pub(crate) app: App,
    pub(crate) user: User,
    pub(crate) session: Session,
    /// The settings of the site at the time of the request.
    pub(crate) settings: Settings,
    /// Boxed, as every future of a handler holds it.
    pub(crate) sender: Box<Sender>,
    path: String,
    query: String,
}

impl FromRequestParts<App> for AdminContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let user = User::from_request_parts(parts, app).await?;
        let session = parts.extensions.get::<Session>().cloned().ok_or(Error::Forbidden)?;
        let client = Client::from_request_parts(parts, app).await?;
        let settings = Settings::load(app.read()).await?;
        types::refresh(&app.rules.fields, app.read()).await?;
        let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
        let sender = Box::new(Sender { client, headers: parts.headers.clone() });
        Ok(Self { app: app.clone(), user, session, settings, sender, path, query })
    }
}

#[derive(Serialize)]
struct Screen<'a, V> {
    admin: BaseView<'a>,
    #[serde(flatten)]
    view: &'a V,
}

#[derive(Serialize)]
struct BaseView<'a> {
    site_name: &'a str,
    page_title: String,
    /// Whether what was asked for was not done, so that the title says so first.
    is_error: bool,
    user: UserView<'a>,
    /// Whether the user may change what visitors see.
    may_publish: bool,
    nav: Vec<NavItem>,
    flash: Option<Flash>,
    /// Filters of this list that the user has saved; none on other screens.
    views: Option<SavedViews>,
    /// Seconds until the session ends if it is not used any more.
    session_ends_in: i64,
    home_url: &'static str,
}

#[derive(Serialize)]
struct UserView<'a> {
    id: i64,
    email: &'a str,
    name: &'a str,
    role: &'static str,
}

#[derive(Serialize)]
struct NavItem {
    label: &'static str,
    path: &'static str,
    current: bool,
    badge: String,
}

impl AdminContext {
    /// Draws a screen: the template with the fields of `view`, and what surrounds it. Shows the flash and removes it.
    pub(crate) async fn screen(&self, template: &str, title: &str, view: &impl Serialize) -> Result<Response> {
        self.screen_as(StatusCode::OK, template, title, view).await
    }

    /// The same with another status: 422 for a form with faults, 409 for a conflict.
    pub(crate) async fn screen_as(
        &self,
        status: StatusCode,
        template: &str,
        title: &str,
        view: &impl Serialize,
    ) -> Result<Response> {
        let is_error = error_page::is_refusal(status);
        let flash = if status.is_success() {
            flash::take(&self.session).await?
        } else {
            flash::take_warning(&self.session).await?
        };
        let flash = flash.map(|flash| flash.within(|action| self.may(action)));
        let screen = Screen { admin: BaseView { is_error, flash, ..self.base_view(title).await? }, view };
        let page = work::run_blocking(|| self.app.templates.render(template, &screen))?;
        Ok((status, page).into_response())
    }

    async fn base_view(&self, page_title: &str) -> Result<BaseView<'_>> {
        let unread = crate::model::message::inbox::unread(self.app.read()).await?;
        let nav = main_menu()
            .filter(|(.., action)| self.may(*action))
            .map(|(label, path, _)| NavItem {
                label,
                path,
                current: self.path == path || path != DashboardPath::PATH && is_at_or_below(&self.path, path),
                badge: if path == MessagesPath::PATH && unread > 0 { unread.to_string() } else { String::new() },
            })
            .collect();
        Ok(BaseView {
            site_name: &self.settings.site_name,
            page_title: isolate::quotations(page_title),
            is_error: false,
            user: UserView {
                id: self.user.id,
                email: &self.user.email,
                name: &self.user.name,
                role: self.user.role.as_str(),
            },
            may_publish: self.may(Action::Publish),
            nav,
            flash: None,
            views: SavedViews::at(&self.app, self.user.id, &self.path, &self.query).await?,
            session_ends_in: (sessions::end_time(&self.session).await?.0 - self.app.steady().0) / 1000,
            home_url: "/",
        })
    }

    #[must_use]
    pub(crate) fn may(&self, action: Action) -> bool {
        (self.app.policy)(self.user.role, action)
    }

    /// For a right that depends on the content of a form; all others are checked before the handler runs.
    /// `Forbidden` without the right.
    pub(crate) fn require(&self, action: Action) -> Result<()> {
        if self.may(action) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Makes a change in this user's name, as [`AppState::change`](crate::state::app_state::AppState::change) does.
    /// Errors: those of `change`; `AccountChanged`; when the database fails.
    pub(crate) async fn change<T>(&self, change: impl AsyncFnOnce(&Write) -> Result<T>) -> Result<T> {
        let as_current = async |write: &mut Write| {
            if !user::is_current(write, &self.user).await? {
                return Err(Error::AccountChanged);
            }
            change(write).await
        };
        self.app.change(self.user.actor(), as_current).await
    }

    /// After a change: says what was done on the next screen, and goes there (303).
    pub(crate) async fn done(&self, to: &str, sentence: impl Into<String>) -> Result<Response> {
        flash::success(&self.session, sentence).await?;
        Ok(Redirect::to(to).into_response())
    }

    /// The same with a button, to undo what was done or to go on from it.
    pub(crate) async fn done_with(
        &self,
        to: &str,
        sentence: impl Into<String>,
        action: impl Into<Option<FlashAction>>,
    ) -> Result<Response> {
        flash::success_with(&self.session, sentence, action.into()).await?;
        Ok(Redirect::to(to).into_response())
    }

    /// The same when part of it needs attention.
    pub(crate) async fn done_but(&self, to: &str, sentence: impl Into<String>) -> Result<Response> {
        flash::warning(&self.session, sentence).await?;
        Ok(Redirect::to(to).into_response())
    }

    /// The same when nothing was changed, with the reason.
    pub(crate) async fn not_done(&self, to: &str, sentence: impl Into<String>) -> Result<Response> {
        flash::warning(&self.session, sentence).await?;
        Ok(Redirect::to(to).into_response())
    }

    /// The same when `error` is a rule that forbids the change.
    /// Errors: any other error, as it is.
    pub(crate) async fn refuse(&self, to: &str, error: Error) -> Result<Response> {
        let sentence = match error {
            Error::Conflict(sentence) => sentence,
            other => format!("{}.", other.validation_errors()?.sentence()),
        };
        self.not_done(to, sentence).await
    }

    /// The same with a button for what can be done instead.
    pub(crate) async fn not_done_with(
        &self,
        to: &str,
        sentence: impl Into<String>,
        action: impl Into<Option<FlashAction>>,
    ) -> Result<Response> {
        flash::warning_with(&self.session, sentence, action.into()).await?;
        Ok(Redirect::to(to).into_response())
    }

    /// Says on the next screen what was not done, and why.
    pub(crate) async fn warn(&self, sentence: impl Into<String>) -> Result<()> {
        flash::warning(&self.session, sentence).await
    }

    #[must_use]
    pub(crate) fn zone(&self) -> TimeZone {
        self.settings.zone()
    }

    /// The day by the time zone of the site.
    #[must_use]
    pub(crate) fn today(&self) -> Date {
        self.app.now().date(&self.zone())
    }

    /// A time as the admin area shows it.
    #[must_use]
    pub(crate) fn when(&self, time: Timestamp) -> When {
        When::of(time, self.app.now(), &self.zone())
    }
}

/// A time for the macros `when` and `short` of `templates/macros/list.html`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct When {
    pub(crate) iso: String,
    pub(crate) long: String,
    pub(crate) relative: String,
    short: String,
}

impl When {
    #[must_use]
    pub(crate) fn of(time: Timestamp, now: Timestamp, zone: &TimeZone) -> Self {
        Self { iso: time.iso(), long: time.long(zone), relative: time.relative(now), short: time.short(now, zone) }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    BaseView<'static> { site_name, page_title, is_error, user, may_publish, nav, flash, views, session_ends_in, home_url }
    UserView<'static> { id, email, name, role }
    NavItem { label, path, current, badge }
    When { iso, long, relative, short }
}

#[cfg(test)]
pub(crate) fn sample_screen<V: crate::state::template_samples::Sample + Serialize>(
    random: &mut crate::state::template_samples::Random,
) -> serde_json::Value {
    let admin = crate::state::template_samples::Sample::sample(random);
    serde_json::to_value(Screen { admin, view: &V::sample(random) }).unwrap()
}
