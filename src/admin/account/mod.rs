//! The own account of a user: the name that others see, the password, the second factors, the passkeys, the sessions, the known
//! devices, which e-mails they get.

pub(crate) mod address;
mod change_password;
pub(crate) mod code_app;
mod devices;
pub(crate) mod edit;
pub(crate) mod mail;
mod own_device;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod second_factor;
mod sessions;
pub(crate) mod unsubscribe;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [
        edit::routes,
        address::routes,
        change_password::routes,
        code_app::routes,
        mail::routes,
        devices::routes,
        password::routes,
        passkeys::routes,
        recovery_codes::routes,
        second_factor::routes,
        sessions::routes,
        unsubscribe::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
