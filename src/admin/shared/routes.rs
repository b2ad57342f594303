//! The table of routes: every handler is registered with the action that its user needs the right for, so none can be
//! reached without it. The test that walks all routes as all roles reads the same table.

use std::convert::Infallible;

use axum::{Router, extract::DefaultBodyLimit, handler::Handler, http::Method, routing::MethodFilter};

use axum_extra::routing::{SecondElementIs, TypedPath};

use super::{
    body_limit::{FILES_UNIT, FORM, LIST_FORM, TEXT_FORM},
    permission,
};
use crate::{model::policy::Action, state::app_state::App};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET` covers `HEAD` too.
    pub method: Method,
    pub path: &'static str,
    pub action: Action,
    /// Whether files or long lists are sent to it, which takes its time.
    pub takes_much: bool,
}

impl Route {
    const fn get(path: &'static str, action: Action) -> Self {
        Self { method: Method::GET, path, action, takes_much: false }
    }

    const fn post(path: &'static str, action: Action) -> Self {
        Self { method: Method::POST, path, action, takes_much: false }
    }
}

pub(crate) struct Routes {
    app: App,
    table: Vec<Route>,
    router: Router<App>,
}

impl Routes {
    #[must_use]
    pub(crate) fn new(app: &App) -> Self {
        Self { app: app.clone(), table: Vec::new(), router: Router::new() }
    }

    #[must_use]
    pub(crate) fn get<H, T, P>(self, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add(Route::get(P::PATH, action), FORM, handler)
    }

    #[must_use]
    pub(crate) fn post<H, T, P>(self, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add(Route::post(P::PATH, action), FORM, handler)
    }

    /// A form that holds a document's text.
    #[must_use]
    pub(crate) fn post_text<H, T, P>(self, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add(Route::post(P::PATH, action), TEXT_FORM, handler)
    }

    /// A form that holds files.
    #[must_use]
    pub(crate) fn post_files<H, T, P>(self, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        let limit = self.app.config.upload_limit * FILES_UNIT;
        self.add(Route { takes_much: true, ..Route::post(P::PATH, action) }, limit, handler)
    }

    /// A form that holds a list of many thousand lines.
    #[must_use]
    pub(crate) fn post_list<H, T, P>(self, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add(Route { takes_much: true, ..Route::post(P::PATH, action) }, LIST_FORM, handler)
    }

    /// A page to read, at a path that comes from a table.
    #[must_use]
    pub(crate) fn get_at<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Route::get(path, action), FORM, handler)
    }

    /// A form to send, at a path that comes from a table.
    #[must_use]
    pub(crate) fn post_at<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Route::post(path, action), FORM, handler)
    }

    /// A form that holds a document’s text, at a path that comes from a table.
    #[must_use]
    pub(crate) fn post_text_at<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Route::post(path, action), TEXT_FORM, handler)
    }

    fn add<H, T>(mut self, route: Route, limit: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let Route { path, action, .. } = route;
        let filter = if route.method == Method::POST { MethodFilter::POST } else { MethodFilter::GET };
        self.table.push(route);
        let rights = axum::middleware::from_fn_with_state((self.app.clone(), action), permission::require_permission);
        let guarded = axum::routing::on::<H, T, App>(filter, handler)
            .layer::<_, Infallible>(rights)
            .layer::<_, Infallible>(DefaultBodyLimit::max(limit));
        self.router = self.router.route(path, guarded);
        self
    }

    pub(crate) fn finish(self) -> (Vec<Route>, Router<App>) {
        (self.table, self.router)
    }
}
