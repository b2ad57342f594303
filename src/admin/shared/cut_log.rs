//! Cuts the log of the database after something was deleted for good.

use super::admin_context::AdminContext;

/// What was deleted stays readable in the log beside the database until that is cut. If someone is reading just now,
/// the background work cuts it within a minute.
pub(crate) async fn cut_log(admin: &AdminContext) {
    if let Err(error) = admin.app.db.checkpoint().await {
        tracing::error!(%error, "the log with something deleted could not be cut and is tried again in a minute");
    }
}
