//! Ends the sessions, links and devices of a user. Knows neither who they are nor what they may do.

use super::{mail::outbox, session, write::Write};
use crate::{db::transaction::Transaction, error::Result};

/// Ends everything that a user can sign in with except the password: their sessions, their links, their known devices.
/// Part of every change of password, address, role or activation.
pub(crate) async fn end_credentials(write: &Write, id: i64) -> Result<()> {
    raise_version(write, id).await?;
    session::end_all(write, id).await?;
    withdraw_links(write, id).await
}

/// The same for a user who is deactivated: their sessions are told why.
pub(super) async fn close_credentials(write: &Write, id: i64) -> Result<()> {
    raise_version(write, id).await?;
    session::close_all(write, id).await?;
    withdraw_links(write, id).await
}

async fn raise_version(write: &Write, id: i64) -> Result<()> {
    write.execute("update users set credential_version = credential_version + 1 where id = $1", (id,)).await?;
    Ok(())
}

/// Makes all links of a user stop working, as part of another change.
pub(crate) async fn withdraw_links(write: &Write, user_id: i64) -> Result<()> {
    write.execute("delete from invitation where user_id = $1", (user_id,)).await?;
    forget_address_links(write, user_id).await?;
    outbox::forget_links(write, user_id).await
}

/// Makes all links to new addresses of a user stop working.
pub(super) async fn forget_address_links(tx: &Transaction, user_id: i64) -> Result<()> {
    tx.execute("delete from address_link where user_id = $1", (user_id,)).await?;
    Ok(())
}
