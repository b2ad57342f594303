//! A passkey in the place of the password that `confirm_password` asks for. What it has to sign waits in the session.

use super::{admin_context::AdminContext, sessions::fault};
use crate::{
    clock::Timestamp,
    error::{Error, Result, ValidationErrors},
    model::{passkey, relying_party::PasskeyAnswer},
};

/// Key of what the answer is checked with, among a session's values.
const STATE: &str = "confirm_passkey";
/// How long an answer may take, in milliseconds.
const LASTS: i64 = 10 * 60 * 1000;

/// What the script asks the browser for, as JSON; empty for a user without passkeys.
pub(super) async fn ask(admin: &AdminContext) -> Result<String> {
    let Ok(party) = &admin.app.relying_party else { return Ok(String::new()) };
    if passkey::list(admin.app.read(), admin.user.id).await?.is_empty() {
        return Ok(String::new());
    }
    let question = party.ask()?;
    admin.session.insert(STATE, (question.state, admin.app.steady().0)).await.map_err(fault)?;
    Ok(question.options)
}

/// Whether an answer proves that the user has one of their passkeys, and unlocked it. Tries are limited as those with the
/// password are.
/// `Validation` on no field when it does not; `TooMany`.
pub(super) async fn check(admin: &AdminContext, answer: &str) -> Result<()> {
    let app = &admin.app;
    let counted = app.login_attempts.by_signed_in_user(admin.user.id, app.steady())?;
    if !is_right(admin, answer).await? {
        let refusal = "This is not a passkey of yours, or it took too long. Try again, or enter your password";
        return Err(ValidationErrors::one("", refusal).into());
    }
    app.login_attempts.refund(counted);
    Ok(())
}

async fn is_right(admin: &AdminContext, answer: &str) -> Result<bool> {
    let app = &admin.app;
    let party = app.relying_party.as_ref().map_err(|_| Error::NotFound)?;
    // An answer counts once.
    let state = admin.session.remove::<(String, i64)>(STATE).await.map_err(fault)?;
    let state = state.filter(|(_, at)| Timestamp(*at).plus(LASTS) > app.steady()).map(|(state, _)| state);
    let (Some(state), Some(answer)) = (state, PasskeyAnswer::parse(answer)) else { return Ok(false) };
    let Some(stored) = passkey::find(app.read(), &answer.credential_id()).await? else { return Ok(false) };
    if stored.user_id != admin.user.id {
        return Ok(false);
    }
    let Some(proof) = party.check(&answer, &state, &stored.passkey()?, admin.user.id)? else { return Ok(false) };
    passkey::use_now(&app.db, &stored, &proof, app.now()).await
}
