//! One attempt to sign in: whether it may be made, and whether the password is right.

use crate::{
    admin::shared::{auth_context::AuthContext, known_device},
    crypto,
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
    /// The password was right, and a second factor is asked for too.
    Proved(User),
    /// The password was wrong, or the account may not sign in.
    Refused {
        /// The account's id, if there is one.
        user: Option<i64>,
        /// Whether a second factor is asked for all the same, so that the answer does not tell.
        asks: bool,
    },
    /// The password was not checked; the seconds to wait, and the id of the account.
    LockedOut(u64, Option<i64>),
}

/// Checks the password; counts and logs it when it is wrong. Known and unknown accounts take the same path, so that
/// neither the answer nor its time shows which it is.
pub(super) async fn check(auth: &AuthContext, email: &str, password: &str) -> Result<Attempt> {
    let AuthContext { app, client, headers, .. } = auth;
    let email = user::fold_email(email);
    let candidate = sign_in::find(app.read(), &email).await?;
    let device = match &candidate {
        Some(candidate) => known_device::recognise(app, headers, &candidate.user).await?,
        None => None,
    };
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
        Ok(false) => {
            log_failure(app, candidate.as_ref()).await?;
            let asks = priority != Priority::Known && asks_anyway(app, candidate.as_ref(), &email).await?;
            return Ok(Attempt::Refused { user, asks });
        }
        Err(error) => {
            // The password was not checked.
            app.login_attempts.refund(counted);
            return Err(error);
        }
    }
    if let Some(candidate) = &candidate {
        sign_in::strengthen(&app.db, &app.hasher, candidate, password).await?;
    }
    let Some(Candidate { user, .. }) = candidate else { return Ok(Attempt::Refused { user, asks: false }) };
    if user.has_second_factor {
        // As long as a failure takes to be recorded.
        app.check_writing().await?;
        return Ok(Attempt::Proved(user));
    }
    let is_admitted = app.change(user.actor(), async |write| sign_in::admit(write, &user).await).await?;
    Ok(if is_admitted { Attempt::Admitted(user) } else { Attempt::Refused { user: Some(user.id), asks: false } })
}

/// A failure for an account that does not exist is in the security log only, or strangers would fill the audit log. The
/// storage is written to all the same, so that the time of the answer does not tell whether there is an account.
async fn log_failure(app: &App, candidate: Option<&Candidate>) -> Result<()> {
    let Some(Candidate { user, .. }) = candidate else { return app.check_writing().await };
    let log = async |write: &mut Write| {
        sign_in::log_failure(write, user);
        Ok(())
    };
    app.change(Actor::visitor(), log).await
}

/// Whether those who give a wrong password are asked for a second factor: for an account that has one, and for as large a
/// part of the addresses without an account, always the same ones. So neither the answer to a wrong password nor the one
/// to a right password tells anything.
async fn asks_anyway(app: &App, candidate: Option<&Candidate>, email: &str) -> Result<bool> {
    let counts = sign_in::count_factors(app.read()).await?;
    if let Some(candidate) = candidate {
        return Ok(candidate.user.has_second_factor);
    }
    let [first, second, ..] = crypto::derive(&app.signing_key, &format!("asks for a code {email}"));
    let place = i64::from(u16::from_be_bytes([first, second]));
    Ok(place * counts.users < counts.with_factor << 16)
}
