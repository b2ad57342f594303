//! Signing in with a password and, if the account has one, a second factor; or with a passkey alone; or at the company's provider. One-time links sign users
//! in without a password, through `shared::log_in`.

mod attempt;
pub(crate) mod code;
pub(crate) mod company;
mod create;
pub(crate) mod forgotten;
mod new;
mod passkey;
pub(crate) mod screen;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [code::routes, company::routes, create::routes, forgotten::routes, new::routes, passkey::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
