//! Types of documents: their list, their settings, their fields. What is changed here counts at once, in forms and on pages.

mod asked;
mod change;
pub(crate) mod effects;
pub(crate) mod field_form;
mod field_input;
pub(crate) mod form;
pub(crate) mod index;
mod made_key;
mod part_lines;
mod press;
pub(crate) mod show;
mod words;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, form::routes, show::routes, press::routes, field_form::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
