//! One attempt to sign in: whether it may be made, and whether the password is right.

use crate::{
    admin::shared::{auth_context::AuthContext, known_device},
    error::{Error, Result},
    model::{
        actor::Actor,
        password::Priority,
        sign_in::{self, Candidate},
        user::{self, User},
        write::Write,
    },
    state::app_state::App,
};

/// The outcome of an attempt to sign in.
pub(super) enum Attempt {
    Admitted(User),
    /// The password was wrong, or the account may not sign in; its id, if there is one.
    Refused(Option<i64>),
    /// The password was not checked; the seconds to wait, and the id of the account.
    LockedOut(u64, Option<i64>),
}

/// Checks the password; counts and logs it when it is wrong. Known and unknown accounts take the same path, so that
/// neither the answer nor its time shows which it is.
pub(super) async fn check(auth: &AuthContext, email: &str, password: &str) -> Result<Attempt> {
    let AuthContext { app, client, headers, .. } = auth;
    let email = user::fold_email(email);
    let candidate = sign_in::find(app.read(), &email).await?;
    let device = candidate.as_ref().and_then(|candidate| known_device::recognise(app, headers, &candidate.user));
    let priority = if device.is_some() { Priority::Known } else { Priority::Stranger(client.group()) };
    let counted = match device {
        Some(device_id) => app.login_attempts.by_known_device(&device_id, app.steady()),
        None => app.login_attempts.by_unknown_device(&email, candidate.as_ref(), *client, app.steady()),
    };
    let user = candidate.as_ref().map(|candidate| candidate.user.id);
    let counted = match counted {
        Err(Error::TooMany(seconds)) => return Ok(Attempt::LockedOut(seconds, user)),
        counted => counted?,
    };
    match sign_in::verify_password(&app.hasher, candidate.as_ref(), password, priority).await {
        Ok(true) => app.login_attempts.refund(counted),
        Ok(false) => return log_failure(app, candidate.as_ref()).await,
        Err(error) => {
            // The password was not checked.
            app.login_attempts.refund(counted);
            return Err(error);
        }
    }
    let Some(Candidate { user, .. }) = candidate else { return Ok(Attempt::Refused(None)) };
    let is_admitted = app.change(user.actor(), async |write| sign_in::admit(write, &user).await).await?;
    Ok(if is_admitted { Attempt::Admitted(user) } else { Attempt::Refused(Some(user.id)) })
}

/// A failure for an account that does not exist is in the security log only, or strangers would fill the audit log. The
/// storage is written to all the same, so that the time of the answer does not tell whether there is an account.
async fn log_failure(app: &App, candidate: Option<&Candidate>) -> Result<Attempt> {
    let Some(Candidate { user, .. }) = candidate else {
        app.check_writing().await?;
        return Ok(Attempt::Refused(None));
    };
    let log = async |write: &mut Write| {
        sign_in::log_failure(write, user);
        Ok(())
    };
    app.change(Actor::visitor(), log).await?;
    Ok(Attempt::Refused(Some(user.id)))
}
