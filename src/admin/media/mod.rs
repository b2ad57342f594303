//! The media library: the list, adding files, one thing with where it is used, replacing and deleting it.

pub(crate) mod address;
mod choices;
pub(crate) mod delete;
mod form_files;
pub(crate) mod index;
mod previous;
pub(crate) mod replace;
pub(crate) mod show;
mod thing_view;
mod tidy;
pub(crate) mod upload;
mod uses;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [
        address::routes,
        choices::routes,
        delete::routes,
        index::routes,
        previous::routes,
        replace::routes,
        show::routes,
        upload::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
