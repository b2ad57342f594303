//! Everything about one e-mail address, for administrators: what is kept, a file of it, and erasing it.

pub(crate) mod found_view;
pub(crate) mod screen;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    screen::routes(routes)
}
